import { expect } from "chai";
import { type DatasetsOptions, startDatasetsService } from "../support/datasets-service.ts";
import type { Service } from "../support/service.ts";
import { argumentsOf, type JobsShop, openShop, quick } from "./setting.ts";

const text = { _type: "Value", dtype: "string" };
const texts = { id: "ada/texts", features: { text }, rows: { default: { train: [{ text: "a" }] } } };

const dpo = (load: string) => `from datasets import load_dataset
from trl import DPOConfig, DPOTrainer
trainer = DPOTrainer("org/tiny", args=DPOConfig(push_to_hub=True), train_dataset=${load})
trainer.train()
`;
const call = (load = 'load_dataset("ada/texts", split="train")') => ({
  operation: "run",
  script: dpo(load),
  dependencies: ["trl"],
  secrets: ["HF_TOKEN"],
  hardware_flavor: "a10g-large",
  timeout: "1h",
});

describe("hf_jobs: the columns of the data set", () => {
  let jobs: JobsShop;
  let viewer: Service | null = null;

  afterEach(async () => {
    await jobs.close();
    await viewer?.close();
    viewer = null;
  });

  /** Jobs beside a viewer's server. */
  async function openWith(options: Partial<DatasetsOptions> = {}): Promise<Service> {
    viewer = await startDatasetsService({ datasets: [texts], ...options });
    jobs = await openShop({ course: quick }, true, viewer.url);
    return viewer;
  }
  const posts = () => jobs.hub.asked.filter(({ method }) => method === "POST");
  const asked = ({ asked: all }: Service) => all.map(({ path, query }) => `${path}?${query}`);

  it("refuse a DPO script on a data set of texts before anything is posted, and let it pass where they are overruled", async () => {
    const server = await openWith();
    const refused = await jobs.call(call());
    expect(refused.ok).to.equal(false);
    expect(refused.text)
      .to.include("- columns: DPOTrainer needs the columns chosen with rejected; ada/texts has")
      .and.include('overrule: ["columns"]');
    expect(posts()).to.deep.equal([]);
    expect(asked(server)).to.deep.equal(["/splits?dataset=ada%2Ftexts", "/info?dataset=ada%2Ftexts&config=default"]);

    const prepared = await jobs.prepare({ ...call(), overrule: ["columns"] });
    expect(prepared.ok && prepared.touches).to.deep.include({ kind: "network", host: new URL(server.url).host });
    const before = server.asked.length;
    expect((await jobs.run(prepared)).ok).to.equal(true);
    expect(posts().map(({ path }) => path)).to.deep.equal(["/api/jobs/ada"]);
    expect(server.asked.length, "nothing is looked up when it runs").to.equal(before);
  });

  it("let a script pass whose trainer finds what it needs", async () => {
    const pairs = { ...texts, features: { chosen: text, rejected: text } };
    await openWith({ datasets: [pairs] });
    expect((await jobs.call(call())).ok).to.equal(true);
    expect(posts()).to.have.length(1);
  });

  it("are those of the config that the script names, and of no config when it is unclear which is meant", async () => {
    const rows = { a: { train: [{ text: "a" }] }, b: { train: [{ text: "b" }] } };
    const server = await openWith({ datasets: [{ ...texts, rows }] });
    expect(await jobs.refusal(call('load_dataset("ada/texts", "b")'))).to.include("ada/texts (b) has");
    expect(asked(server)).to.deep.equal(["/info?dataset=ada%2Ftexts&config=b"]);
    expect(await jobs.refusal(call())).to.equal("");
  });

  it("are not asked for where the script shapes them", async () => {
    const server = await openWith();
    const prepared = await jobs.prepare(call('load_dataset("ada/texts").map(pairs)'));
    expect(argumentsOf(prepared).settled).not.to.have.property("dataset");
    expect(prepared.ok && prepared.touches.filter(({ kind }) => kind === "network")).to.have.length(1);
    expect(server.asked).to.deep.equal([]);
  });

  for (const [what, options] of [
    ["answers 500", { refuse: { "*": { status: 500, code: null, error: "broken" } } }],
    ["fails at the columns only", { refuse: { info: { status: 500, code: "InfoError", error: "broken" } } }],
    ["may not show it", { datasets: [{ ...texts, onlyFor: "hf_of_somebody_else" }] }],
    ["does not know it", { datasets: [] }],
    ["answers with something else", { first: () => ({ body: { splits: 3, dataset_info: ["?"] } }) }],
  ] as const) {
    it(`hold up no job when the server ${what}`, async () => {
      const server = await openWith(options as Partial<DatasetsOptions>);
      expect((await jobs.call(call())).ok).to.equal(true);
      expect(posts()).to.have.length(1);
      expect(server.asked.length).to.be.within(1, 2);
    });
  }

  it("hold up no job when the server is down", async () => {
    jobs = await openShop({ course: quick });
    expect((await jobs.call(call())).ok).to.equal(true);
    expect(posts()).to.have.length(1);
  });

  it("hold up a job for a few seconds when the server says nothing", async () => {
    await openWith({ first: () => "hang" });
    const since = Date.now();
    expect((await jobs.call(call())).ok).to.equal(true);
    expect(Date.now() - since).to.be.below(9_000);
    expect(posts()).to.have.length(1);
  }).timeout(15_000);
});
