import { expect } from "chai";
import type { NewEvent, OnCrash } from "../../actors/events.ts";
import { apply, type JournalEvent } from "../../actors/session/fold/fold.ts";
import { callOf, emptyState, type SessionState } from "../../actors/session/state.ts";
import { next } from "../../actors/session/turn/next.ts";
import { onPrepared, onToolSettled } from "../../actors/session/turn/on-calls.ts";
import { onUserInput } from "../../actors/session/turn/on-input.ts";
import { onReply } from "../../actors/session/turn/on-model.ts";
import type { Effect } from "../../actors/session/turn/step.ts";
import { allowed, facts, prepared, reply, wide } from "../support/turn.ts";

const limits = { maxIterations: 300, parallelTools: 8, context: wide, fallbackModel: null, allowUnknownPrice: false };
const classes: OnCrash[] = ["pure", "keyed", "probe", "adopt", "effect"];

/** A model that asks for one call of each class, then for two more, and then is done. */
function scriptedReply(state: SessionState) {
  const results = state.history.filter((message) => message.role === "tool").length;
  if (results === 0) return reply({ calls: classes.map((id) => ({ id, tool: "bash", arguments: {} })) });
  if (results === 5) return reply({ calls: ["x", "y"].map((id) => ({ id, tool: "bash", arguments: {} })) });
  return reply({ text: `done after ${results}` });
}

/** A life of the program: folds a journal, goes on, and is killed after a number of events in all. */
class Life {
  readonly state = emptyState();
  readonly begun = new Set<string>();
  constructor(
    readonly journal: NewEvent[],
    readonly world: string[],
    readonly dieAfter: number,
  ) {
    journal.forEach((event, index) => void this.fold(event, index + 1));
  }

  private fold(event: NewEvent, seq: number): void {
    apply(this.state, { ...event, seq, ts: 0 } as JournalEvent);
  }

  private write(events: readonly NewEvent[]): void {
    for (const event of events) {
      if (this.journal.length >= this.dieAfter) throw new Error("killed");
      this.journal.push(event);
      this.fold(event, this.journal.length);
    }
  }

  private carryOut(effect: Effect): void {
    this.begun.add(effect.key);
    if (effect.kind === "facts") this.write([{ type: "model_facts", data: facts("m") }]);
    else if (effect.kind === "model") {
      this.write([{ type: "llm_started", data: { iteration: 1, model: "m" } }]);
      this.write(onReply(this.state, scriptedReply(this.state)));
    } else if (effect.kind === "prepare") {
      const calls = this.state.turn?.unprepared ?? [];
      const checked = calls.map(({ id }) => prepared(id, { onCrash: classes.find((name) => name === id) ?? "pure" }));
      this.write(onPrepared(this.state, checked, allowed, "ask"));
    } else {
      const happened = this.world.includes(effect.key);
      if (effect.kind === "run") {
        const data = { tool_call_id: effect.key, tool: "bash", state: "running" as const };
        this.write([{ type: "tool_state_change", data }]);
      }
      // An adopted run is the one that is there already.
      if (!happened) this.world.push(effect.key);
      const call = callOf(this.state, effect.key);
      if (call) this.write(onToolSettled(call, { kind: "result", result: { text: effect.key, ok: true } }, 0));
    }
    this.begun.delete(effect.key);
  }

  live(): void {
    this.write([{ type: "process_started", data: { epoch: 1, pid: 1 } }]);
    if (this.journal.length === 1) this.write(onUserInput(this.state, "go", "i1", "input"));
    for (;;) {
      const step = next(this.state, this.begun, limits);
      if ("events" in step) this.write(step.events);
      else if (step.effects.length === 0) return;
      else for (const effect of step.effects) if (!this.begun.has(effect.key)) this.carryOut(effect);
    }
  }
}

/** Lives until the work is done, killed after each of the given event counts. */
function run(kills: number[]) {
  const journal: NewEvent[] = [];
  const world: string[] = [];
  for (const dieAfter of [...kills, Number.POSITIVE_INFINITY]) {
    const life = new Life(journal, world, dieAfter);
    try {
      if (journal.length > 0 && life.state.turn === null && life.state.turns > 0)
        return { journal, world, state: life.state };
      life.live();
      return { journal, world, state: life.state };
    } catch (error) {
      if (!(error instanceof Error) || error.message !== "killed") throw error;
    }
  }
  throw new Error("never done");
}

describe("a session killed after any event", () => {
  const whole = run([]);

  it("ends alike, with one terminal event for each call and no effect twice", () => {
    for (let at = 3; at < whole.journal.length; at++) {
      const { journal, world, state } = run([at]);
      const outputs = journal.flatMap((event) => (event.type === "tool_output" ? [event.data] : []));
      expect(outputs.map(({ tool_call_id }) => tool_call_id).sort(), `killed at ${at}`).to.deep.equal(
        [...classes, "x", "y"].sort(),
      );
      expect(new Set(world).size, `killed at ${at}`).to.equal(world.length);
      expect(journal.at(-1)).to.deep.include({ type: "turn_complete" });
      expect(state.history.map((message) => message.role)).to.deep.equal(
        whole.state.history.map((message) => message.role),
      );
      const unknown = outputs.filter(({ outcome }) => outcome === "unknown").map(({ tool_call_id }) => tool_call_id);
      expect(
        unknown.every((id) => id === "effect"),
        `killed at ${at}`,
      ).to.equal(true);
    }
  });

  it("ends alike when it is killed twice", () => {
    for (let at = 3; at < whole.journal.length; at++) {
      const { world, state } = run([at, at + 3]);
      expect(new Set(world).size).to.equal(world.length);
      expect(state.history).to.have.length(whole.state.history.length);
    }
  });

  it("is rebuilt by the fold to the very same state at every prefix", () => {
    for (let at = 1; at <= whole.journal.length; at++) {
      const [once, again] = [emptyState(), emptyState()];
      whole.journal.slice(0, at).forEach((event, index) => {
        apply(once, { ...event, seq: index + 1, ts: 0 } as JournalEvent);
        apply(again, JSON.parse(JSON.stringify({ ...event, seq: index + 1, ts: 0 })) as JournalEvent);
      });
      expect(again).to.deep.equal(once);
    }
  });
});
