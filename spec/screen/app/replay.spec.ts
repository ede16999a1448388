import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../../support/openai-server.ts";
import { type House, makeHouse, until } from "../../support/program.ts";
import type { ScriptedServer } from "../../support/sse.ts";
import { entry, hasTerminals, type Seat, sit } from "./seat.ts";

(hasTerminals ? describe : describe.skip)("the replay of a session on the screen", function () {
  this.timeout(40_000);
  let server: ScriptedServer;
  let house: House;
  let seat: Seat;
  let id: string;

  beforeEach(async () => {
    server = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
    const command = "echo METRIC loss=0.5; echo the-output";
    server.push(
      replies({ text: "I look.", calls: [{ id: "b1", name: "bash", arguments: { command } }] }),
      replies({ text: "That was all." }),
    );
    const run = await house.run(["-m", "llamacpp/scripted", "--approval", "auto", "look around"], { entry });
    expect(run.code, run.stderr).to.equal(0);
    id = house.sessions()[0] ?? "";
  });
  afterEach(async () => {
    seat.leave();
    await server.close();
    house.remove();
  });

  const play = (...args: string[]) => {
    seat = sit(house, {}, ["sessions", "replay", id, ...args], 120, 30);
  };
  /** Every file of the home with what is in it. */
  const files = () =>
    readdirSync(join(house.home, "ml"), { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => [join(found.parentPath, found.name), readFileSync(join(found.parentPath, found.name), "utf8")]);

  it("shows what happened to its end, says that it is a replay, and runs, asks and writes nothing", async () => {
    const before = files();
    const asked = server.requests.length;
    play("--speed", "4");
    await seat.shows("replay of a saved session: nothing is run");
    await seat.shows("replay, at its end");
    await seat.shows("› look around");
    await seat.shows("I look.");
    await seat.shows("✓ bash");
    await seat.shows("That was all.");
    seat.type("hello\r");
    seat.type("q");
    expect(await seat.ended).to.equal(0);
    expect(files()).to.deep.equal(before);
    expect(server.requests).to.have.length(asked);
    for (const mode of ["1049", "2004", "1000", "1004"]) {
      const written = seat.written();
      expect(written.lastIndexOf(`\u001b[?${mode}l`), mode).to.be.greaterThan(written.lastIndexOf(`\u001b[?${mode}h`));
    }
  });

  it("waits for a key, goes on step by step, faster and slower", async () => {
    play("--speed", "0.001");
    await seat.shows("0.001x");
    seat.type(" ");
    await seat.shows("replay, paused");
    // Each step shows something new, until the answer is there.
    await until("the answer", () => {
      seat.type("\u001b[C");
      return seat.rows().some((row) => row.includes("That was all."));
    });
    expect(seat.rows().join("\n")).to.contain("✓ bash");
    seat.type("+");
    await seat.shows("0.25x");
    seat.type("++-");
    await seat.shows("0.5x");
    seat.type("\u001b");
    expect(await seat.ended).to.equal(0);
  });

  it("can be read, searched and helped with as a session can, and changed in nothing", async () => {
    play("--speed", "100");
    await seat.shows("at its end");
    seat.type("\u0013the-output");
    await seat.shows("1 of 1");
    seat.type("\u001b");
    await seat.clears("search:");
    seat.type("\u001bOP");
    await seat.shows("─ help ─");
    seat.type("\u001b");
    await seat.clears("╭");
    seat.type("\u0010");
    await seat.shows("nothing can be done in it but look");
    seat.type("\u0003");
    expect(await seat.ended).to.equal(0);
  });
});

(hasTerminals ? describe : describe.skip)("the mouse on the screen", function () {
  this.timeout(40_000);
  let server: ScriptedServer;
  let house: House;
  let seat: Seat;

  beforeEach(async () => {
    server = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
  });
  afterEach(async () => {
    seat.leave();
    await server.close();
    house.remove();
  });

  async function open(...args: string[]): Promise<void> {
    seat = sit(house, { LLAMACPP_BASE_URL: server.url }, ["-m", "llamacpp/scripted", ...args], 100, 30);
    await seat.shows("ready");
  }
  const press = (x: number, y: number) => seat.type(`\u001b[<0;${x + 1};${y + 1}M\u001b[<0;${x + 1};${y + 1}m`);

  it("unfolds the call that is clicked, and never asks for motion", async () => {
    const command = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do echo counted $n times; done";
    server.push(replies({ calls: [{ id: "b1", name: "bash", arguments: { command } }] }), replies({ text: "Done." }));
    await open("--approval", "auto");
    seat.type("count\r");
    await seat.shows("Done.");
    await seat.clears("counted 12 times");
    const y = seat.rows().findIndex((row) => row.includes("✓ bash"));
    press(10, y);
    await seat.shows("counted 12 times");
    for (const mode of ["1002", "1003"]) expect(seat.written()).to.not.contain(`\u001b[?${mode}h`);
  });

  it("answers no question by a click, also by the one that brings the window back", async () => {
    const write = { name: "write", arguments: { path: "/elsewhere/file.txt", content: "x" } };
    server.push(replies({ calls: [{ id: "w1", ...write }] }), replies({ text: "As you wish." }));
    await open();
    seat.type("write it\r");
    await seat.shows("[y]");
    seat.type("\u001b[O\u001b[I");
    const y = seat.rows().findIndex((row) => row.includes("[y]"));
    const x = (seat.rows()[y] ?? "").indexOf("[y]");
    for (let more = 0; more < 5; more++) press(x + 1, y);
    seat.type("n\r");
    await seat.shows("(y)");
    await seat.shows("[y]");
    seat.type("n");
    await seat.shows("reason");
    seat.type("\r");
    await seat.shows("As you wish.");
  });

  it("is left to the terminal where the settings say so", async () => {
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ mouse: false }));
    await open("--config", file);
    expect(seat.written()).to.not.contain("\u001b[?1000h");
  });

  it("is left to the terminal with --no-mouse, also after copy mode", async () => {
    await open("--no-mouse");
    seat.type("\u001b[20~");
    await seat.clears("message (");
    seat.type("\u001b[20~");
    await seat.shows("message (");
    expect(seat.written()).to.not.contain("\u001b[?1000h").and.not.to.contain("\u001b[?1006h");
  });
});
