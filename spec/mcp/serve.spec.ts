import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { CallToolResultSchema, ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect } from "chai";
import { type House, makeHouse, until } from "../support/program.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));

describe("mcp: the program as a server", function () {
  this.timeout(40_000);

  let house: House;
  let client: Client;
  let transport: StdioClientTransport;
  let stderr: string;
  const questions: string[] = [];

  /** Connects as another agent does; `answer`: what its user says to a question. */
  async function connect(answer: boolean | null, env: Record<string, string> = {}): Promise<void> {
    transport = new StdioClientTransport({
      command: process.execPath,
      args: [entry, "mcp"],
      cwd: house.workspace,
      env: { PATH: process.env.PATH ?? "", HOME: house.home, ML_INTERN_HOME: join(house.home, "ml"), ...env },
      stderr: "pipe",
    });
    stderr = "";
    transport.stderr?.on("data", (piece: Buffer) => {
      stderr += piece.toString();
    });
    client = new Client({ name: "other", version: "1" }, { capabilities: answer === null ? {} : { elicitation: {} } });
    if (answer !== null) {
      client.setRequestHandler(ElicitRequestSchema, ({ params }) => {
        questions.push(params.message);
        return { action: "accept" as const, content: { allow: answer } };
      });
    }
    await client.connect(transport);
  }
  const call = async (name: string, args: Record<string, unknown>) => {
    const result = await client.callTool({ name, arguments: args }, CallToolResultSchema);
    const [first] = result.content as { type: string; text: string }[];
    return { isError: result.isError === true, text: first?.text ?? "", result };
  };
  const audit = () =>
    readFileSync(join(house.home, "ml/state/served/audit.jsonl"), "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);

  function restrict(): void {
    const folder = join(house.home, ".config/ml-intern");
    mkdirSync(folder, { recursive: true });
    const rules = [{ verdict: "ask", access: "read", path: "{workspace}/private", reason: "is private" }];
    writeFileSync(join(folder, "cli_agent_config.json"), JSON.stringify({ policy: { preset: "default", rules } }));
    mkdirSync(join(house.workspace, "private"));
    writeFileSync(join(house.workspace, "private/diary.txt"), "dear diary");
  }

  beforeEach(() => {
    house = makeHouse();
    questions.length = 0;
  });
  afterEach(async () => {
    await client.close();
    house.remove();
  });

  it("offers the tools that others lack, and none that runs commands or writes", async () => {
    await connect(null);
    const { tools } = await client.listTools();
    const names = tools.map(({ name }) => name);
    expect(names).to.include.members(["read", "glob", "grep", "list"]);
    for (const name of ["bash", "write", "edit", "notify", "plan_tool"]) expect(names).not.to.include(name);
    const read = tools.find(({ name }) => name === "read");
    expect(read?.annotations).to.include({ readOnlyHint: true, openWorldHint: false });
    expect(read?.inputSchema.type).to.equal("object");
    expect(client.getServerVersion()).to.deep.include({ name: "ml-intern" });
  });

  it("runs calls in its folder, and keeps a line about each", async () => {
    writeFileSync(join(house.workspace, "a.txt"), "hello from a");
    await connect(null);
    const { isError, text } = await call("read", { path: "a.txt" });
    expect(isError).to.equal(false);
    expect(text).to.contain("hello from a");
    const bad = await call("read", { nonsense: 1 });
    expect(bad.isError).to.equal(true);
    expect(bad.text).to.contain("`path` is missing");
    const unknown = await call("bash", { command: "touch x" });
    expect(unknown.text).to.contain('There is no tool named "bash"');
    expect(existsSync(join(house.workspace, "x"))).to.equal(false);
    expect(audit().map(({ tool, verdict }) => [tool, verdict])).to.deep.equal([["read", "run"]]);
    expect(statSync(join(house.home, "ml/state/served/audit.jsonl")).mode & 0o777).to.equal(0o600);
  });

  it("refuses with the reason what would be asked about, where the client cannot ask", async () => {
    restrict();
    await connect(null);
    const { isError, text } = await call("read", { path: "private/diary.txt" });
    expect(isError).to.equal(true);
    expect(text).to.contain("is private").and.contain("cannot ask a person").and.not.contain("dear diary");
    expect(audit().map(({ verdict, rule }) => [verdict, rule])).to.deep.equal([["denied", "user:1"]]);
  });

  it("puts to the client's user what would be asked about, where the client can ask", async () => {
    restrict();
    await connect(true);
    expect((await call("read", { path: "private/diary.txt" })).text).to.contain("dear diary");
    expect(questions).to.have.length(1);
    expect(questions[0]).to.contain("is private").and.contain("diary.txt");
    expect(audit().map(({ verdict, who }) => [verdict, who])).to.deep.equal([["approved", "user"]]);
    await client.close();
    await connect(false);
    expect((await call("read", { path: "private/diary.txt" })).text).to.contain("it was refused");
  });

  it("does not run what its client has cancelled meanwhile", async () => {
    restrict();
    const control = new AbortController();
    await connect(true);
    client.setRequestHandler(ElicitRequestSchema, async () => {
      control.abort();
      await cancelled.catch(() => undefined);
      return { action: "accept" as const, content: { allow: true } };
    });
    const params = { name: "read", arguments: { path: "private/diary.txt" } };
    const cancelled = client.callTool(params, CallToolResultSchema, { signal: control.signal });
    const error = await cancelled.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(Error);
    writeFileSync(join(house.workspace, "a.txt"), "hello");
    expect((await call("read", { path: "a.txt" })).text).to.contain("hello");
    expect(audit().map(({ verdict }) => verdict)).to.deep.equal(["run"]);
  });

  it("closes what is closed to every tool, and lets no key out", async () => {
    mkdirSync(join(house.home, ".ssh"));
    writeFileSync(join(house.home, ".ssh/id_rsa"), "key");
    writeFileSync(join(house.workspace, "notes.txt"), "the token is hf_abcdefghijklmnopqrstuvwxyz012345");
    await connect(null, { HF_TOKEN: "hf_abcdefghijklmnopqrstuvwxyz012345" });
    expect((await call("read", { path: "~/.ssh/id_rsa" })).text).to.contain("store of credentials");
    expect((await call("read", { path: "notes.txt" })).text)
      .to.contain("[redacted")
      .and.not.contain("hf_abcdef");
  });

  it("ends when its client goes away, and leaves nothing but the audit", async () => {
    writeFileSync(join(house.workspace, "a.txt"), "hello");
    await connect(null);
    await call("read", { path: "a.txt" });
    const pid = transport.pid ?? 0;
    await client.close();
    await until("its end", () => {
      try {
        process.kill(pid, 0);
        return false;
      } catch {
        return true;
      }
    });
    expect(readdirSync(join(house.home, "ml/state/served"))).to.deep.equal(["audit.jsonl"]);
    expect(existsSync(join(house.home, "ml/state/sessions"))).to.equal(false);
    expect(stderr).to.equal("");
  });
});
