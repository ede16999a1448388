import { expect } from "chai";
import { createRedactor } from "../../actors/redaction/redactor.ts";
import type { Planned } from "../../actors/tools/jobs/gates/gate.ts";
import { findingsOf } from "../../actors/tools/jobs/gates/gates.ts";
import { headerOf } from "../../actors/tools/jobs/header.ts";
import { factsOf } from "../../actors/tools/jobs/python/facts.ts";

const cpu = { name: "cpu-basic", title: "", cpu: "", ram: "", gpu: null, usdPerHour: 0.01 };
const gpu = (vramGb: number) => ({ ...cpu, name: "gpu", gpu: { model: "A", count: 1, vramGb } });

/** A training as it should be, but for what a spec changes. */
const training = `# /// script
# dependencies = ["trl>=0.12", "peft", "trackio"]
# ///
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer
args = SFTConfig(push_to_hub=True, hub_model_id="ada/model")
trainer = SFTTrainer("Qwen/Qwen2.5-0.5B", args=args, train_dataset=load_dataset("x/y", split="train"))
trainer.train()
`;

function found(script: string | null, more: Partial<Planned> = {}): string[] {
  const redactor = createRedactor({ secrets: [] });
  const planned: Planned = {
    script,
    facts: script === null ? null : factsOf(script),
    header: script === null ? null : headerOf(script),
    command: "",
    dependencies: [],
    usualImage: true,
    secrets: ["HF_TOKEN"],
    env: {},
    writableVolume: false,
    trackio: false,
    flavor: gpu(24),
    seconds: 7_200,
    timeoutGiven: true,
    secretsIn: (text) => {
      const before = redactor.places;
      redactor.text(text);
      return redactor.places - before;
    },
    ...more,
  };
  return findingsOf(planned).map(({ gate, message, hint }) => `${gate}: ${message} ${hint}`);
}

const only = (findings: string[]): string => {
  expect(findings).to.have.length(1);
  return findings[0] ?? "";
};

describe("the gates before a job", () => {
  it("have nothing against a training as it should be", () => {
    expect(found(training)).to.deep.equal([]);
  });

  it("have nothing against a small script on a CPU", () => {
    expect(
      found("import json, os\nprint(json.dumps(dict(os.environ)))\n", { flavor: cpu, timeoutGiven: false }),
    ).to.deep.equal([]);
  });

  describe("syntax", () => {
    it("names the line that is no Python", () => {
      expect(only(found("x = 1\ndef f(:\n  pass\n", { flavor: cpu }))).to.match(/^syntax: .*line 2: def f\(:/);
    });

    it("takes what newer Pythons take", () => {
      const newer =
        'match x:\n    case {"a": 1}:\n        pass\nif (n := 3) > 2:\n    print(f"{n!r:>{10}}")\nasync def f[T](x: T) -> T:\n    async with a() as b, c():\n        yield b\ntry:\n    pass\nexcept* ValueError:\n    pass\n';
      expect(found(newer, { flavor: cpu }).filter((one) => one.startsWith("syntax"))).to.deep.equal([]);
    });
  });

  describe("header", () => {
    it("names what is wrong with the script's own metadata", () => {
      expect(only(found('# /// script\n# dependencies = ["trl"\n# ///\nprint(1)\n', { flavor: cpu }))).to.include(
        "no TOML",
      );
      expect(only(found("# /// script\n# dependencies = []\nprint(1)\n", { flavor: cpu }))).to.include("not closed");
      expect(only(found('# /// script\n# dependencies = "trl"\n# ///\nprint(1)\n', { flavor: cpu }))).to.include(
        "list of strings",
      );
    });
  });

  describe("dependencies", () => {
    it("cover what is imported, by the names of packages", () => {
      const script = "import os\nimport cv2, numpy as np\nfrom sklearn.svm import SVC\nfrom PIL import Image\n";
      const finding = only(found(script, { flavor: cpu, dependencies: ["scikit-learn==1.5", "Pillow"] }));
      expect(finding).to.include("cv2 (line 2)").and.include('["opencv-python"]').and.not.include("numpy");
    });

    it("are not asked for in an image of the user's", () => {
      expect(found("import torch\n", { usualImage: false })).to.deep.equal([]);
    });

    it("may hold versions, extras, markers and addresses, and nothing that is none", () => {
      const good = [
        "numpy<2",
        "transformers[torch]>=4.40,<5",
        "torch; sys_platform=='linux'",
        "x @ https://h/x.whl",
        "git+https://h/x",
      ];
      expect(found("print(1)\n", { flavor: cpu, dependencies: good })).to.deep.equal([]);
      expect(
        only(found("print(1)\n", { flavor: cpu, dependencies: ["numpy < 2; rm -rf /", "--index-url x"] })),
      ).to.include("--index-url x");
    });
  });

  describe("results", () => {
    const keeps = training.replace("push_to_hub=True, ", "");

    it("must go somewhere that lasts", () => {
      expect(only(found(keeps))).to.match(/^results: .*its disk is gone/);
    });

    it("may go to a bucket", () => {
      expect(found(keeps, { writableVolume: true })).to.deep.equal([]);
    });
  });

  it("token: a job that pushes gets one", () => {
    expect(only(found(training, { secrets: [] }))).to.match(/^token: .*pushes to the Hub but gets no token/);
  });

  it("timeout: a training has one of its own", () => {
    expect(only(found(training, { timeoutGiven: false, seconds: 1_800 }))).to.match(/^timeout: .*30 minutes/);
  });

  describe("hardware", () => {
    it("has a GPU for a training, and none for a script without use for it", () => {
      expect(only(found(training, { flavor: cpu }))).to.include("has no GPU");
      expect(only(found("import json\n"))).to.include("nothing that the script imports uses one");
    });

    it("has the memory for the model that is named", () => {
      const large = training.replace("Qwen2.5-0.5B", "Qwen2.5-7B");
      expect(only(found(large))).to.match(/Training all of Qwen\/Qwen2.5-7B takes about 101 GB .* 24 GB/);
      const adapters = large.replace("trainer.train()", "from peft import LoraConfig\nLoraConfig()\ntrainer.train()");
      expect(found(adapters)).to.deep.equal([]);
      expect(found(large, { flavor: gpu(141) })).to.deep.equal([]);
    });
  });

  it("hardcoded_secret: none stands in the script or in a variable", () => {
    const script = 'token = "hf_AbCdEfGhIjKlMnOpQrStUvWxYz123456"\nprint(token)\n';
    expect(only(found(script, { flavor: cpu }))).to.match(/^hardcoded_secret/);
    expect(found('import os\ntoken = os.environ["HF_TOKEN"]\n', { flavor: cpu })).to.deep.equal([]);
  });

  it("look at commands as well, as far as their words go", () => {
    const bare = { flavor: gpu(24), secrets: [], timeoutGiven: false, usualImage: false };
    const findings = found(null, { ...bare, command: "bash -c accelerate launch train.py" });
    expect(findings.map((one) => one.split(":")[0])).to.deep.equal(["results", "timeout"]);
  });
});
