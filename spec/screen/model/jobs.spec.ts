import { expect } from "chai";
import type { Events } from "../../../actors/events.ts";
import type { Job as SandboxJob } from "../../../actors/sandbox/protocol.ts";
import { addToLog, emptyLog, lineChars, logLines } from "../../../tui/screen/model/log.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import {
  doneShare,
  isStalled,
  mainJob,
  progressOf,
  remainingMs,
  seriesOf,
} from "../../../tui/screen/model/select-jobs.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { randomFrom } from "../../support/random.ts";
import { callOf, event, outputOf, told } from "./recording.ts";

function running(logs: readonly string[], end?: Events["tool_output"]): Model {
  return told((say) => {
    say("session_started", { version: 1, cwd: "/w", model: "m/x", created_by: "spec" });
    say("tool_call", callOf("c1"));
    say("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 });
    for (const log of logs) say("tool_log", { tool: "bash", tool_call_id: "c1", log });
    if (end !== undefined) say("tool_output", end);
  });
}

describe("screen model: jobs", () => {
  it("draws curves from what a running command prints", () => {
    const model = running(["step 1/100 loss 2.5\nstep 2/1", "00 loss 2.0\n", "step 3/100 loss 1.5\n"]);
    const job = mainJob(model);
    expect(job).to.include({ id: "c1", state: "running", title: "Run c1" });
    if (job === null) throw new Error("no job");
    const [loss] = seriesOf(job);
    expect(loss).to.include({ name: "loss", count: 3, last: 1.5, lastStep: 3 });
    expect(progressOf(job)).to.include({ done: 3, total: 100 });
    expect(doneShare(job)).to.equal(0.03);
  });

  it("says how much longer by the pace so far, less the time since it was heard of", () => {
    const job = mainJob(running(["step 10/100 loss 1.5\n"]));
    if (job === null) throw new Error("no job");
    const elapsed = job.heardAt - (job.startedAt ?? 0);
    expect(remainingMs(job, job.heardAt)).to.equal(elapsed * 9);
    expect(remainingMs(job, job.heardAt + 30)).to.equal(elapsed * 9 - 30);
  });

  it("takes a progress bar that is drawn anew for the same line", () => {
    const bar = (done: number) => `${done}%|###   | ${done}/100 [00:0${done}<01:30,  1.00it/s]`;
    const [block] = running([bar(1), bar(2), bar(3)]).blocks;
    expect(block?.kind === "call" && block.progress).to.deep.equal({ lines: [], open: bar(3), dropped: 0 });
  });

  it("notices that a job which measures has gone quiet", () => {
    const job = mainJob(running(["step 1 loss 2\n", "step 2 loss 1\n"]));
    if (job === null) throw new Error("no job");
    expect(isStalled(job, job.heardAt + 9_000)).to.equal(false);
    expect(isStalled(job, job.heardAt + 11_000)).to.equal(true);
  });

  it("forgets a brief command that measured nothing, and keeps one that did", () => {
    expect(running(["hello\n"], outputOf("c1", "hello\nexit code 0")).jobs).to.deep.equal([]);
    expect(running(["loss=0.5 step=1\n"], outputOf("c1", "x")).jobs).to.have.length(1);
    expect(running([], outputOf("c1", "loss=0.5 step=1\nexit code 0")).jobs).to.have.length(1);
  });

  it("follows a command in the background by what is read of it, each byte once", () => {
    const started = { ...outputOf("c1", "Started as job c1."), data: { state: "running", job_id: "c1" } };
    const read = (from: number, next: number, state: string, text: string): Events["tool_output"] => ({
      ...outputOf("c2", `${text}\n[bytes ${from} to ${next}]\nstill running`),
      data: { job_id: "c1", running: state === "running", state, from, next, total_bytes: next },
    });
    const model = told((say) => {
      say("session_started", { version: 1, cwd: "/w", model: "m/x", created_by: "spec" });
      say("tool_call", callOf("c1"));
      say("tool_state_change", { tool_call_id: "c1", tool: "bash", state: "running", attempt: 1 });
      say("tool_output", started);
      for (const [from, next, state, text] of [
        [0, 16, "running", "step 1 loss 2.0"],
        [0, 16, "running", "step 1 loss 2.0"],
        [16, 32, "exited", "step 2 loss 1.0"],
      ] as const) {
        say("tool_call", { ...callOf("c2"), touches: [], tool_call_id: `r${from}${next}${state}` });
        say("tool_output", { ...read(from, next, state, text), tool_call_id: `r${from}${next}${state}` });
      }
    });
    const [job] = model.jobs;
    expect(job).to.include({ id: "c1", background: true, state: "done" });
    expect(job?.log.lines).to.deep.equal(["step 1 loss 2.0", "step 2 loss 1.0"]);
    expect(job && seriesOf(job)[0]?.count).to.equal(2);
  });

  it("leaves the curves of earlier models as they were, however many points follow", () => {
    let model = running(["step 1 loss 2\n"]);
    for (let round = 0; round < 500; round++) {
      const before = mainJob(model);
      // Up to here buckets hold one point each; from here on they fill.
      const looks = round < 5 || round > 400;
      const copy = looks ? JSON.stringify(before === null ? null : seriesOf(before)) : "";
      const log = Array.from({ length: 10 }, (_, line) => `step ${round * 10 + line + 2} loss ${line}\n`).join("");
      model = reduce(model, [event("tool_log", model.sync.seq, { tool: "bash", tool_call_id: "c1", log })]);
      if (!looks) continue;
      expect(JSON.stringify(before === null ? null : seriesOf(before)) === copy, `round ${round}`).to.equal(true);
    }
    const job = mainJob(model);
    expect(job && seriesOf(job)[0]).to.include({ count: 5_001, last: 9 });
  });

  it("ends with the session, but for a failure, after which whoever takes it up finds what runs", () => {
    const model = running(["hello\n"]);
    const seq = model.sync.seq + 1;
    expect(reduce(model, [event("shutdown", seq, { reason: "user" })]).jobs[0]?.state).to.equal("cancelled");
    expect(reduce(model, [event("shutdown", seq, { reason: "error" })]).jobs[0]?.state).to.equal("running");
  });

  it("believes the sandbox about what runs", () => {
    const listed: SandboxJob = {
      jobId: "c1",
      callId: "c1",
      title: "Run c1",
      command: "x",
      cwd: "/w",
      startedAt: 7,
      background: true,
      status: { state: "running" },
      outputBytes: 0,
    };
    const one = reduce(running([]), [{ kind: "jobs", jobs: [{ ...listed, jobId: "c9", title: "Other" }], at: 50 }]);
    expect(one.jobs.map(({ id, state }) => [id, state])).to.deep.equal([
      ["c1", "running"],
      ["c9", "running"],
    ]);
    const status = { state: "exited" as const, code: 3 };
    const two = reduce(one, [{ kind: "jobs", jobs: [{ ...listed, jobId: "c9", status }], at: 60 }]);
    expect(two.jobs[1]).to.include({ state: "failed", exitCode: 3, endedAt: 60 });
  });
});

describe("screen model: logs", () => {
  it("are the same however the output is cut", () => {
    const alphabet = ["a", "🎉", "\n", "\r", " ", "x".repeat(900), "中"];
    for (let seed = 1; seed <= 300; seed++) {
      const random = randomFrom(seed);
      const pick = () => alphabet[Math.floor(random() * alphabet.length)] ?? "";
      const text = Array.from({ length: 60 }, pick).join("");
      let log = emptyLog;
      for (let at = 0; at < text.length; ) {
        const size = 1 + Math.floor(random() * 700);
        log = addToLog(log, text.slice(at, at + size)).log;
        at += size;
      }
      const once = addToLog(emptyLog, text).log;
      expect(addToLog(log, "\n").log, `seed ${seed}`).to.deep.equal(addToLog(once, "\n").log);
    }
  });

  it("keep their newest lines, and of each a bounded part", () => {
    let log = emptyLog;
    for (let line = 0; line < 2_000; line++) log = addToLog(log, `${line}\n`).log;
    expect(log.lines).to.have.length(logLines);
    expect(log.lines.at(-1)).to.equal("1999");
    expect(log.dropped).to.equal(2_000 - logLines);
    const long = addToLog(emptyLog, "y".repeat(1_000_000)).log;
    expect(long.open.length).to.equal(lineChars + 1);
  });
});
