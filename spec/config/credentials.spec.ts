import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { dropKey, keepKey } from "../../tui/config/credentials/store.ts";
import { effective, sourceOf } from "../../tui/config/layers.ts";
import { loadConfig } from "../../tui/config/load.ts";
import { settingsPaths } from "../../tui/config/paths.ts";

describe("keys that are kept", () => {
  let home: string;
  let env: Record<string, string>;
  const saved = () => join(home, ".config/ml-intern/credentials.json");
  const hub = () => join(home, ".cache/huggingface/token");
  const load = async (more: Record<string, string> = {}) => loadConfig(home, { ...env, ...more }, null);
  const modeOf = (path: string) => statSync(path).mode & 0o777;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "keys-"));
    env = { HOME: home };
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it("are the user's alone, and the token of the Hub is where the Hub's own tools look", () => {
    expect(keepKey("ANTHROPIC_API_KEY", "sk-ant-1", env)).to.equal(saved());
    expect(keepKey("HF_TOKEN", "hf_1", env)).to.equal(hub());
    expect(modeOf(saved())).to.equal(0o600);
    expect(modeOf(hub())).to.equal(0o600);
    expect(modeOf(join(home, ".config/ml-intern"))).to.equal(0o700);
    expect(readFileSync(hub(), "utf8")).to.equal("hf_1");
    expect(keepKey("HF_TOKEN", "hf_2", { ...env, HF_HOME: "~/hub" })).to.equal(join(home, "hub/token"));
    expect(keepKey("HF_TOKEN", "hf_3", { ...env, HF_HOME: "~/hub", HF_TOKEN_PATH: join(home, "t") })).to.equal(
      join(home, "t"),
    );
  });

  it("are read as settings, each with its file, and the environment goes before them", async () => {
    keepKey("ANTHROPIC_API_KEY", "sk-ant-1", env);
    keepKey("OPENAI_API_KEY", "sk-1", env);
    keepKey("HF_TOKEN", "hf_1", env);
    const { layers, notices } = await load({ OPENAI_API_KEY: "sk-env" });
    expect(notices).to.deep.equal([]);
    expect(effective(layers)).to.include({ anthropic_api_key: "sk-ant-1", openai_api_key: "sk-env", hf_token: "hf_1" });
    expect(sourceOf(layers, ["anthropic_api_key"])).to.equal(saved());
    expect(sourceOf(layers, ["hf_token"])).to.equal(hub());
    expect(sourceOf(layers, ["openai_api_key"])).to.equal("environment");
  });

  it("are replaced and given up one by one", async () => {
    keepKey("ANTHROPIC_API_KEY", "sk-ant-1", env);
    keepKey("OPENAI_API_KEY", "sk-1", env);
    keepKey("ANTHROPIC_API_KEY", "sk-ant-2", env);
    expect(dropKey("OPENAI_API_KEY", env)).to.equal(saved());
    expect(dropKey("OPENAI_API_KEY", env)).to.equal(null);
    const { layers } = await load();
    expect(effective(layers)).to.include({ anthropic_api_key: "sk-ant-2" }).and.not.to.have.property("openai_api_key");
    keepKey("HF_TOKEN", "hf_1", env);
    expect(dropKey("HF_TOKEN", env)).to.equal(hub());
    expect(existsSync(hub())).to.equal(false);
  });

  it("take nothing else from their file, and tell of one that others can read", async () => {
    keepKey("ANTHROPIC_API_KEY", "sk-ant-1", env);
    writeFileSync(
      saved(),
      JSON.stringify({ anthropic_api_key: "sk-ant-1", hf_endpoint: "http://evil", approval: "auto" }),
    );
    chmodSync(saved(), 0o644);
    const { layers, notices } = await load();
    const config = effective(layers);
    expect(config.approval).to.equal(null);
    expect(config).to.not.have.property("hf_endpoint");
    expect(notices.join()).to.contain("chmod 600");
  });

  it("leave a file that is damaged as it is, and say so", async () => {
    mkdirSync(join(home, ".config/ml-intern"), { recursive: true });
    writeFileSync(saved(), "{ not json");
    expect((await load()).notices.join()).to.contain("no file of keys");
    expect(() => keepKey("OPENAI_API_KEY", "sk-1", env)).to.throw(/no file of keys/);
    expect(readFileSync(saved(), "utf8")).to.equal("{ not json");
  });

  it("follow a link to where it leads, and say why nothing could be written", () => {
    const elsewhere = join(home, "elsewhere.json");
    writeFileSync(elsewhere, "{}");
    mkdirSync(join(home, ".config/ml-intern"), { recursive: true });
    symlinkSync(elsewhere, saved());
    keepKey("OPENAI_API_KEY", "sk-1", env);
    expect(readFileSync(elsewhere, "utf8")).to.contain("sk-1");
    writeFileSync(join(home, "file"), "");
    expect(() => keepKey("HF_TOKEN", "hf_1", { ...env, HF_HOME: join(home, "file/below") })).to.throw(
      /cannot be written/,
    );
  });

  it("are closed to the tools, wherever the Hub's token is", () => {
    const paths = settingsPaths({ ...env, HF_TOKEN_PATH: "/keys/token" });
    expect(paths).to.include.members([join(home, ".config/ml-intern"), "/keys/token", hub()]);
  });
});
