import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { startDatasetsService } from "../support/datasets-service.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, makeHouse } from "../support/program.ts";

describe("the program and data sets", function () {
  this.timeout(30_000);

  it("inspects a data set of the Hub and a local file unasked, and hands the model both as text from outside", async () => {
    const features = { prompt: { dtype: "string", _type: "Value" }, completion: { dtype: "string", _type: "Value" } };
    const rows = { default: { train: [{ prompt: "p", completion: "c" }] } };
    const hub = await startDatasetsService({ datasets: [{ id: "org/data", features, rows }] });
    const model = await startOpenAiServer([
      replies({
        calls: [
          { name: "hf_inspect_dataset", arguments: { dataset: "org/data" } },
          { name: "hf_inspect_dataset", arguments: { path: "local.csv" } },
        ],
      }),
      replies({ text: "Both fit." }),
    ]);
    const house = makeHouse({
      OPENAI_API_KEY: "k",
      OPENAI_BASE_URL: `${model.url}/v1`,
      HF_ENDPOINT: hub.url,
      HF_DATASETS_SERVER_URL: hub.url,
      HF_TOKEN: "hf_of_the_user",
    });
    try {
      writeFileSync(join(house.workspace, "local.csv"), "question,answer\nq,a\n");
      const { code, stdout } = await house.run(["-m", "openai/m", "Which data fits?"]);
      expect([code, stdout.trim()]).to.deep.equal([0, "Both fit."]);
      const outputs = eventsOf(house.journal(), "tool_output").map(({ data }) => data.output);
      expect(outputs).to.have.length(2);
      for (const output of outputs)
        expect(output)
          .to.match(/^\[text from outside/)
          .and.to.contain("sft: fits");
      expect(hub.unexpected).to.deep.equal([]);
      expect(hub.asked.every(({ headers }) => headers.authorization === "Bearer hf_of_the_user")).to.equal(true);
    } finally {
      house.remove();
      await model.close();
      await hub.close();
    }
  });
});
