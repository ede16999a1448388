import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Access, Json } from "../../actors/events.ts";
import { judge } from "../../actors/session/policy/judge.ts";
import type { PolicyRules } from "../../actors/session/policy/types.ts";
import type { JsonObject } from "../../tui/config/layers.ts";
import { policyRules } from "../../tui/config/policy.ts";
import type { FrontError } from "../../tui/errors.ts";

describe("the rules of a run", () => {
  let root: string;
  let place: { workspace: string; home: string };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "policy-")));
    place = { workspace: join(root, "work"), home: join(root, "home") };
    mkdirSync(join(place.workspace, ".ml-intern"), { recursive: true });
    mkdirSync(place.home);
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const projectFile = () => join(place.workspace, ".ml-intern", "policy.json");
  const project = (text: string) => writeFileSync(projectFile(), text);
  const build = (config: JsonObject = {}) => policyRules(config, place, "/u/config.json");
  const failure = async (config: JsonObject = {}): Promise<FrontError> => {
    try {
      await build(config);
    } catch (error) {
      return error as FrontError;
    }
    throw new Error("it should have failed");
  };
  const verdict = (rules: PolicyRules, access: Access) =>
    judge(
      { tool: "t", arguments: {}, touches: [access] },
      { ...place, mode: "interactive", tainted: null, isFound: () => false, rules: { ...rules, session: [] } },
    );

  it("are those of the default preset where nobody says anything", async () => {
    const { rules, notices } = await build();
    expect(notices).to.deep.equal([]);
    expect(rules).to.deep.include({ user: [], project: [] });
    expect(rules.shipped.map(({ name }) => name)).to.include.members(["base:1", "preset:default:1"]);
    expect(verdict(rules, { kind: "write", path: join(place.workspace, "a") }).verdict).to.equal("allow");
    expect(JSON.parse(JSON.stringify(rules))).to.deep.equal(rules);
  });

  it("take the user's preset and rules, which may loosen", async () => {
    const { rules } = await build({
      policy: {
        preset: "careful",
        rules: [
          { verdict: "allow", access: "spend" },
          { verdict: "ask", access: "spend", over_usd: 5 },
        ],
      },
    });
    expect(verdict(rules, { kind: "spend", usd: 4 })).to.include({ verdict: "allow", rule: "user:1" });
    expect(verdict(rules, { kind: "spend", usd: 6 })).to.include({ verdict: "ask", rule: "user:2" });
    expect(verdict(rules, { kind: "write", path: join(place.workspace, "a") }).verdict).to.equal("ask");
  });

  it("let a run upload where its user says so, and nowhere else", async () => {
    const { rules } = await policyRules({}, place, "config", ["me/*"]);
    const upload = (target: string) =>
      verdict(rules, { kind: "publish", host: "huggingface.co", target, what: "upload" });
    expect(upload("me/m")).to.include({ verdict: "allow", rule: "--publish-to:1" });
    expect(upload("you/m").verdict).to.equal("ask");
  });

  it("let services be asked where the user has put them", async () => {
    const { rules } = await build({
      hf_endpoint: "http://hub.acme.test:8080/",
      arxiv_url: null,
      hf_token: "https://x",
    });
    expect(verdict(rules, { kind: "network", host: "hub.acme.test:8080" }).rule).to.equal("endpoint:1");
    expect(verdict(rules, { kind: "network", host: "hub.acme.test" }).verdict).to.equal("ask");
    expect(rules.shipped.filter(({ name }) => name.startsWith("endpoint"))).to.have.length(1);
  });

  it("take from the workspace's file what restricts, and say what they leave out", async () => {
    const deny = { verdict: "deny", access: "write", path: "{workspace}/data" };
    project(JSON.stringify({ rules: [{ verdict: "allow" }, deny, { verdict: "allow", tool: "bash" }] }));
    const { rules, notices } = await build();
    expect(rules.project).to.deep.equal([{ name: "project:2", rule: deny }]);
    expect(notices).to.have.length(1);
    expect(notices[0]).to.contain(projectFile()).and.contain("2 rules");
    expect(verdict(rules, { kind: "write", path: join(place.workspace, "data", "x") }).rule).to.equal("project:2");
  });

  it("hold for where a restricted path leads, and allow nothing through a link", async () => {
    const real = join(root, "real");
    mkdirSync(real);
    symlinkSync(real, join(place.workspace, "data"));
    project(JSON.stringify({ rules: [{ verdict: "deny", path: "{workspace}/data/new" }] }));
    const { rules } = await build({
      policy: { rules: [{ verdict: "allow", access: "write", path: "{workspace}/data" }] },
    });
    expect(verdict(rules, { kind: "write", path: join(real, "new", "x") })).to.include({
      verdict: "deny",
      rule: "project:1",
    });
    expect(verdict(rules, { kind: "write", path: join(real, "x") }).verdict).to.equal("ask");
  });

  it("are not made without a workspace's file that cannot be read or understood", async () => {
    const cases: [string, string, string][] = [
      ["POLICY_INVALID", "[]", "must be an object"],
      ["POLICY_INVALID", "{}", '"rules" must be a list'],
      ["POLICY_INVALID", '{"rules": [], "preset": "autonomous"}', 'no key "preset"'],
      ["POLICY_INVALID", '{"rules": [{"verdict": "denied"}]}', '"rules.0.verdict" must be one of allow, ask, deny'],
      ["CONFIG_NOT_JSON", '{"rules": [', "policy.json:1:"],
    ];
    for (const [code, text, message] of cases) {
      project(text);
      const error = await failure();
      expect(error.code, text).to.equal(code);
      expect(error.message).to.contain(message).and.contain(projectFile());
      expect(error.hint, text).to.be.a("string");
    }
    rmSync(projectFile());
    mkdirSync(projectFile());
    expect((await failure()).code).to.equal("POLICY_UNREADABLE");
    rmSync(projectFile(), { recursive: true });
    symlinkSync(projectFile(), projectFile());
    expect((await failure()).code).to.equal("POLICY_UNREADABLE");
  });

  it("name every key of the user's that is wrong", async () => {
    const cases: [Json, string][] = [
      ["careful", '"policy" must be an object'],
      [{ presets: "default" }, '"policy.presets" is no known key'],
      [{ preset: "carefull" }, '"policy.preset" cannot be "carefull"'],
      [{ preset: "always" }, '"policy.preset" cannot be "always"'],
      [{ rules: {} }, '"policy.rules" must be a list'],
      [{ rules: [{}] }, '"policy.rules.0.verdict"'],
      [{ rules: [{ verdict: "deny", paths: "/a" }] }, 'no key "paths"'],
      [{ rules: [{ verdict: "deny", path: "data" }] }, '"policy.rules.0.path" must begin with'],
      [{ rules: [{ verdict: "deny", path: "~other/x" }] }, '"policy.rules.0.path" must begin with'],
      [{ rules: [{ verdict: "deny", path: "/data/*" }] }, '"policy.rules.0.path" cannot hold *'],
      [{ rules: [{ verdict: "deny", host: "https://a.test" }] }, '"policy.rules.0.host" must be a host name'],
      [{ rules: [{ verdict: "deny", host: "api.*.test" }] }, '"policy.rules.0.host" must be a host name'],
      [
        { rules: [{ verdict: "deny", arguments: { command: 1 } }] },
        '"policy.rules.0.arguments.command" must be a string',
      ],
      [{ rules: [{ verdict: "deny", access: "writes" }] }, '"policy.rules.0.access" must be one of'],
      [{ rules: [{ verdict: "ask", over_usd: -1 }] }, '"policy.rules.0.over_usd" must not be negative'],
      [{ rules: [{ verdict: "allow", target: "" }] }, '"policy.rules.0.target" must not be empty'],
      [{ rules: [{ verdict: "allow", access: "write", target: "me/*" }] }, '"policy.rules.0" can never fit'],
      [{ rules: [{ verdict: "deny", access: "network", path: "/a" }] }, '"policy.rules.0" can never fit'],
      [{ rules: [{ verdict: "allow", tainted: true }] }, '"policy.rules.0" cannot allow'],
      [{ rules: [{ verdict: "ask", tainted: false }] }, '"policy.rules.0.tainted" must be true'],
      [{ rules: [{ verdict: "deny", host: "a.test", over_usd: 1 }] }, '"policy.rules.0" can never fit'],
    ];
    for (const [policy, message] of cases) {
      const error = await failure({ policy });
      expect(error).to.include({ code: "POLICY_INVALID", exitCode: 2 });
      expect(error.message).to.contain(message).and.contain("/u/config.json");
    }
    expect((await failure({ policy: { preset: "carefull" } })).hint).to.contain("Did you mean careful?");
  });
});
