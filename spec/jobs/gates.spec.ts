import { expect } from "chai";
import { columnsOfFeatures } from "../../actors/data/features.ts";
import { createRedactor } from "../../actors/redaction/redactor.ts";
import type { Planned } from "../../actors/tools/jobs/gates/gate.ts";
import { findingsOf } from "../../actors/tools/jobs/gates/gates.ts";
import { headerOf } from "../../actors/tools/jobs/header.ts";
import { factsOf } from "../../actors/tools/python/facts.ts";

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
    dataset: null,
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

  describe("columns", () => {
    const text = { _type: "Value", dtype: "string" };
    const texts = { _type: "List", feature: text };
    const turns = { _type: "List", feature: { role: text, content: text } };
    const flag = { _type: "Value", dtype: "bool" };
    const number = { _type: "Value", dtype: "int64" };

    /** A script with this trainer; what is passed to it as data is loaded by `load`. */
    const trainingBy = (trainer: string, load = 'ds = load_dataset("x/y", split="train")', data = "ds") =>
      training
        .replaceAll("SFTTrainer", trainer)
        .replace("args = ", `${load}\nargs = `)
        .replace('load_dataset("x/y", split="train"))\ntrainer.train', `${data})\ntrainer.train`);

    /** What the gates find when the data set of the script, if it is known which, has these features. */
    function foundFor(script: string, features: Record<string, unknown>): string[] {
      const facts = factsOf(script);
      const dataset = facts.training === null ? null : { ...facts.training, columns: columnsOfFeatures(features) };
      return found(script, { dataset });
    }

    for (const [trainer, features] of [
      ["SFTTrainer", { messages: turns }],
      ["SFTTrainer", { prompt: text, completion: text, id: number }],
      ["SFTTrainer", { instruction: text, input: text, output: text, text }],
      ["SFTTrainer", { conversations: { _type: "List", feature: { from: text, value: text } } }],
      ["DPOTrainer", { prompt: text, chosen: turns, rejected: turns }],
      ["CPOTrainer", { prompt: text, chosen: text, rejected: text }],
      ["ORPOTrainer", { chosen: turns, rejected: turns }],
      ["RewardTrainer", { chosen: text, rejected: text }],
      ["RewardTrainer", { input_ids_chosen: texts, input_ids_rejected: texts }],
      ["KTOTrainer", { prompt: text, completion: text, label: flag }],
      ["KTOTrainer", { prompt: text, completion: text, label: number }],
      ["KTOTrainer", { chosen: turns, rejected: turns }],
      ["GRPOTrainer", { prompt: turns, answer: text }],
      ["PRMTrainer", { prompt: text, completions: texts, labels: { _type: "List", feature: flag } }],
      ["DPOTrainer", { chosen: { _type: "Odd" }, rejected: { _type: "Odd" } }],
    ] as const) {
      it(`are what ${trainer} takes: ${Object.keys(features).join(", ")}`, () => {
        const script = trainingBy(trainer);
        expect(factsOf(script).training).to.include({ trainer, id: "x/y", config: null });
        expect(foundFor(script, features)).to.deep.equal([]);
      });
    }

    for (const [trainer, features, needed, mending] of [
      ["SFTTrainer", { content: text }, "messages, or prompt with completion", '"content": "text"'],
      ["SFTTrainer", { image: { _type: "Image" }, label: number }, "or text", "map or rename_columns"],
      ["DPOTrainer", { text }, "chosen with rejected; x/y has", "choose another data set"],
      ["DPOTrainer", { preferred: text, dispreferred: text }, "chosen with rejected", '"preferred": "chosen"'],
      ["DPOTrainer", { chosen: number, rejected: number }, "of texts or conversations", "map or rename_columns"],
      ["CPOTrainer", { prompt: text, chosen: text }, "chosen with rejected", "map or rename_columns"],
      ["ORPOTrainer", { messages: turns }, "chosen with rejected", "map or rename_columns"],
      ["RewardTrainer", { text, score: number }, "chosen with rejected", "map or rename_columns"],
      [
        "KTOTrainer",
        { prompt: text, response: text, label: flag },
        "completion with label",
        '"response": "completion"',
      ],
      ["BCOTrainer", { text }, "completion with label", "map or rename_columns"],
      ["GRPOTrainer", { question: text, answer: text }, "columns prompt", '"question": "prompt"'],
      ["RLOOTrainer", { messages: turns }, "columns prompt", "ds.map("],
      ["PRMTrainer", { prompt: text, steps: texts }, "completions with labels", "map or rename_columns"],
    ] as const) {
      it(`are not what ${trainer} takes: ${Object.keys(features).join(", ")}`, () => {
        const finding = only(foundFor(trainingBy(trainer), features));
        expect(finding).to.match(new RegExp(`^columns: ${trainer} needs`));
        expect(finding).to.include(needed).and.include(mending);
        for (const name of Object.keys(features)) expect(finding).to.include(`"${name}" (`);
      });
    }

    for (const [how, load, data] of [
      ["in the trainer's own arguments", "", 'load_dataset("x/y", split="train")'],
      ["by name", "", 'load_dataset(path="x/y", name=None)["train"]'],
      ["through a constant", 'NAME: str = "x/y"\nds = load_dataset(NAME)', 'ds["train"]'],
      ["of the module", "import datasets\nds = datasets.load_dataset('x/y')", "ds['train']"],
      ["as a stream", 'ds = load_dataset("x/y", streaming=True)', "(ds)"],
      ["and split", 'ds = load_dataset("x/y")["train"]\nds = ds.shuffle(seed=1).train_test_split(0.1)', 'ds["train"]'],
      ["twice", 'ds = load_dataset("x/y", split="train")\ntest = load_dataset("x/y", split="test")', "ds"],
    ] as const) {
      it(`are judged of a data set that is loaded ${how}`, () => {
        expect(only(foundFor(trainingBy("DPOTrainer", load, data), { text }))).to.match(/^columns: /);
      });
    }

    it("are those of the config that is named", () => {
      const script = trainingBy("DPOTrainer", 'ds = load_dataset("x/y", "small", split="train")');
      expect(only(foundFor(script, { text }))).to.include("x/y (small) has");
    });

    for (const [what, load, data = "ds"] of [
      ["maps rows", 'ds = load_dataset("x/y").map(lambda r: {"chosen": r["text"]})'],
      ["renames columns", 'ds = load_dataset("x/y")\nds = ds.rename_column("text", "chosen")'],
      ["removes columns", 'ds = load_dataset("x/y")', 'ds.remove_columns(["id"])'],
      ["formats rows", 'ds = load_dataset("x/y")', "ds, formatting_func=lambda r: r"],
      ["names the column", 'ds = load_dataset("x/y")\ncfg = SFTConfig(dataset_text_field="body")'],
      ["takes settings from elsewhere", 'ds = load_dataset("x/y")\ncfg = SFTConfig(**settings)'],
      ["takes arguments from elsewhere", 'ds = load_dataset("x/y")', "ds, **more"],
      [
        "makes rows by itself",
        'ds = load_dataset("x/y")\nrows = [{"chosen": r} for r in ds]',
        "Dataset.from_list(rows)",
      ],
      ["hands rows to a function", 'ds = load_dataset("x/y")', "prepared(ds)"],
      ["replaces a part", 'ds = load_dataset("x/y")\nds["train"] = other', 'ds["train"]'],
      ["chooses between two", 'ds = load_dataset("x/y") if small else load_dataset("x/z")'],
      ["loads two", 'ds = load_dataset("x/y")\nmore = load_dataset("x/z")'],
      ["says the name later", "import sys\nds = load_dataset(sys.argv[1])"],
      ["loads files", 'ds = load_dataset("json", data_files="a.json")'],
      ["loads another revision", 'ds = load_dataset("x/y", revision="v1")'],
      ["gets it as a parameter", 'ds = load_dataset("x/y")\ndef f(ds):\n    pass'],
      ["loops over several", 'for ds in [load_dataset("x/y")]:\n    pass'],
      ["has a function of that name", 'def load_dataset(x):\n    pass\nds = load_dataset("x/y")'],
      ["has a trainer of its own", 'ds = load_dataset("x/y")\nclass Mine(DPOTrainer):\n    pass'],
      ["has two trainers", 'ds = load_dataset("x/y")\nDPOTrainer(train_dataset=ds)'],
    ] as const) {
      it(`are not judged where the script ${what}`, () => {
        const script = trainingBy("DPOTrainer", load, data);
        expect(factsOf(script)).to.deep.include({ error: null, training: null });
        expect(foundFor(script, { text })).to.deep.equal([]);
      });
    }

    it("are not judged for a trainer of another library, nor where they are unknown", () => {
      expect(foundFor(trainingBy("Trainer"), { text })).to.deep.equal([]);
      expect(factsOf(trainingBy("DPOTrainer").replace("from trl", "from mine")).training).to.equal(null);
      expect(found(trainingBy("DPOTrainer"), { dataset: null })).to.deep.equal([]);
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
