// How an actor comes to run at its place: on this loop, or in a host.

import { decodeError } from "../actor/codec.ts";
import { cancelCode } from "../actor/envelope.ts";
import { codeOf } from "../actor/errors.ts";
import { type Birth, beginActor, loadFactory, type Realm } from "../actor/incarnation.ts";
import type { AnyFactory } from "../actor/types.ts";
import { guarded } from "./control.ts";
import type { Failed, Host, Hosts, RemotePlace } from "./hosts.ts";
import type { Arrival, Slot, Stay } from "./slot.ts";

/** Beyond an actor's own time to stop, milliseconds until its host counts as stuck. */
const stopGraceMs = 250;

/** Starts an actor on the system's own loop. */
export function arriveOnLoop(realm: Realm, birth: Birth, entry: string | AnyFactory, failed: Failed): Arrival {
  const load = () => (typeof entry === "string" ? loadFactory(entry) : entry);
  const beginning = beginActor(realm, birth, load, (error) => end("crash", asError(error)));
  let end: Failed = failed;

  async function settle(): Promise<Stay> {
    const incarnation = await beginning.ready;
    end = (reason, error) => {
      incarnation.end(reason);
      failed(reason, error);
    };
    return {
      isLocal: true,
      deliver(item) {
        if (item.via === 0) return incarnation.cell.push(item);
        incarnation.cell.arrive(item);
        return true;
      },
      cancel: (envelope) => incarnation.cell.cancel(envelope.re ?? 0, cancelCode(envelope)),
      async stop(limitMs) {
        if (limitMs > 0) await incarnation.stop(limitMs);
        incarnation.end("normal");
      },
      kill: () => end("killed", new Error(`The actor "${birth.id}" was killed.`)),
    };
  }

  return { ready: settle(), abandon: beginning.abandon };
}

/** Starts an actor in a thread or process, which is opened if need be. */
export function arriveInHost(
  hosts: Hosts<Slot>,
  place: RemotePlace,
  slot: Slot,
  birth: Birth,
  failed: Failed,
  bootLimitMs: number,
): Arrival {
  const host = hosts.acquire(place, slot, failed);

  async function settle(): Promise<Stay> {
    try {
      const call = host.control.start(birth, slot.spec.entry as string);
      const result = await guarded(call, host.name, host.link.exited, bootLimitMs);
      if (!result.ok) throw decodeError(result.error);
    } catch (error) {
      // A host that ends reports its actors' ends by itself.
      if (codeOf(error) === "ACTOR_GONE") return new Promise<Stay>(() => undefined);
      if (codeOf(error) === "ASK_TIMEOUT") hosts.end(host, "hung");
      else hosts.release(host, slot);
      throw error;
    }
    return stayIn(hosts, host, slot);
  }

  return {
    ready: settle(),
    abandon() {
      // Nobody waits for the outcome; a host that has died meanwhile has none.
      host.control.stop(birth.id, 0).catch(() => undefined);
      hosts.release(host, slot);
    },
  };
}

function stayIn(hosts: Hosts<Slot>, host: Host<Slot>, slot: Slot): Stay {
  return {
    isLocal: false,
    deliver({ envelope }) {
      host.link.post(envelope);
      if (envelope.id !== undefined) host.watch.start();
      return true;
    },
    cancel: (envelope) => host.link.signal(envelope),
    async stop(limitMs) {
      const isAlone = host.residents.size === 1;
      if (limitMs > 0 || !isAlone) await askToStop(hosts, host, slot, limitMs);
      hosts.release(host, slot);
    },
    kill: () => hosts.end(host, "killed"),
  };
}

/** Asks a host to stop an actor. One that does not answer in time is ended, with everyone in it. */
async function askToStop(hosts: Hosts<Slot>, host: Host<Slot>, slot: Slot, limitMs: number): Promise<void> {
  try {
    await guarded(host.control.stop(slot.id, limitMs), host.name, host.link.exited, limitMs + stopGraceMs);
  } catch (error) {
    if (codeOf(error) === "ASK_TIMEOUT") hosts.end(host, "hung");
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
