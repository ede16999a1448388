import { expect } from "chai";
import type { Events } from "../../../actors/events.ts";
import { costSoFar } from "../../../tui/screen/model/remote-jobs.ts";
import { mainJob, seriesOf } from "../../../tui/screen/model/select-jobs.ts";
import { sentenceOf } from "../../../tui/screen/model/sentences.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { callOf, outputOf, told } from "./recording.ts";

const submitted: Events["hf_job_submit"] = {
  job_id: "j1",
  job_url: "https://hub/jobs/ada/j1",
  namespace: "ada",
  flavor: "a10g-large",
  timeout_s: 3_600,
  job_type: "uv",
  image: null,
  title: "train.py",
  tool_call_id: "c1",
  price_usd_per_hour: 1.5,
};
const completed: Events["hf_job_complete"] = {
  job_id: "j1",
  namespace: "ada",
  flavor: "a10g-large",
  final_status: "error",
  message: null,
  wall_time_s: 600,
  estimated_cost_usd: 0.25,
};

type Say = Parameters<Parameters<typeof told>[0]>[0];

function story(tell: (say: Say) => void): Model {
  return told((say) => {
    say("session_started", { version: 1, cwd: "/w", model: "m/x", created_by: "spec" });
    say("tool_call", { ...callOf("c1"), tool: "hf_jobs", touches: [{ kind: "spend", usd: 1.5 }] });
    say("tool_state_change", { tool_call_id: "c1", tool: "hf_jobs", state: "running", attempt: 1 });
    say("hf_job_submit", submitted);
    tell(say);
  });
}

const log = (say: Say, text: string) => say("tool_log", { tool: "hf_jobs", tool_call_id: "c1", log: text });

describe("screen model: jobs on the Hub", () => {
  it("are one line with their machine, and draw curves from their log", () => {
    const job = mainJob(story((say) => log(say, "METRIC step=1 loss=2.5\nMETRIC step=2 loss=1.5\n")));
    expect(job).to.include({ id: "c1", state: "running", title: "train.py on a10g-large" });
    expect(job === null ? [] : seriesOf(job).map(({ name }) => name)).to.include("loss");
  });

  it("run on after their call, in the background, and go on drawing", () => {
    const model = story((say) => {
      say("tool_output", outputOf("c1", "Started."));
      log(say, "METRIC step=1 loss=2.5\n");
    });
    expect(mainJob(model)).to.include({ state: "running", background: true });
  });

  it("end with the Hub's word, at what they have cost", () => {
    const model = story((say) => {
      say("tool_output", outputOf("c1", "Started."));
      say("hf_job_complete", completed);
    });
    expect(model.jobs[0]).to.include({ state: "failed" });
    expect(model.jobs[0]?.remote?.costUsd).to.equal(0.25);
  });

  it("leave a word in the transcript when the model is told of their end", () => {
    const model = story((say) => say("notice", { content: "for the model", reason: "job_ended", job_id: "job7" }));
    const notes = model.blocks.flatMap((block) => (block.kind === "note" ? [sentenceOf(block.note).text] : []));
    expect(notes).to.deep.equal(["job job7 has ended, and the model was told"]);
  });

  it("are not ended by the end of the program", () => {
    const model = story((say) => {
      say("tool_output", outputOf("c1", "Started."));
      say("shutdown", { reason: "user" });
    });
    expect(model.jobs[0]).to.include({ state: "running" });
  });

  it("cost each minute that has begun, and nothing while they wait for a machine", () => {
    const waits = story((say) => say("hf_job_state", { job_id: "j1", tool_call_id: "c1", stage: "SCHEDULING" }));
    const [job] = waits.jobs;
    if (job?.remote === undefined || job.remote === null) throw new Error("no job");
    expect(costSoFar(job, job.remote.since + 600_000)).to.equal(0);
    const runs = story((say) => {
      say("hf_job_state", { job_id: "j1", tool_call_id: "c1", stage: "SCHEDULING" });
      say("hf_job_state", { job_id: "j1", tool_call_id: "c1", stage: "RUNNING" });
    }).jobs[0];
    if (runs?.remote === undefined || runs.remote === null) throw new Error("no job");
    expect(costSoFar(runs, runs.remote.since + 61_000)).to.equal(0.05);
  });
});
