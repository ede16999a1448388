import { expect } from "chai";
import { helpText } from "../../tui/cli/help.ts";
import { commandEnvironment } from "../../tui/config/command-env.ts";
import { effective } from "../../tui/config/layers.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { chooseModel, missingCredential, routeFor } from "../../tui/config/models.ts";
import { roleModels, startOptions } from "../../tui/config/options.ts";
import { stateFolder } from "../../tui/config/paths.ts";
import { variables } from "../../tui/config/variables.ts";
import type { FrontError } from "../../tui/errors.ts";

const shipped = shippedConfig().values;
const facts = {
  mode: "headless" as const,
  home: "/home/u",
  policy: { always: [], shipped: [], user: [], project: [] },
  cwd: "/w",
  stateDir: "/s",
  session: { kind: "new" as const },
  model: "offline/tabular",
  env: {},
  createdBy: "x",
};

function code(run: () => unknown): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return (error as FrontError).code;
  }
}

describe("start options", () => {
  it("are complete with the shipped configuration alone", () => {
    const options = startOptions(shipped, facts);
    expect(options).to.deep.include({ stream: true, effort: "high", maxIterations: 300, approval: "ask" });
    expect(options.llm.anthropic).to.deep.equal({ apiKey: null, baseUrl: "https://api.anthropic.com" });
    expect(JSON.parse(JSON.stringify(options))).to.deep.equal(options);
  });

  it("have no default of their own: what the shipped file lacks is an error with the setting's name", () => {
    const { grace_ms: _, ...limits } = shipped.limits as Record<string, number>;
    const { max_iterations: __, ...rest } = shipped;
    for (const [config, name] of [
      [{ ...shipped, limits }, "limits.grace_ms"],
      [rest, "max_iterations"],
      [{ ...shipped, stream: "yes" }, "stream"],
    ] as const) {
      expect(() => startOptions(config, facts))
        .to.throw(name)
        .with.property("code", "CONFIG_INCOMPLETE");
    }
    expect(helpText).to.contain(`(default ${shipped.max_iterations})`);
  });

  it("know a local server by its own variable, then by the shared one, then by its default", () => {
    const { local } = startOptions(
      { ...shipped, ollama_base_url: "http://a:1/", local_llm_base_url: "http://b:2/v1", vllm_api_key: "k" },
      facts,
    ).llm;
    expect(local.ollama?.baseUrl).to.equal("http://a:1/v1");
    expect(local.vllm).to.deep.equal({ baseUrl: "http://b:2/v1", apiKey: "k" });
    expect(startOptions(shipped, facts).llm.local.lm_studio?.baseUrl).to.equal("http://127.0.0.1:1234/v1");
  });

  it("refuse an endpoint that is no http address", () => {
    for (const url of ["localhost:8000", "file:///etc/passwd", "not a url"]) {
      expect(
        code(() => startOptions({ ...shipped, openai_base_url: url }, facts)),
        url,
      ).to.equal("ENDPOINT_INVALID");
    }
  });

  it("name a model for each role, and refuse what is no model id for any of them", () => {
    const wanted = { summary_model: "ollama/small", research_model: "org/big", fallback_model: "anthropic/claude" };
    expect(roleModels({ ...shipped, ...wanted })).to.deep.equal({
      summary: "ollama/small",
      research: "org/big",
      fallback: "anthropic/claude",
    });
    for (const key of Object.keys(wanted)) {
      expect(
        code(() => startOptions({ ...shipped, [key]: "nonsense" }, facts)),
        key,
      ).to.equal("MODEL_ID_INVALID");
    }
  });

  it("approve by rule for users who bring yolo_mode along, unless approval says otherwise", () => {
    expect(startOptions({ ...shipped, yolo_mode: true }, facts).approval).to.equal("auto");
    expect(startOptions({ ...shipped, yolo_mode: true, approval: "deny" }, facts).approval).to.equal("deny");
  });
});

describe("the choice of a model", () => {
  const choose = (more: Record<string, string>) => chooseModel({ ...shipped, ...more }, "f").model;

  it("follows the keys that are set, in the order of preferred_models", () => {
    expect(choose({ hf_token: "x", openai_api_key: "x", anthropic_api_key: "x" })).to.match(/^anthropic\//);
    expect(choose({ hf_token: "x", openai_api_key: "x" })).to.match(/^openai\//);
    expect(routeFor(choose({ hf_token: "x" })).service).to.equal("huggingface");
  });

  it("ends at the built-in stand-in, and says so", () => {
    const { model, notice } = chooseModel(shipped, "f");
    expect(model).to.equal("offline/tabular");
    expect(notice).to.contain("no language model").and.contain("ANTHROPIC_API_KEY");
  });

  it("fails for a named model whose key is missing, naming variable, file and alternatives", () => {
    try {
      chooseModel({ ...shipped, model_name: "openai/x", hf_token: "x" }, "/u/config.json");
      expect.fail("it should have failed");
    } catch (error) {
      const { message, hint, exitCode } = error as FrontError;
      expect(message).to.contain("OPENAI_API_KEY");
      expect(hint).to.contain("/u/config.json").and.contain("Kimi").and.contain("ollama/");
      expect(exitCode).to.equal(2);
    }
  });

  it("needs no key for local servers and the stand-in", () => {
    for (const id of ["ollama/a", "vllm/org/a", "lm_studio/a", "llamacpp/a", "offline/tabular"]) {
      expect(missingCredential(id, {}), id).to.equal(null);
    }
  });

  it("refuses what cannot be an id", () => {
    for (const id of ["gpt-5", "ollama/", "/x", "a b/c", "offline/other", "huggingface/x", "org//m"]) {
      expect(
        code(() => routeFor(id)),
        id,
      ).to.equal("MODEL_ID_INVALID");
    }
  });
});

describe("the environment of commands", () => {
  it("holds no name that speaks of a secret, whatever else it may be", () => {
    const secrets = [
      ...variables.filter(({ kind }) => kind === "credential").map(({ name }) => name),
      "HUGGING_FACE_HUB_TOKEN",
      "AWS_SECRET_ACCESS_KEY",
      "GOOGLE_APPLICATION_CREDENTIALS",
      "DB_PASSWORD",
      "CONDA_TOKEN",
      "CUDA_API_KEY",
      "NVIDIA_AUTH",
      "SSH_AUTH_SOCK",
      "ML_INTERN_HOME",
      "NODE_OPTIONS",
      "LD_PRELOAD",
      "BASH_ENV",
      "PYTHONSTARTUP",
    ];
    const env = Object.fromEntries(secrets.map((name) => [name, "leak"]));
    expect(commandEnvironment(env)).to.deep.equal({});
  });

  it("holds what programs need", () => {
    const env = {
      PATH: "/bin",
      HOME: "/h",
      LC_ALL: "C",
      XDG_CACHE_HOME: "/c",
      HF_HOME: "/hf",
      VIRTUAL_ENV: "/v",
      CONDA_PREFIX: "/p",
      CUDA_VISIBLE_DEVICES: "0",
      LD_LIBRARY_PATH: "/l",
      TOKENIZERS_PARALLELISM: "false",
    };
    expect(commandEnvironment(env)).to.deep.equal(env);
  });

  it("has proxies without the user name and password in them", () => {
    const env = {
      https_proxy: "http://user:p@ss@proxy:3128/",
      HTTP_PROXY: "user:pass@proxy:1",
      no_proxy: "localhost,.corp",
      ALL_PROXY: "socks5://proxy:9",
    };
    expect(commandEnvironment(env)).to.deep.equal({
      https_proxy: "http://proxy:3128/",
      HTTP_PROXY: "proxy:1",
      no_proxy: "localhost,.corp",
      ALL_PROXY: "socks5://proxy:9",
    });
  });
});

describe("the state folder", () => {
  it("is the program's own home, else the XDG state folder", () => {
    expect(stateFolder({ HOME: "/h", ML_INTERN_HOME: "/m", XDG_STATE_HOME: "/x" })).to.equal("/m/state");
    expect(stateFolder({ HOME: "/h", XDG_STATE_HOME: "/x" })).to.equal("/x/ml-intern");
    expect(stateFolder({ HOME: "/h" })).to.equal("/h/.local/state/ml-intern");
  });
});

describe("the shipped configuration", () => {
  it("passes its own check", async () => {
    const { checkConfig } = await import("../../tui/config/schema.ts");
    expect(checkConfig(shipped, "shipped")).to.deep.equal(effective([shippedConfig()]));
  });
});
