import { expect } from "chai";
import { effective, type JsonObject } from "../../tui/config/layers.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { fillServers, mcpConfig } from "../../tui/config/mcp.ts";

const of = (mcpServers: JsonObject[string], more: JsonObject = {}) => mcpConfig({ mcpServers, ...more });
const first = (entry: JsonObject, more: JsonObject = {}) => of({ one: entry }, more).servers[0];

describe("config: MCP servers", () => {
  it("are commands or addresses, in the shape that such programs share", () => {
    expect(first({ command: "npx", args: ["-y", "x"], env: { A: "b" } })).to.deep.include({
      name: "one",
      transport: { kind: "stdio", command: "npx", args: ["-y", "x"], env: { A: "b" }, cwd: null },
      trust: false,
      off: null,
      allowed: null,
      denied: [],
      callMs: 120_000,
    });
    const kinds = [
      [{ url: "https://a.example/mcp" }, "guess"],
      [{ url: "https://a.example/mcp", transport: "http" }, "http"],
      [{ url: "https://a.example/mcp", type: "streamable-http" }, "http"],
      [{ url: "https://a.example/sse" }, "sse"],
      [{ url: "https://a.example/mcp", transport: "sse", headers: { A: "b" } }, "sse"],
    ] as const;
    for (const [entry, kind] of kinds) expect(first(entry as never)?.transport.kind).to.equal(kind);
  });

  it("have limits, lists and trust of their own", () => {
    const entry = {
      command: "x",
      trust: true,
      timeout_ms: 5,
      start_timeout_ms: "7",
      token_budget: 9,
      allowed_tools: ["a"],
      denied_tools: ["b"],
    };
    expect(first(entry)).to.deep.include({
      trust: true,
      callMs: 5,
      startMs: 7,
      tokens: 9,
      allowed: ["a"],
      denied: ["b"],
    });
    expect(first({ command: "x" }, { limits: { tool_timeout_ms: 42 } })?.callMs).to.equal(42);
    for (const entry of [{ enabled: false }, { disabled: true }]) {
      expect(first({ command: "x", ...entry })?.off).to.equal("the config says so");
    }
    expect(of({ one: null }).servers).to.deep.equal([]);
    expect(of(null).servers).to.deep.equal([]);
  });

  it("that make no sense are switched off, each with its reason, and the others go on", () => {
    const wrong: [JsonObject[string], string][] = [
      [3, "must be an object"],
      [{}, '"command" or "url"'],
      [{ command: "x", url: "https://a.example" }, '"command" or "url"'],
      [{ command: "x", transport: "http" }, 'the transport "stdio"'],
      [{ url: "https://a.example", transport: "stdio" }, '"http" or "sse"'],
      [{ url: "https://a.example", transport: "pigeon" }, "must be stdio, http or sse"],
      [{ url: "ftp://a.example" }, "http(s) address"],
      [{ url: "https://user:secret@a.example" }, "without a user name"],
      [{ command: "x", args: "y" }, '"args" must be a list'],
      [{ command: "x", env: { A: 1 } }, '"env" must be an object of texts'],
      [{ command: "x", cwd: "here" }, '"cwd" must begin with'],
      [{ command: "x", trust: "maybe" }, '"trust" must be true or false'],
      [{ command: "x", timeout_ms: -1 }, '"timeout_ms" must be a whole number'],
      [{ command: "x", denied_tool: [] }, 'did you mean "denied_tools"'],
      [{ command: "x", requires: "luck" }, '"requires" can be hf_token only'],
    ];
    for (const [entry, words] of wrong) {
      const { servers, notices } = of({ bad: entry, good: { command: "x" } });
      expect(servers.map(({ name, off }) => [name, off === null])).to.deep.equal([
        ["bad", false],
        ["good", true],
      ]);
      expect(notices).to.have.length(1);
      expect(notices[0], JSON.stringify(entry)).to.contain('"bad"').and.contain(words);
      expect(notices[0]).not.to.contain("secret");
    }
    expect(() => of([])).to.throw("must be an object of servers");
  });

  it("need their variables, and one that is not set switches off one server", () => {
    const written = {
      a: { url: "https://a.example", headers: { A: "Bearer $".concat("{KEY}") } },
      b: { command: "x", args: ["$".concat("{NOPE}")] },
    };
    const filled = fillServers(written, { KEY: "k" }, "file");
    const { servers, notices } = of(filled);
    expect(servers[0]?.transport).to.deep.include({ headers: { A: "Bearer k" } });
    expect(servers[1]?.off).to.contain("NOPE");
    expect(notices).to.have.length(1);
  });

  it("ship with the Hub's own, which is off without a token, and where the Hub is elsewhere", () => {
    const shipped = shippedConfig();
    const hub = (more: JsonObject) => {
      const config = effective([shipped, { source: "user", values: more }]);
      return mcpConfig(config).servers.find(({ name }) => name === "hf-mcp-server");
    };
    expect(hub({})?.off).to.contain("HF_TOKEN");
    expect(hub({ hf_token: "hf_x" })).to.deep.include({ off: null, shipped: true, trust: false });
    expect(hub({ hf_token: "hf_x", hf_endpoint: "http://127.0.0.1:9" })?.off).to.contain("HF_ENDPOINT");
    expect(hub({ hf_token: "hf_x", mcpServers: { "hf-mcp-server": { enabled: false } } })?.off).to.equal(
      "the config says so",
    );
    expect(hub({ hf_token: "hf_x", mcpServers: { "hf-mcp-server": null } })).to.equal(undefined);
    expect(hub({ hf_token: "hf_x" })?.denied).to.include("hf_jobs");
  });
});
