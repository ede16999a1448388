// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config files hold such references.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { effective, sourceOf } from "../../tui/config/layers.ts";
import { loadConfig } from "../../tui/config/load.ts";
import type { FrontError } from "../../tui/errors.ts";

describe("loading the configuration", () => {
  let home: string;
  let cwd: string;
  let userFile: string;
  const write = (path: string, text: string) => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  };

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    cwd = mkdtempSync(join(tmpdir(), "folder-"));
    userFile = join(home, ".config/ml-intern/cli_agent_config.json");
  });
  afterEach(() => {
    for (const folder of [home, cwd]) rmSync(folder, { recursive: true, force: true });
  });

  const load = (env: Record<string, string> = {}, flag: string | null = null) =>
    loadConfig(cwd, { HOME: home, ...env }, flag);
  const refused = async (env: Record<string, string> = {}, flag: string | null = null): Promise<FrontError> => {
    try {
      await load(env, flag);
    } catch (error) {
      return error as FrontError;
    }
    throw new Error("it should have been refused");
  };

  it("has the shipped defaults without any file of the user's, and nothing to say", async () => {
    const { layers, notices } = await load();
    const config = effective(layers);
    expect(config).to.deep.include({ max_iterations: 300, stream: true, isolation: "auto" });
    expect(notices).to.deep.equal([]);
  });

  it("lays the user's file over them, and the environment over that", async () => {
    write(userFile, JSON.stringify({ max_iterations: 7, limits: { grace_ms: 10 }, hf_token: "from-file" }));
    const { layers } = await load({ HF_TOKEN: " from-env\n" });
    const config = effective(layers);
    expect(config.max_iterations).to.equal(7);
    expect(config.limits).to.include({ grace_ms: 10, parallel_tools: 8 });
    expect(config.hf_token).to.equal("from-env");
    expect(sourceOf(layers, ["hf_token"])).to.equal("environment");
    expect(sourceOf(layers, ["limits", "grace_ms"])).to.equal(userFile);
  });

  it("takes the file that the flag or ML_INTERN_CLI_CONFIG names instead, and insists on it", async () => {
    write(userFile, JSON.stringify({ max_iterations: 7 }));
    write(join(home, "other.json"), JSON.stringify({ max_iterations: 8 }));
    const named = await load({ ML_INTERN_CLI_CONFIG: "~/other.json" });
    expect(effective(named.layers).max_iterations).to.equal(8);
    expect(await refused({}, join(home, "none.json"))).to.include({ code: "CONFIG_UNREADABLE", exitCode: 2 });
  });

  it("fills in variables and reads numbers and booleans from their text", async () => {
    write(userFile, JSON.stringify({ max_iterations: "${N:-12}", stream: "${S:-false}", model_name: "ollama/${M}" }));
    const { layers } = await load({ M: "qwen" });
    expect(effective(layers)).to.deep.include({ max_iterations: 12, stream: false, model_name: "ollama/qwen" });
  });

  it("names every value of the wrong kind", async () => {
    write(
      userFile,
      JSON.stringify({
        max_iterations: -2,
        approval: "maybe",
        approval_wait_minutes: -1,
        limits: { grace_ms: "soon" },
        hf_token: 5,
      }),
    );
    const error = await refused();
    expect(error.code).to.equal("CONFIG_INVALID");
    for (const key of ["max_iterations", "approval", "approval_wait_minutes", "limits.grace_ms", "hf_token"]) {
      expect(error.message).to.contain(`"${key}"`);
    }
  });

  it("warns of keys that nothing reads, with the nearest that is known, and accepts the original's", async () => {
    const original = {
      mcpServers: { x: { headers: { A: "${UNSET}" } } },
      messaging: { enabled: false },
      share_traces: true,
    };
    write(userFile, JSON.stringify({ ...original, max_iteration: 3, limits: { grace: 1 } }));
    const { notices } = await load();
    expect(notices).to.have.length(2);
    expect(notices[0]).to.contain('"max_iteration"').and.contain('"max_iterations"');
    expect(notices[1]).to.contain('"limits.grace"').and.contain('"grace_ms"');
  });

  it("takes credentials from the folder's .env when they are not set, and says so", async () => {
    write(join(cwd, ".env"), "OPENAI_API_KEY=project\nHF_TOKEN=project\n");
    const { layers, notices, env } = await load({ HF_TOKEN: "mine" });
    const config = effective(layers);
    expect(config).to.include({ openai_api_key: "project", hf_token: "mine" });
    expect(notices.join()).to.contain("OPENAI_API_KEY").and.not.contain("HF_TOKEN");
    expect(env.OPENAI_API_KEY).to.equal("project");
  });

  it("never lets the folder's .env change an endpoint, a setting, or a key that the user's file has", async () => {
    write(join(cwd, ".env"), "OPENAI_BASE_URL=http://elsewhere\nHF_BILL_TO=them\nPATH=/x\nOPENAI_API_KEY=theirs\n");
    write(userFile, JSON.stringify({ openai_api_key: "mine" }));
    const { layers, notices, env } = await load();
    const config = effective(layers);
    expect(config.openai_base_url).to.equal(undefined);
    expect(config.hf_bill_to).to.equal(undefined);
    expect(config.openai_api_key).to.equal("mine");
    expect(env.PATH).to.equal(undefined);
    expect(notices.join()).to.contain("Ignored OPENAI_BASE_URL, HF_BILL_TO");
  });

  it("finds the token of the Hub's own login, in the Hub's order", async () => {
    write(join(home, ".cache/huggingface/token"), "cached\n");
    expect(effective((await load()).layers).hf_token).to.equal("cached");
    write(join(home, "hf/token"), "homed");
    expect(effective((await load({ HF_HOME: "~/hf" })).layers).hf_token).to.equal("homed");
    write(join(home, "t"), "named");
    expect(effective((await load({ HF_HOME: "~/hf", HF_TOKEN_PATH: "~/t" })).layers).hf_token).to.equal("named");
    expect(effective((await load({ HF_TOKEN: "env" })).layers).hf_token).to.equal("env");
  });
});
