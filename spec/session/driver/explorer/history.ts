// One history at random: a session, its user, the actors that it works with and their deaths, and after every step
// what must hold.
import type { JournalEvent } from "../../../../actors/session/fold/fold.ts";
import type { AnyAsk } from "../../../support/asks.ts";
import { driven, settled } from "../../../support/driver.ts";
import { createAnswers } from "./answers.ts";
import { createCaller } from "./caller.ts";
import { judge } from "./calls.ts";
import { chanceFrom } from "./chance.ts";
import { createCharges } from "./charges.ts";
import * as must from "./invariants.ts";
import { mayRun } from "./may-run.ts";
import { answersTo, fallbackModel, guardFor, operation } from "./moves.ts";
import { type BrokenHistory, createTrace } from "./trace.ts";

/** Requests and events that may follow from one step: more is a loop. */
const mostAsks = 60;
const mostEvents = 200;
/** The budget that half of the histories begin with and are never without, in US dollars. */
const budget = 20;
/** What is slow to check is checked once in so many steps. */
const slowly = 25;

const context = {
  ownWindow: null,
  assumedWindow: { other: 3_000 },
  triggerShare: 0.9,
  triggerMost: { other: 1_000_000 },
  overheadChars: 200,
};

/** Lives through one history and returns its journal. Throws a `BrokenHistory` when something does not hold. */
export async function history(seed: number, steps: number): Promise<JournalEvent[]> {
  const chance = chanceFrom(seed);
  const isAlwaysCapped = seed % 2 === 0;
  const limits = { maxIterations: 12, parallelTools: 3, context };
  const session = driven({
    judge,
    limits: { ...limits, fallbackModel: chance.sometimes(0.5) ? fallbackModel : null },
  });
  const trace = createTrace(seed, session);
  const charges = createCharges(chance);
  const answer = createAnswers(chance, charges);
  const caller = createCaller();
  const runs = new Map<string, number>();
  const refused = new Set<string>();
  let broken: BrokenHistory | null = null;
  /** Events that are in the journal whenever the process ends: what they announce has begun. */
  let written = 0;
  /** The revision of the conversation that is being made shorter. */
  let summarised = 0;
  let asksNow = 0;
  let eventsNow = 0;
  let marks = 0;
  const newMark = () => 1_000_000 + ++marks;

  function check(...sentences: must.Broken[]): void {
    const [sentence] = sentences.filter((one) => one !== null);
    if (sentence !== undefined) broken ??= trace.failure(sentence);
  }

  function heard(ask: AnyAsk): void {
    written = session.journal.length;
    asksNow += 1;
    if (asksNow > mostAsks) check("one step does not ask for ever");
    if (ask.driver !== session.drivers) check(`a driver that has let go asks for nothing (${ask.name})`);
    if (ask.name === "tools.run") {
      const { id } = ask.body;
      check(mayRun(session.journal, ask.body, { runs, refused }));
      runs.set(id, (runs.get(id) ?? 0) + 1);
    }
    if (ask.name === "llm.complete") check(caller.hear(ask, session.state.history));
    if (ask.name === "context.compact") {
      check(must.hasNoOpenCalls(ask.body.messages));
      summarised = session.state.revision;
    }
    charges.take(ask, session.state);
  }

  function recorded(event: JournalEvent): void {
    const { type } = event;
    eventsNow += 1;
    // What loops by itself gives nobody else a chance to look.
    if (eventsNow > mostEvents) throw trace.failure("one step does not record for ever");
    if (type === "compacted" && session.state.revision !== summarised + 1) {
      check("a compaction stands in for the conversation that it was made from");
    }
    if (type === "undo_complete" && session.state.turn !== null) check("no turn goes on whose beginning is taken back");
    if (type === "error" && event.data.code === "LLM_HISTORY_NEEDED") {
      check("the model's caller gets the whole conversation when it asks for it");
    }
    const mayCost = type === "llm_started" || type === "tool_state_change";
    if (mayCost && isAlwaysCapped) check(must.keepsBudget(session));
  }

  function die(actor: string): void {
    for (const ask of session.asks.open()) if (ask.name.startsWith(actor)) ask.fail("ACTOR_GONE");
    if (actor === "llm") caller.forget();
  }

  async function restart(kind: "process" | "driver"): Promise<void> {
    check(must.isInTheJournal(session));
    if (kind === "driver") {
      await session.nextDriver();
      if (session.state.halted) await session.operate({ type: "resume" });
      return;
    }
    const unwritten = chance.sometimes(0.7) ? chance.upTo(session.journal.length - written) : 0;
    trace.more(`${unwritten} events are lost`);
    caller.forget();
    // An answer that was lost was never given.
    if (unwritten > 0) refused.clear();
    session.nextProcess(unwritten);
    await session.operate({ type: "resume" });
  }

  async function something(): Promise<void> {
    const kind = chance.weighed([
      [75, "operation"],
      [3, "guard"],
      [10, "process"],
      [4, "driver"],
      [4, "llm"],
      [4, "tools"],
    ] as const);
    const { turn } = session.state;
    if (kind === "operation") {
      const done = operation(chance, session, isAlwaysCapped);
      trace.step(JSON.stringify(done).slice(0, 100));
      return session.operate(done);
    }
    trace.step(kind === "guard" ? "the watcher speaks" : `the ${kind} dies`);
    if (kind === "guard") return turn === null ? undefined : session.guard(guardFor(chance, turn.number));
    if (kind === "process" || kind === "driver") return restart(kind);
    die(kind);
  }

  async function step(): Promise<void> {
    const open = session.asks.open();
    const waiting = session.state.turn?.calls.filter((call) => call.status === "approval") ?? [];
    if (open.length > 0 && chance.sometimes(0.66)) {
      const ask = chance.pick(open);
      trace.step(`answer to ${ask.name} of driver ${ask.driver}`);
      return answer(ask, { charsHeld: session.state.chars, holds: caller.isKnown });
    }
    if (waiting.length === 0 || chance.sometimes(0.5)) return something();
    const answers = answersTo(chance, waiting, newMark);
    trace.step(JSON.stringify(answers));
    for (const { tool_call_id, approved } of answers.approvals) if (!approved) refused.add(tool_call_id);
    await session.operate(answers);
    // Another front may send the same.
    if (chance.sometimes(0.2)) await session.operate(answers);
  }

  session.listen(heard, recorded);
  if (isAlwaysCapped) await session.operate({ type: "set_budget", usd: budget });
  written = session.journal.length;
  for (let count = 0; count < steps; count++) {
    asksNow = 0;
    eventsNow = 0;
    await step();
    await settled();
    if (session.failure !== null) throw session.failure;
    check(must.nothingHangs(session), must.knowsItsSize(session), must.endsCallsOnce(session), must.letsGo(session));
    check(must.booksShow(session, charges.total()));
    if (count % slowly === 0) check(must.isInTheJournal(session), must.endsTurnsOnce(session));
    if (broken !== null) throw broken;
  }
  check(must.isInTheJournal(session), must.endsTurnsOnce(session));
  if (broken !== null) throw broken;
  return session.journal;
}
