// A session as the program runs it (journal, bus, supervision tree, threads), with the tools of loud-tools.entry.ts in
// place of the usual ones. Free of test libraries, so that specs and benchmarks share it.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SessionEvent } from "../../actors/events.ts";
import type { Operation } from "../../actors/operations.ts";
import { announce } from "../../actors/root/announce.ts";
import { toolSpecs } from "../../actors/root/prompt/preamble.ts";
import { openStore } from "../../actors/root/store.ts";
import { growTree } from "../../actors/root/tree.ts";
import type { SessionProtocol } from "../../actors/session/protocol.ts";
import { type BusEvent, createSystem, type Inspection, type System } from "../../runtime/index.ts";
import { effective } from "../../tui/config/layers.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { startOptions } from "../../tui/config/options.ts";

/** A running session. */
export interface LoudSession {
  /** Every event so far, in the order in which it was published. */
  readonly events: readonly SessionEvent[];
  /** Messages that came too late for whoever had asked. */
  readonly lateMessages: number;
  operate(operation: Operation): Promise<void>;
  /** Resolves with the first event that fits, looking at those that were there already too. */
  seen(fits: (event: SessionEvent) => boolean): Promise<SessionEvent>;
  close(): Promise<void>;
}

/** Opens it. `tools` is the URL of the tools' entry as it was bundled; `modelUrl` a server of chat completions. */
export async function openLoudSession(modelUrl: string, tools: URL): Promise<LoudSession> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "loud-")));
  const cwd = join(root, "workspace");
  const dir = join(root, "state", "sessions", "s1");
  mkdirSync(cwd);
  mkdirSync(join(root, "state", "sessions"), { recursive: true });
  const values = { llamacpp_base_url: modelUrl, isolation: "off", approval: "auto" };
  const options = startOptions(effective([shippedConfig(), { source: "here", values }]), {
    cwd,
    stateDir: join(root, "state"),
    session: { kind: "new" },
    model: "llamacpp/m",
    env: { PATH: process.env.PATH },
    createdBy: "loud session",
    mode: "headless",
    home: root,
    policy: { always: [], shipped: [], user: [], project: [] },
  });
  const store = openStore(dir);
  const events: SessionEvent[] = [];
  const watchers = new Set<(event: SessionEvent) => void>();
  store.bus.tap(({ type, seq, ts, data }: BusEvent) => {
    const event = { type, seq, ts, session_id: "s1", data } as SessionEvent;
    events.push(event);
    for (const watcher of watchers) watcher(event);
  });
  announce(store, options);
  let lateMessages = 0;
  const tap = (seen: Inspection) => {
    if (seen.kind === "dead_letter") lateMessages += 1;
  };
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url), tap });
  const loud: System = {
    ...system,
    supervise: (name, specs, supervision) =>
      system.supervise(
        name,
        specs.map((spec) => (spec.id === "tools" ? { ...spec, entry: tools.href } : spec)),
        supervision,
      ),
  };
  const tree = await growTree(loud, store, options, { id: "s1", dir, tools: toolSpecs() });
  const session = system.ref<SessionProtocol>("session");
  return {
    events,
    get lateMessages() {
      return lateMessages;
    },
    async operate(operation) {
      await session.ask("operate", operation, { deadlineMs: 30_000 });
    },
    seen(fits) {
      const known = events.find(fits);
      if (known !== undefined) return Promise.resolve(known);
      return new Promise((resolve) => {
        const watcher = (event: SessionEvent) => {
          if (!fits(event)) return;
          watchers.delete(watcher);
          resolve(event);
        };
        watchers.add(watcher);
      });
    },
    async close() {
      await tree.session.stop();
      await system.stop();
      store.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
}
