import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { isDurable, type SessionEvent } from "../../../actors/events.ts";
import { apply, type JournalEvent } from "../../../actors/session/fold/fold.ts";
import { emptyState, type SessionState } from "../../../actors/session/state.ts";
import { createReplay } from "../../../tui/screen/model/from-state.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import { costOf, lastAnswer, phaseOf, planOf } from "../../../tui/screen/model/select.ts";
import { jobMs, mainJob, seriesOf } from "../../../tui/screen/model/select-jobs.ts";
import { emptyModel, type Model } from "../../../tui/screen/model/state.ts";
import { makeHouse } from "../../support/program.ts";
import { anySession } from "./any-session.ts";
import { blocksOf, expectValid, inputsOf, onRecord } from "./recording.ts";

const outside = {
  sessionId: "s1",
  effort: "off" as const,
  approval: "ask" as const,
  screen: { width: 80, height: 24, focused: null, now: 0 },
};

/** The model of a session that is taken up: the events that were shown again, and the fold of all of them. */
function takenUp(events: readonly SessionEvent[], state: SessionState): Model {
  const replay = createReplay(emptyModel());
  for (const event of events) replay.take(event);
  return replay.end(state, outside);
}

/** What a model and the fold of the same events both know. */
function common(model: Model) {
  const { sync, queue, plan, turns, questions, choice, tokens, money, session, compacting } = model;
  const { model: name, facts, wanted } = choice;
  return {
    seq: sync.seq,
    queue,
    plan,
    turns,
    questions: questions.map((question) => question.tool_call_id),
    choice: { name, facts, wanted },
    tokens: { context: tokens.context, reported: tokens.reported, totals: tokens.totals },
    money,
    compacting,
    session: { name: session.name, cwd: session.cwd, epoch: session.epoch, createdAt: session.createdAt },
    turn: model.turn?.inputId ?? null,
    said: texts(model),
    marks: model.marks.map(({ inputId, text }) => [inputId, text]),
  };
}

function texts(model: Model): string[] {
  return model.blocks.flatMap((block) =>
    block.kind === "user" || (block.kind === "assistant" && block.state === "final") ? block.text : [],
  );
}

function expectSameAsFold(events: readonly SessionEvent[], about: string): void {
  const state: SessionState = emptyState();
  let model = emptyModel();
  for (const [index, event] of events.entries()) {
    apply(state, event as JournalEvent);
    model = reduce(model, [{ kind: "event", event }]);
    const begun = takenUp(events.slice(0, index + 1), state);
    const [seen, folded] = [common(model), common(begun)];
    // A question that was refused has its answer here, and there only with the end of its call.
    const refused = (id: string) =>
      model.blocks.some((block) => block.kind === "call" && block.callId === id && block.status === "rejected");
    folded.questions = folded.questions.filter((id) => !refused(id));
    expectValid({ ...begun, questions: begun.questions.filter(({ tool_call_id: id }) => !refused(id)) });
    expect(seen, `${about}, seq ${event.seq}`).to.deep.equal(folded);
    // The conversation is the very one that was seen live: titles, times, ends, changes, plans.
    expect(onRecord(begun).blocks, `${about}, seq ${event.seq}`).to.deep.equal(onRecord(model).blocks);
  }
}

describe("screen model: the fold of a session", function () {
  this.timeout(30_000);
  it("agrees with the session's own after every event of any session", () => {
    for (let seed = 1; seed <= 40; seed++) {
      expectSameAsFold(
        anySession(seed, 4).filter(({ type }) => isDurable(type)),
        `seed ${seed}`,
      );
    }
  });

  it("goes on from a state as from the events that made it", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const journal = anySession(seed, 4).filter(({ type }) => isDurable(type));
      const state = emptyState();
      const half = Math.floor(journal.length / 2);
      for (const event of journal.slice(0, half)) apply(state, event as JournalEvent);
      const begun = reduce(takenUp(journal.slice(0, half), state), inputsOf(journal.slice(half)));
      const whole = reduce(emptyModel(), inputsOf(journal));
      expectValid(begun);
      expect(common(begun), `seed ${seed}`).to.deep.equal(common(whole));
    }
  });

  it("shows the newest turns alone where told no more, says how many were before, and adds up over all", () => {
    for (let seed = 1; seed <= 40; seed++) {
      const journal = anySession(seed, 6).filter(({ type }) => isDurable(type));
      const state = emptyState();
      for (const event of journal) apply(state, event as JournalEvent);
      const begins = journal.flatMap(({ type }, index) => (type === "processing" ? [index] : []));
      const begun = takenUp(journal.slice(begins.at(-2)), state);
      const whole = reduce(emptyModel(), inputsOf(journal));
      const [a, b] = [common(begun), common(whole)];
      expect({ ...a, said: [], marks: [] }, `seed ${seed}`).to.deep.equal({ ...b, said: [], marks: [] });
      expect(b.said.slice(-a.said.length || b.said.length), `seed ${seed}`).to.deep.equal(a.said);
      const [first] = begun.blocks;
      const users = begun.blocks.filter(({ kind }) => kind === "user").length;
      expect(first?.kind === "note" && first.note, `seed ${seed}`).to.deep.equal({
        about: "earlier",
        turns: state.turns - users,
        sessionId: "s1",
      });
      expect(begun.notifications).to.deep.equal([]);
    }
  });

  it("knows since when a command runs that outlived the program", () => {
    const journal = anySession(1, 4).filter(({ type }) => isDurable(type));
    const runs = ({ type, data }: SessionEvent) =>
      type === "tool_state_change" && "state" in data && data.state === "running";
    const at = journal.findIndex(runs);
    const state = emptyState();
    for (const event of journal.slice(0, at + 1)) apply(state, event as JournalEvent);
    const job = takenUp(journal.slice(0, at + 1), state).jobs[0];
    if (job === undefined) throw new Error("no command runs");
    expect(jobMs(job, (journal[at]?.ts ?? 0) + 43)).to.equal(43);
  });
});

describe("screen model: a recorded session", function () {
  this.timeout(60_000);
  const house = makeHouse();
  after(() => house.remove());
  let live: SessionEvent[] = [];
  let journal: SessionEvent[] = [];

  before(async () => {
    const rows = Array.from(
      { length: 240 },
      (_, row) => `${row % 17},${(row * 7) % 13},${row % 17 > 8 ? "yes" : "no"}`,
    );
    writeFileSync(join(house.workspace, "data.csv"), `a,b,label\n${rows.join("\n")}\n`);
    const flags = ["-m", "offline/tabular", "--approval", "auto", "--output-format", "stream-json"];
    const run = await house.run([...flags, "Train a model on data.csv to predict label"]);
    expect(run.code, run.stderr).to.equal(0);
    const lines = run.stdout.trimEnd().split("\n").slice(0, -1);
    live = lines.map((line) => JSON.parse(line) as SessionEvent);
    journal = house.journal();
  });

  it("shows the experiment: its plan, its calls, its curves, its answer", () => {
    const model = reduce(emptyModel(), inputsOf(live));
    expect(model.sync.gap).to.equal(null);
    expectValid(model);
    expect(phaseOf(model)).to.equal("idle");
    expect(planOf(model).done).to.equal(planOf(model).total);
    expect(blocksOf(model, "call").every(({ status }) => status === "done")).to.equal(true);
    expect(blocksOf(model, "assistant").every(({ state }) => state === "final")).to.equal(true);
    expect(lastAnswer(model)).to.match(/accuracy/i);
    expect(costOf(model).spentUsd).to.equal(0);
    const job = mainJob(model);
    expect(job !== null && seriesOf(job).some(({ count }) => count > 2)).to.equal(true);
  });

  it("reads the same again from its journal, of which every prefix is valid", () => {
    let model = emptyModel();
    for (const event of journal) {
      model = reduce(model, [{ kind: "event", event: { ...event, session_id: live[0]?.session_id ?? "" } }]);
      expectValid(model);
    }
    const upTo = live.at(-1)?.seq ?? 0;
    const seen = reduce(emptyModel(), inputsOf(live));
    const read = reduce(
      emptyModel(),
      inputsOf(journal.filter(({ seq }) => seq <= upTo).map((event) => ({ ...event, session_id: seen.session.id }))),
    );
    // What a job measured makes it worth keeping, and live output has more of that than what is kept of it.
    expect({ ...onRecord(read), jobs: [] }).to.deep.equal({ ...onRecord(seen), jobs: [] });
  });

  it("agrees with the session's own fold", () => {
    expectSameAsFold(
      journal.map((event) => ({ ...event, session_id: "s1" })),
      "recorded",
    );
  });
});
