import { expect } from "chai";
import type { SessionEvent } from "../../actors/events.ts";
import { watcherChild } from "../../actors/watcher/child.ts";
import { type Guard, type WatcherProtocol, watchedEvents } from "../../actors/watcher/protocol.ts";
import { type ActorRef, createSystem, type Inspection, type System } from "../../runtime/index.ts";
import type { ListenerProtocol } from "../support/guard-listener.entry.ts";
import { story, type Told, times } from "./story.ts";

const look: Told = { tool: "read", args: { path: "/a" } };
/** Tells from its place in the line that everything before it was looked at: two bad calls always raise one notice. */
const bad = (tool: string): Told[] => [1, 2].map((n) => ({ tool, args: "{", outcome: "invalid", result: `${n}` }));

describe("watcher: in its thread", () => {
  let system: System;
  let watcher: ActorRef<WatcherProtocol>;
  let tap: (observation: Inspection) => void;

  beforeEach(async () => {
    tap = () => undefined;
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url), tap: (seen) => tap(seen) });
    const session = {
      id: "session",
      entry: new URL("./guard-listener.js", import.meta.url).href,
      args: null,
      place: { at: "loop" },
      restart: "permanent",
      shutdown: 100,
      concurrency: 8,
    } as const;
    await system.supervise("root", [session, watcherChild()], {
      strategy: "one_for_one",
      intensity: 3,
      periodMs: 10_000,
      backoff: { minMs: 1, maxMs: 10, jitter: 0, resetAfterMs: 1000 },
    });
    watcher = system.ref<WatcherProtocol>("watcher");
  });
  afterEach(() => system.stop());

  function send(events: readonly SessionEvent[]): void {
    for (const event of events) expect(watcher.tell("event", event)).to.equal(true);
  }

  function heard(count: number): Promise<Guard[]> {
    return system.ref<ListenerProtocol>("session").ask("heard", { count }, { deadlineMs: 5000 });
  }

  /** Makes the watcher fail in mid-work; resolves when that start of it is over. */
  function crash(): Promise<void> {
    return new Promise((resolve) => {
      tap = (seen) => {
        if (seen.kind === "stopped" && seen.actor === "watcher") resolve();
      };
      watcher.tell("event", null as unknown as SessionEvent);
    });
  }

  it("tells the session what it sees, in order, with the turn that it saw it in", async () => {
    const told = story("at_once")
      .turn()
      .replies(...times(9, look));
    send(told.events);
    expect(await heard(3)).to.deep.equal(told.guards);
    expect(told.guards.map(({ kind, turn }) => [kind, turn])).to.deep.equal([
      ["notice", 2],
      ["forbid", 2],
      ["stop", 2],
    ]);
  });

  it("needs no other events than those that its protocol names", async () => {
    const told = story("at_once").replies(...times(3, look));
    told.say(
      { type: "undo_complete", data: { turns: 0, input_id: null } },
      { type: "shutdown", data: { reason: "done" } },
    );
    told.replies(...bad("write"));
    const types = new Set<string>(watchedEvents);
    send(told.events.filter((event) => types.has(event.type)));
    expect(await heard(2)).to.deep.equal(told.guards);
  });

  it("raises nothing for a replay, and passes over events that it has had, and over those that nobody stores", async () => {
    const told = story("at_once").replies(...times(9, look));
    watcher.tell("replay", [...told.events]);
    send(told.events);
    send(Array.from({ length: 9 }, () => ({ type: "ready", seq: 999, ts: 0, session_id: "s", data: ready })));
    const before = told.events.length;
    send(
      told
        .turn()
        .replies(...bad("write"))
        .events.slice(before),
    );
    expect((await heard(1)).map(({ reason, turn }) => [reason, turn])).to.deep.equal([["malformed_calls:1", 2]]);
  });

  it("goes on where it was after a crash, by a replay", async () => {
    const told = story("at_once").replies(...times(4, look));
    send(told.events);
    await heard(1);
    await crash();
    watcher.tell("replay", [...told.events]);
    const before = told.events.length;
    send(told.replies(look, look, ...bad("write")).events.slice(before));
    const guards = await heard(3);
    expect(guards.map((guard) => guard.reason)).to.deep.equal(["doom_loop:1", "doom_loop:2", "malformed_calls:1"]);
    expect(guards).to.deep.equal(told.guards);
  });

  it("says after a replay what it should have said before and nobody heard", async () => {
    const told = story("never").replies(...times(3, look), ...bad("write"));
    expect(told.reasons()).to.deep.equal(["doom_loop:1", "malformed_calls:1"]);
    watcher.tell("replay", [...told.events]);
    const before = told.events.length;
    told.replies({ tool: "write", args: "{{", outcome: "invalid" }, ...bad("edit"));
    send(told.events.slice(before));
    const guards = await heard(2);
    expect(guards.map(({ content }) => /`(\w+)`/.exec(content)?.[1])).to.deep.equal(["write", "edit"]);
  });

  it("goes on without a replay from what it sees", async () => {
    const told = story("at_once").replies(...times(2, look));
    send(told.events);
    await crash();
    const before = told.events.length;
    send(told.replies(look, look, look).events.slice(before));
    expect((await heard(1)).map((guard) => guard.reason)).to.deep.equal(["doom_loop:1"]);
  });
});

const ready = { message: "up", tool_count: 0 };
