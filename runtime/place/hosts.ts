// The threads and processes of a system: opened when an actor needs one, ended when none does, replaced when dead.
import type { Envelope } from "../actor/envelope.ts";
import { createLedger, type Ledger } from "../actor/flow.ts";
import type { ActorId, ExitReason, Place, Tap } from "../actor/types.ts";
import { type HostControl, wrapControl } from "./control.ts";
import { createHangWatch, type HangWatch } from "./hang.ts";
import type { HostExit, HostLink, LinkOptions } from "./link.ts";
import { openProcess } from "./process.ts";
import { openThread } from "./thread.ts";

/** A place with hosts. */
export type RemotePlace = Exclude<Place, { at: "loop" }>;

/** Reports an end that nobody asked for. */
export type Failed = (reason: ExitReason, error: Error) => void;

/** An actor of a host, as far as its host needs to know it. */
export interface Resident {
  readonly id: ActorId;
  readonly hasAsks: boolean;
  hasOverdue(now: number): boolean;
  /** Its host is being ended by force: nothing more may be sent there. */
  onHostEnding(reason: ExitReason): void;
}

/** A thread or process. */
export interface Host<R extends Resident = Resident> {
  /** Place and name: actors with the same key share the host. */
  readonly key: string;
  readonly name: string;
  readonly realm: number;
  readonly link: HostLink;
  readonly control: HostControl;
  /** The credit that is owed to senders in it. */
  readonly ledger: Ledger;
  /** Its actors, and how each hears of the host's end. */
  readonly residents: Map<R, Failed>;
  readonly watch: HangWatch;
  /** False once it is to end: it takes no more actors. */
  isOpen: boolean;
  /** Why it was ended, when it was. */
  fate: ExitReason | null;
  /** Resolves when it has ended, or was given up as a zombie. */
  readonly ended: Promise<void>;
  resolveEnded(): void;
}

export interface HostsOptions<R extends Resident> {
  entry: URL;
  hangLimitMs: number;
  /** Milliseconds that a host gets to end by force before it counts as a zombie. */
  terminateLimitMs: number;
  observe: Tap;
  /** Sent to each host before anything else. */
  greeting(): Envelope;
  receive(host: Host<R>, envelope: Envelope): void;
  onExit(host: Host<R>, reason: ExitReason, error: Error): void;
}

export interface Hosts<R extends Resident> {
  /** The host that a place names, opened if need be. */
  acquire(place: RemotePlace, resident: R, failed: Failed): Host<R>;
  /** An actor has left; the last one ends the host. */
  release(host: Host<R>, resident: R): void;
  /** Ends a host by force. */
  end(host: Host<R>, reason: ExitReason): void;
  byRealm(realm: number): Host<R> | undefined;
  all(): Iterable<Host<R>>;
  /** Resolves when every host that was to end has ended or was given up. */
  settled(): Promise<void>;
  readonly zombies: number;
}

/** Creates the hosts of a system. */
export function createHosts<R extends Resident>(options: HostsOptions<R>): Hosts<R> {
  const hosts = new Map<number, Host<R>>();
  const endings = new Set<Promise<void>>();
  let realms = 0;
  let zombies = 0;

  function openHost(place: RemotePlace, name: string, key: string): Host<R> {
    const realm = ++realms;
    const linkOptions: LinkOptions = {
      entry: options.entry,
      realm,
      heapMb: place.heapMb,
      greeting: options.greeting(),
      receive: (envelope) => {
        if (hosts.has(realm)) options.receive(host, envelope);
      },
      line: (stream, message) => {
        const level = stream === "stdout" ? "info" : "warn";
        options.observe({ kind: "log", actor: name, level, message, fields: { stream } });
      },
    };
    const link = place.at === "thread" ? openThread(linkOptions) : openProcess(linkOptions);
    let resolveEnded: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      resolveEnded = resolve;
    });
    const residents = new Map<R, Failed>();
    const watched = {
      busyShare: link.busyShare,
      hasAsks: () => [...residents.keys()].some((resident) => resident.hasAsks),
      hasOverdue: () => [...residents.keys()].some((resident) => resident.hasOverdue(Date.now())),
      onHang: () => end(host, "hung"),
    };
    const host: Host<R> = {
      key,
      name,
      realm,
      link,
      control: wrapControl(link.control),
      ledger: createLedger(),
      residents,
      watch: createHangWatch(watched, options.hangLimitMs),
      isOpen: true,
      fate: null,
      ended,
      resolveEnded,
    };
    hosts.set(realm, host);
    endings.add(ended);
    void ended.then(() => endings.delete(ended));
    void link.exited.then((exit) => {
      // One that was given up has been replaced already; now it no longer holds up the end of the program.
      if (hosts.has(realm)) close(host, exit);
      else zombies--;
    });
    return host;
  }

  function close(host: Host<R>, exit: HostExit): void {
    hosts.delete(host.realm);
    host.isOpen = false;
    host.watch.stop();
    const reason = host.fate ?? reasonOf(exit);
    options.onExit(host, reason, exit.error ?? new Error(`The host "${host.name}" ended (${reason}, ${exit.code}).`));
    host.resolveEnded();
  }

  function end(host: Host<R>, reason: ExitReason): void {
    if (!hosts.has(host.realm) || host.fate !== null) return;
    host.isOpen = false;
    host.fate = reason;
    host.watch.stop();
    for (const resident of host.residents.keys()) resident.onHostEnding(reason);
    host.link.terminate();
    const timer = setTimeout(() => abandon(host), options.terminateLimitMs);
    void host.link.exited.then(() => clearTimeout(timer));
  }

  /** A host that is stuck in a native call cannot be ended; its actors go on elsewhere. */
  function abandon(host: Host<R>): void {
    zombies++;
    options.observe({ kind: "zombie", host: host.name });
    close(host, { code: null, outOfMemory: false, error: new Error(`The host "${host.name}" cannot be ended.`) });
  }

  return {
    acquire(place, resident, failed) {
      const name = place.host ?? resident.id;
      const key = `${place.at}:${name}`;
      let host = [...hosts.values()].find((one) => one.isOpen && one.key === key);
      host ??= openHost(place, name, key);
      host.residents.set(resident, failed);
      return host;
    },
    release(host, resident) {
      host.residents.delete(resident);
      if (host.residents.size === 0) end(host, "normal");
    },
    end,
    byRealm: (realm) => hosts.get(realm),
    all: () => hosts.values(),
    async settled() {
      await Promise.all(endings);
    },
    get zombies() {
      return zombies;
    },
  };
}

function reasonOf(exit: HostExit): ExitReason {
  if (exit.outOfMemory) return "out_of_memory";
  return exit.code === 0 && exit.error === null ? "normal" : "crash";
}
