import { expect } from "chai";
import type { Repo } from "../../actors/hub/repo.ts";
import { pushedTo } from "../../actors/tools/jobs/pushed.ts";
import { type HubService, startHub } from "../support/hub-service.ts";
import type { Asked, Reply } from "../support/service.ts";
import { handOn } from "../support/whole-hub.ts";
import { type JobsShop, openShop, token } from "./setting.ts";

const model: Repo = { type: "model", id: "ada/m" };
const dataset: Repo = { type: "dataset", id: "ada/d" };
const both = [model, dataset];

describe("what a job has pushed to", () => {
  const of = (source: string, log = "", isDone = true) => pushedTo(both, { source, log, isDone }).map(({ id }) => id);

  it("is what its script names, if the script pushes and went through", () => {
    for (const source of [
      'SFTConfig(push_to_hub=True, hub_model_id="ada/m")',
      "model.push_to_hub('ada/m')",
      'api.upload_folder(repo_id="ada/m", folder_path="out")',
      "hf upload ada/m out .",
    ]) {
      expect(of(source), source).to.deep.equal(["ada/m"]);
      expect(of(source, "", false), source).to.deep.equal([]);
    }
    expect(of('load_dataset("ada/d")')).to.deep.equal([]);
  });

  it("is not what only begins or ends alike", () => {
    for (const id of ["ada/m2", "ada/m-large", "ada/m.v2", "bada/m", "x/ada/m", "ada/m/x"]) {
      expect(of(`model.push_to_hub("${id}")`), id).to.deep.equal([]);
    }
  });

  it("is what its log gives the commit of, whatever became of it", () => {
    expect(of("", "https://huggingface.co/ada/m/commit/0a1b", false)).to.deep.equal(["ada/m"]);
    expect(of("", "url='https://huggingface.co/datasets/ada/d/tree/main/'", false)).to.deep.equal(["ada/d"]);
    expect(of("", "GET https://huggingface.co/ada/m/resolve/main/config.json")).to.deep.equal([]);
    expect(of("", "https://huggingface.co/ada/d/commit/0a1b"), "a model of the dataset's name").to.deep.equal([]);
  });
});

describe("the card of what a job has pushed", () => {
  let repos: HubService;
  let jobs: JobsShop;
  let isShown: boolean;
  afterEach(async () => {
    await jobs.close();
    await repos.close();
  });

  const script = 'from transformers import AutoModel\nAutoModel.from_pretrained("x/y").push_to_hub("ada/m")\n';
  const run = { operation: "run", script, dependencies: ["transformers", "torch"], secrets: ["HF_TOKEN"] };
  const words = "The job pushed to the model ada/m, and its card does not say that ml-intern made it";

  async function open(metadata = true): Promise<void> {
    isShown = true;
    repos = await startHub({ token, user: "ada" });
    const course = () => ({ lines: ["done"], end: { stage: "COMPLETED" } });
    const after = (asked: Asked): Reply | Promise<Reply> =>
      isShown || asked.method !== "GET" ? handOn(asked, repos.url) : { status: 403, body: { error: "Forbidden" } };
    jobs = await openShop({ course, after }, true, undefined, {}, metadata);
  }

  const make = () => jobs.shop.call("hf_repo_git", { operation: "create_repo", repo_id: "ada/m" });

  it("is said to lack our mark in a repository of the session's, until an upload of ours has set it", async () => {
    await open();
    await make();
    const result = await jobs.call(run);
    expect(result.ok).to.equal(true);
    expect(result.text).to.include(words).and.include("the next upload there with hf_repo_files");
    const upload = { operation: "upload", repo_id: "ada/m", path: "README.md", content: "# M\n" };
    expect((await jobs.shop.call("hf_repo_files", upload)).text).to.include("was given the tag ml-intern");
    expect((await jobs.call(run)).text).to.not.include("The job pushed");
  });

  it("is said to by a call that only waits, which finds the script in the job", async () => {
    await open();
    await make();
    await jobs.call({ ...run, wait: false });
    expect((await jobs.call({ operation: "wait", job_id: "job1" })).text).to.include(words);
  });

  it("is not spoken of in a repository that no upload of ours would mark", async () => {
    await open();
    repos.add("model", "ada/m");
    expect((await jobs.call(run)).text).to.not.include("The job pushed");
  });

  it("is not spoken of where the user wants no marks", async () => {
    await open(false);
    await make();
    expect((await jobs.call(run)).text).to.not.include("The job pushed");
  });

  it("costs the job's result nothing when the Hub does not show it", async () => {
    await open();
    await make();
    isShown = false;
    const { text, ok } = await jobs.call(run);
    expect(ok).to.equal(true);
    expect(text).to.include("COMPLETED").and.not.include("The job pushed");
    expect(jobs.hub.to("/ada/m/resolve/main/README.md")).to.have.length(1);
  });
});
