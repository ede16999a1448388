import { execFile } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import type { RunResult } from "../../tui/headless/result.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse, type RunOptions, until, writeSettings } from "../support/program.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
  version: string;
};

/** Colours and other terminal control. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about.
const control = /[\u0000-\u0008\u000b-\u001f\u007f]/;

describe("the program from outside", function () {
  this.timeout(30_000);
  let house: House;
  let server: ScriptedServer | null = null;
  let modelEnv: Record<string, string> = {};

  beforeEach(() => {
    house = makeHouse();
  });
  afterEach(async () => {
    await server?.close();
    server = null;
    modelEnv = {};
    house.remove();
  });

  const run = (args: string[], options: RunOptions = {}) => house.run(args, { entry, ...options });
  /** A model that answers as scripted, and the arguments to use it. */
  async function model(script: Entry | Entry[]): Promise<string[]> {
    server = await startOpenAiServer(script, { models: [{ id: "scripted" }] });
    house.remove();
    modelEnv = { LLAMACPP_BASE_URL: server.url };
    house = makeHouse(modelEnv);
    return ["-m", "llamacpp/scripted"];
  }
  const asked = () => JSON.stringify(server?.requests.at(-1)?.body.messages);

  it("says its version and how it is used, and nothing else", async () => {
    expect(await run(["--version"])).to.include({ code: 0, stdout: `${version}\n`, stderr: "" });
    const help = await run(["-h"]);
    expect(help).to.include({ code: 0, stderr: "" });
    expect(help.stdout).to.contain("Usage");
  });

  it("refuses bad usage with 2, on standard error, before anything has begun", async () => {
    for (const [args, words] of [
      [["--modle", "x"], "--model"],
      [["-m", "", "hello"], "--model"],
      [["sessions", "extra"], "extra"],
      [["config", "set", "x"], "set x"],
      [["models", "--all"], "--all"],
      [[], "no prompt"],
      [["-m", "openai/x", "hello"], "OPENAI_API_KEY"],
      [["-m", "gpt-5", "hello"], "openai/gpt-5"],
      [["--cwd", "/none/such", "hello"], "/none/such"],
      [["-c", "hello"], "no session"],
      [["-r"], "Which session"],
      [["-r", "2020", "hello"], "2020"],
      [["--config", "/none/such.json", "hello"], "/none/such.json"],
    ] as const) {
      const { code, stdout, stderr } = await run([...args]);
      expect({ code, stdout }, stderr).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.contain(words);
      expect(stderr).to.not.match(/\n\s+at /);
    }
    expect(house.sessions()).to.deep.equal([]);
  });

  it("states a failure before the start as JSON where JSON was asked for", async () => {
    const { code, stdout } = await run(["-m", "openai/x", "hello", "--output-format", "json"]);
    const result = JSON.parse(stdout) as RunResult;
    expect([code, result.exit_code, result.error?.code]).to.deep.equal([2, 2, "CREDENTIAL_MISSING"]);
  });

  it("answers on standard output alone, without control characters, and reads the rest of the prompt from a pipe", async () => {
    const args = await model(replies({ text: "Forty-two.\u001b[2J" }));
    const { code, stdout, stderr } = await run(["What is it?", ...args], { stdin: "piped words" });
    expect(code, stderr).to.equal(0);
    expect(stdout).to.equal("Forty-two.␛[2J\n");
    expect(stderr).to.not.match(control);
    expect(asked()).to.contain("What is it?\\n\\npiped words");
  });

  it("prints one object with json: what was said, used and spent", async () => {
    const args = await model(replies({ text: "Yes." }));
    const { stdout, stderr } = await run(["ok?", ...args, "--output-format", "json"]);
    const result = JSON.parse(stdout) as RunResult;
    expect(result).to.deep.include({
      status: "done",
      exit_code: 0,
      final_response: "Yes.",
      iterations: 1,
      error: null,
    });
    expect(result.usage).to.deep.include({ model_calls: 1, prompt_tokens: 100, completion_tokens: 10 });
    expect(result.session_id).to.equal(house.sessions()[0]);
    expect(stderr).to.equal("");
  });

  it("prints every event of the run with stream-json, on a resumed session those of the new run only", async () => {
    const args = [...(await model(replies({ text: "Yes." }))), "--output-format", "stream-json"];
    const lines = (text: string) =>
      text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
    const first = lines((await run(["one", ...args])).stdout);
    const second = lines((await run(["two", "-c", ...args])).stdout);
    for (const events of [first, second]) {
      expect(events.at(-1)).to.deep.include({ type: "result" });
      expect(events.map(({ type }) => type)).to.include.members([
        "process_started",
        "assistant_chunk",
        "turn_complete",
      ]);
    }
    const durable = (events: { type: string; seq: number }[]) =>
      [...new Set(events.map(({ seq }) => seq))].sort((a, b) => a - b);
    expect(durable(first)).to.deep.equal(durable(first).map((_, index) => index + 1));
    expect(first[0].type).to.equal("session_started");
    expect(Math.min(...durable(second))).to.equal(Math.max(...durable(first)) + 2);
    expect(second[0].type).to.equal("process_started");
    expect(asked()).to.contain("one").and.contain("two");
  });

  it("ends with 1 and the provider's hint when the key is refused", async () => {
    const args = await model({ status: 401, body: { error: { message: "bad key" } } });
    const { code, stdout, stderr } = await run(["hello", ...args]);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.contain("LLM_UNAUTHORIZED");
  });

  it("ends with 4 at the limit of model calls", async () => {
    const args = await model(replies({ calls: [{ name: "list", arguments: {} }] }));
    const { code, stderr } = await run(["go", ...args, "--max-iterations", "1"]);
    expect(code, stderr).to.equal(4);
    expect(stderr).to.contain("--max-iterations");
  });

  it("denies what would need an approval, says how to give it, and ends with 3; with --approval auto it runs", async () => {
    const outside = join(house.home, "outside.txt");
    const script: Entry = (request, index) => {
      const done = JSON.stringify(request.body.messages).includes('"role":"tool"');
      const turn = done
        ? { text: "Over." }
        : { calls: [{ id: "w", name: "write", arguments: { path: outside, content: "x" } }] };
      const next = replies(turn);
      return typeof next === "function" ? next(request, index) : next;
    };
    const args = [...(await model(script)), "--output-format", "json"];
    mkdirSync(join(outside, ".."), { recursive: true });
    const denied = await run(["go", ...args]);
    const result = JSON.parse(denied.stdout) as RunResult;
    expect([denied.code, result.status]).to.deep.equal([3, "denied"]);
    expect(result.denied.map(({ tool, tool_call_id }) => [tool, tool_call_id])).to.deep.equal([["write", "w"]]);
    expect(result.error?.hint).to.contain("--approval auto");
    expect(asked()).to.contain("Nobody is there");
    const allowed = await run(["go", ...args, "--approval", "auto"]);
    expect(JSON.parse(allowed.stdout)).to.deep.include({ exit_code: 0, denied: [] });
  });

  it("lists sessions, and finds one by the beginning of its id", async () => {
    const args = await model(replies({ text: "Yes." }));
    await run(["first words", ...args]);
    const [id = ""] = house.sessions();
    const listed = JSON.parse((await run(["sessions", "--json"])).stdout);
    expect(listed).to.have.length(1);
    expect(listed[0]).to.deep.include({
      id,
      cwd: house.workspace,
      model: "llamacpp/scripted",
      turns: 1,
      first_prompt: "first words",
      state: "done",
    });
    const resumed = await run(["more", "-r", id.slice(0, 12)], { env: {} });
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(house.sessions()).to.deep.equal([id]);
    expect((await run(["sessions"])).stdout).to.contain("2 turns");
    const nothing = await run(["-c", "--output-format", "json"]);
    expect(JSON.parse(nothing.stdout)).to.include({ exit_code: 0, reason: "nothing_to_finish" });
  });

  it("shows the models of a local server, the settings without secrets, and the state of the machine", async () => {
    await model([]);
    const env = { ANTHROPIC_API_KEY: "very-secret", OPENAI_BASE_URL: "http://me:very-secret@host/v1" };
    writeFileSync(join(house.workspace, ".env"), "HF_TOKEN=very-secret\nHF_ENDPOINT=http://elsewhere\n");
    const [models, config, doctor] = await Promise.all(
      ["models", "config", "doctor"].map((name) => run([name, "--json"], { env })),
    );
    for (const answer of [models, config, doctor]) {
      expect(answer?.code, answer?.stderr).to.equal(0);
      expect(answer?.stdout).to.not.contain("very-secret").and.not.contain('elsewhere"');
    }
    const { local, usable, roles } = JSON.parse(models?.stdout ?? "");
    expect(roles).to.deep.equal({ summary: null, research: null, fallback: null });
    expect(local.find(({ prefix }: { prefix: string }) => prefix === "llamacpp").models).to.deep.equal([
      "llamacpp/scripted",
    ]);
    expect(usable[0]).to.match(/^anthropic\//);
    const { settings, notices } = JSON.parse(config?.stdout ?? "");
    expect(settings).to.deep.include({ key: "anthropic_api_key", value: "(set)", source: "environment" });
    expect(notices.join()).to.contain("HF_ENDPOINT");
    const { checks } = JSON.parse(doctor?.stdout ?? "");
    const byName = (wanted: string) => checks.find(({ name }: { name: string }) => name === wanted);
    expect(byName("node").status).to.equal("ok");
    expect(byName("keys").detail).to.contain("ANTHROPIC_API_KEY").and.contain("HF_TOKEN");
  });

  it("shows of the ways to people only that they are set", async () => {
    const file = join(house.home, "people.json");
    const team = { token: "xoxb-very-secret", channel: "C1", app_token: "xapp-very-secret", approvers: ["U1"] };
    const hook = { provider: "webhook", url: "https://hooks.example/very-secret" };
    writeFileSync(file, JSON.stringify({ messaging: { enabled: true, destinations: { "slack.team": team, hook } } }));
    const { stdout } = await run(["config", "--json", "--config", file]);
    expect(stdout).to.contain("C1").and.not.contain("very-secret");
    const { settings } = JSON.parse(stdout) as { settings: { key: string; value: unknown }[] };
    const hidden = settings.filter(({ key, value }) => key.startsWith("messaging.") && value === "(set)");
    expect(hidden.map(({ key }) => key.split(".").at(-1))).to.have.members(["token", "app_token", "url"]);
  });

  it("loses nothing when the reader of its output is slow", async () => {
    const text = "0123456789".repeat(60_000);
    const args = await model(replies({ text, pieceLength: 4_000 }));
    const { child, done } = house.start(["go", ...args, "--output-format", "stream-json"], { entry });
    child.stdout?.pause();
    await until("the end of the turn", () => eventsOf(house.journal(), "turn_complete").length === 1);
    child.stdout?.resume();
    const { code, stdout } = await done;
    expect(code).to.equal(0);
    const last = JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "");
    expect(last.type).to.equal("result");
    expect(last.data.final_response).to.equal(text);
  });

  it("goes quietly, as in any pipeline, when the reader of its output leaves", async () => {
    const args = await model({
      steps: [{ data: { choices: [{ index: 0, delta: { content: "It beg" } }] } }, { silence: true }],
    });
    const { child, done } = house.start(["go", ...args, "--output-format", "stream-json"], { entry });
    await new Promise((resolve) => child.stdout?.once("data", resolve));
    child.stdout?.destroy();
    // Only the next write can tell that nobody reads; the model's first words are one.
    const { code, stderr } = await done;
    expect(code, stderr).to.equal(141);
    expect(stderr).to.equal("");
    expect(JSON.parse((await run(["sessions", "--json"])).stdout)[0].state).to.equal("unfinished");
  });

  /** A model that says nothing the first time that it is asked. */
  const silentOnce = (turn: Parameters<typeof replies>[0]): Entry => {
    const next = replies(turn);
    return (request, index) => {
      if (index === 0) return { steps: [{ silence: true }] };
      return typeof next === "function" ? next(request, index) : next;
    };
  };

  for (const [signal, code] of [
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
    ["SIGTERM", 143],
  ] as const) {
    it(`ends with ${code} on ${signal} and leaves its turn open, so that --continue finishes it`, async () => {
      const args = await model(silentOnce({ text: "Finished." }));
      const { child, done } = house.start(["go", ...args], { entry });
      await until("the model call", () => server?.requests.length === 1);
      const sentAt = Date.now();
      child.kill(signal);
      const ended = await done;
      expect(ended.code, ended.stderr).to.equal(code);
      expect(Date.now() - sentAt).to.be.below(1_500);
      expect(ended.stderr).to.contain("--continue");
      expect(eventsOf(house.journal(), "interrupted")).to.deep.equal([]);
      const resumed = await run(["-c"]);
      expect(resumed, resumed.stderr).to.include({ code: 0, stdout: "Finished.\n" });
      expect(eventsOf(house.journal(), "processing")).to.have.length(1);
    });
  }

  it("ends the commands of a run that is told to end, and the turn goes on from there", async () => {
    const command = "touch up; sleep 300";
    const script: Entry = (request, index) => {
      const done = JSON.stringify(request.body.messages).includes('"role":"tool"');
      const next = replies(done ? { text: "Over." } : { calls: [{ name: "bash", arguments: { command } }] });
      return typeof next === "function" ? next(request, index) : next;
    };
    const args = await model(script);
    const { child, done } = house.start(["go", ...args], { entry });
    await until("the command", () => exists("up"));
    child.kill("SIGTERM");
    expect((await done).code).to.equal(143);
    expect(commandsOf(house)).to.deep.equal([]);
    const resumed = await run(["-c"]);
    expect(resumed, resumed.stderr).to.include({ code: 0, stdout: "Over.\n" });
    expect(resumed.stderr).to.contain("✗ Run: touch up");
  });

  it("says that a job in the background was ended with the program", async () => {
    const script: Entry = (request, index) => {
      const call = { name: "bash", arguments: { command: "sleep 300", background: true } };
      const next = replies(index === 0 ? { calls: [call] } : { text: "Started." });
      return typeof next === "function" ? next(request, index) : next;
    };
    const args = await model(script);
    const ended = await run(["go", ...args]);
    expect(ended, ended.stderr).to.include({ code: 0, stdout: "Started.\n" });
    expect(ended.stderr).to.contain("1 command that still ran was ended");
    expect(commandsOf(house)).to.deep.equal([]);
  });

  it("goes on after a turn that ended early, in the user's place, and says so", async () => {
    const args = await model(silentOnce({ text: "Finished." }));
    const { child, done } = house.start(["go", ...args], { entry });
    await until("the model call", () => server?.requests.length === 1);
    child.kill("SIGINT");
    const ended = await done;
    expect(ended.code, ended.stderr).to.equal(130);
    expect(ended.stderr).to.contain("Go on with --continue");
    const resumed = await run(["-c"]);
    expect(resumed, resumed.stderr).to.include({ code: 0, stdout: "Finished.\n" });
    expect(resumed.stderr).to.contain("Go on where you stopped.");
    expect(asked()).to.contain("Go on where you stopped.");
    const again = await run(["-c"]);
    expect(again.code).to.equal(0);
    expect(again.stderr).to.contain("nothing to finish").and.not.contain("--continue");
  });

  it("goes on after the limit of model calls", async () => {
    const script: Entry = (request, index) => {
      const next = replies(index === 0 ? { calls: [{ name: "list", arguments: {} }] } : { text: "Finished." });
      return typeof next === "function" ? next(request, index) : next;
    };
    const args = await model(script);
    const limited = await run(["go", ...args, "--max-iterations", "1"]);
    expect(limited.stderr).to.contain("Go on with --continue");
    const resumed = await run(["-c"]);
    expect(resumed, resumed.stderr).to.include({ code: 0, stdout: "Finished.\n" });
  });

  it("ends with 1 and one line when its output cannot be written", async function () {
    if (!existsSync("/dev/full")) this.skip();
    const args = await model(replies({ text: "Yes." }));
    for (const words of [
      ["go", ...args],
      ["go", ...args, "--output-format", "stream-json"],
      ["sessions"],
      ["-v"],
      ["-h"],
    ]) {
      const { code, stderr } = await intoFull(words);
      expect(code, `${words}: ${stderr}`).to.equal(1);
      expect(stderr.match(/ENOSPC.*\[ENOSPC\]/g), stderr).to.have.length(1);
      expect(stderr).to.not.match(/\n\s+at /);
    }
  });

  it("says that its folder is gone", async () => {
    const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
    for (const words of [["hello"], ["config"]]) {
      const { code, stderr } = await shell(script, words);
      expect(code, stderr).to.equal(2);
      expect(stderr).to.contain("CWD_MISSING");
    }
  });

  it("states a broken config as JSON where JSON was asked for", async () => {
    const file = join(house.home, "c.json");
    writeFileSync(file, "{ nope");
    const { code, stdout } = await run(["config", "--json", "--config", file]);
    expect(code).to.equal(2);
    expect(JSON.parse(stdout)).to.deep.include({ status: "error", reason: "CONFIG_NOT_JSON", exit_code: 2 });
  });

  it("tells of a damaged journal that it has repaired", async () => {
    const args = await model(replies({ text: "Yes." }));
    await run(["one", ...args]);
    const [id = ""] = house.sessions();
    appendFileSync(join(house.home, "ml/state/sessions", id, "journal.jsonl"), '{"seq":9');
    const resumed = await run(["two", "-c"]);
    expect(resumed.code, resumed.stderr).to.equal(0);
    expect(resumed.stderr).to.contain("8 bytes of a damaged journal were cut off and kept beside it.");
  });

  /** Runs the program from a shell, as `"$@"`. */
  function shell(script: string, words: string[]): Promise<{ code: number | null; stderr: string }> {
    const env = { PATH: process.env.PATH ?? "", HOME: house.home, ML_INTERN_HOME: join(house.home, "ml"), ...modelEnv };
    const argv = ["-c", script, "bash", process.execPath, entry, ...words];
    return new Promise((resolve) => {
      const child = execFile("bash", argv, { cwd: house.workspace, env }, (_error, _stdout, stderr) => {
        resolve({ code: child.exitCode, stderr });
      });
      child.stdin?.end();
    });
  }

  const intoFull = (words: string[]) => shell('exec "$@" > /dev/full < /dev/null', words);

  it("leaves no stubborn command behind, however often it is interrupted", async () => {
    const command = "trap '' TERM INT; touch up; while :; do sleep 0.05; done";
    const args = await model(replies({ calls: [{ name: "bash", arguments: { command } }] }));
    const config = join(house.home, "c.json");
    writeSettings(config, { limits: { grace_ms: 300 } });
    const { child, done } = house.start(["go", ...args, "--config", config], { entry });
    await until("the command", () => exists("up"));
    child.kill("SIGINT");
    await until("the interruption", () => eventsOf(house.journal(), "interrupted").length === 1);
    child.kill("SIGINT");
    child.kill("SIGTERM");
    const { code, stderr } = await done;
    expect(code, stderr).to.equal(130);
    expect(stderr).to.contain("Stopping");
    expect(commandsOf(house)).to.deep.equal([]);
  });

  /** The processes that have this house's home in their environment: what commands of its runs have started. */
  function commandsOf({ home }: House): string[] {
    return readdirSync("/proc").filter((pid) => {
      try {
        const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))?.[1];
        return state !== "Z" && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`HOME=${home}\0`);
      } catch {
        return false;
      }
    });
  }

  function exists(name: string): boolean {
    return existsSync(join(house.workspace, name));
  }
});
