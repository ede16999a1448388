import { spawn, spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type House, until } from "../support/program.ts";
import type { ScriptedServer } from "../support/sse.ts";
import { houseFor } from "./talk.ts";

const entry = fileURLToPath(new URL("./ml-intern.js", import.meta.url));
const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

(hasTerminals ? describe : describe.skip)("a conversation at a terminal", function () {
  this.timeout(40_000);
  let house: House;
  let server: ScriptedServer;
  let leave = () => {};

  beforeEach(async () => {
    server = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    house = houseFor(server.url);
  });
  afterEach(async () => {
    leave();
    await server.close();
    house.remove();
  });

  /** Runs the program with a terminal of its own, at which keys are typed. */
  function sit() {
    const command = `${process.execPath} ${entry} --plain -m llamacpp/scripted`;
    const child = spawn("script", ["-qefc", command, "/dev/null"], {
      cwd: house.workspace,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: house.home,
        ML_INTERN_HOME: join(house.home, "ml"),
        LLAMACPP_BASE_URL: server.url,
        TERM: "xterm-256color",
        EDITOR: "sed -i s/first/second/",
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let screen = "";
    child.stdout.on("data", (chunk: Buffer) => {
      screen += chunk.toString();
    });
    const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
    leave = () => void child.kill("SIGKILL");
    return {
      ended,
      type: (keys: string) => void child.stdin.write(keys),
      shows: (text: string) => until(`"${text}" on the screen`, () => screen.includes(text)),
    };
  }
  const asked = (index: number) => JSON.stringify(server.requests.at(index)?.body.messages);

  it("talks without a prompt, keeps what was typed for the next time, and leaves at the end of input", async () => {
    server.push(replies({ text: "Good day." }));
    const seat = sit();
    await seat.shows("›");
    seat.type("hello there\r");
    await seat.shows("Good day.");
    await seat.shows("model call");
    seat.type("\u0004");
    expect(await seat.ended).to.equal(0);
    expect(readFileSync(join(house.home, "ml/state/history"), "utf8")).to.equal("hello there\n");
  });

  it("runs a call with the arguments that the user has edited", async () => {
    const path = join(house.home, "x.txt");
    server.push(
      replies({ calls: [{ name: "write", arguments: { path, content: "first" } }] }),
      replies({ text: "Written." }),
    );
    const seat = sit();
    await seat.shows("›");
    seat.type("write it\r");
    await seat.shows("[e] edit");
    expect(existsSync(path)).to.equal(false);
    seat.type("e\r");
    await seat.shows("Written.");
    expect(readFileSync(path, "utf8")).to.equal("second");
    seat.type("/quit\r");
    expect(await seat.ended).to.equal(0);
  });

  it("takes messages while the agent works, and a pasted text as one", async () => {
    let proceed = () => {};
    const waits = new Promise<void>((resolve) => {
      proceed = resolve;
    });
    const entry = replies({ text: "Done." });
    server.push(async (request, index) => {
      await waits;
      return typeof entry === "function" ? entry(request, index) : entry;
    }, entry);
    const seat = sit();
    await seat.shows("›");
    seat.type("first\r");
    await until("the request", () => server.requests.length === 1);
    seat.type("\u001b[200~one\rtwo\u001b[201~\r");
    await seat.shows("it waits for its turn");
    proceed();
    await until("the second request", () => server.requests.length === 2);
    expect(asked(1)).to.contain("one\\ntwo");
    seat.type("/exit\r");
    expect(await seat.ended).to.equal(0);
  });

  it("ends the turn at Ctrl-C and leaves at the second within a second", async () => {
    server.push({ steps: [{ silence: true }] });
    const seat = sit();
    await seat.shows("›");
    seat.type("first\r");
    await until("the request", () => server.requests.length === 1);
    seat.type("\u0003");
    await seat.shows("interrupting");
    seat.type("\u0003");
    expect(await seat.ended).to.equal(130);
  });
});
