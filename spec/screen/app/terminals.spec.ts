// The program on terminals of every kind: colours, sizes, signals, the shell's job control, and attention.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { commands } from "../../../tui/chat/commands/commands.ts";
import { replies, startOpenAiServer } from "../../support/openai-server.ts";
import { type House, makeHouse, until } from "../../support/program.ts";
import type { ScriptedServer } from "../../support/sse.ts";
import { stateAfter, untouched } from "../term/screen-state.ts";
import { entry, hasTerminals, type Seat, sit } from "./seat.ts";

const outside = "/nowhere/at/all.txt";

(hasTerminals ? describe : describe.skip)("a screen on any terminal", function () {
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

  async function open(env: Record<string, string> = {}, width?: number, height?: number): Promise<void> {
    seat = sit(house, { LLAMACPP_BASE_URL: server.url, ...env }, ["-m", "llamacpp/scripted"], width, height);
    await seat.shows("ready");
  }

  /** The numbers of all sequences that set colours and styles. */
  const codes = () =>
    seat
      .written()
      .split("\u001b[")
      .flatMap((each) => /^([\d;]*)m/.exec(each)?.[1]?.split(";").map(Number) ?? []);

  it("has as many colours as the terminal, and none where the user wants none", async () => {
    await open({ COLORTERM: "truecolor" });
    expect(seat.written()).to.match(/38;2;/);
    seat.leave();
    await open();
    expect(seat.written()).to.match(/38;5;/).and.to.not.match(/38;2;/);
    seat.leave();
    await open({ TERM: "xterm" });
    expect(seat.written()).to.not.match(/38;/);
    seat.leave();
    server.push(replies({ text: "# Title\n\n`code` and **bold**" }));
    await open({ COLORTERM: "truecolor", NO_COLOR: "1" });
    seat.type("go\r");
    await seat.shows("1 model call");
    expect(codes().filter((code) => code >= 10)).to.deep.equal([]);
  });

  it("takes the theme that suits what is behind the text, also when the terminal says so late", async () => {
    await open({ COLORTERM: "truecolor" });
    const brightness = () => {
      const y = seat.rows().findIndex((row) => row.includes("(Enter send"));
      const colour = seat.emulator.cell(seat.rows()[y]?.indexOf("Enter") ?? 0, y).getFgColor();
      return ((colour >> 16) & 255) + ((colour >> 8) & 255) + (colour & 255);
    };
    expect(brightness()).to.be.above(400);
    seat.type("\u001b]11;rgb:ffff/ffff/ffff\u0007");
    await until("darker letters", () => brightness() < 400);
    // The answer is not taken for keys.
    expect(seat.rows().at(-2)?.trim()).to.equal("›");
  });

  for (const [name, env, args] of [
    ["a terminal that can do nothing but print", { TERM: "dumb" }, []],
    ["a user who wants lines", {}, ["--plain"]],
  ] as const) {
    it(`talks in lines, with the same commands, to ${name}`, async () => {
      server.push(replies({ text: "The answer." }));
      seat = sit(house, { LLAMACPP_BASE_URL: server.url, ...env }, ["-m", "llamacpp/scripted", ...args], 100, 60);
      await until("the prompt", () => args.length === 0 || seat.written().includes("›"));
      seat.type("/help\n");
      await until("the help", () => commands.every(({ name: command }) => seat.written().includes(`/${command}`)));
      seat.type("hello\n");
      await seat.shows("The answer.");
      seat.type("/quit\n");
      expect(await seat.ended).to.equal(0);
      expect(stateAfter(seat.written())).to.deep.include({ ...untouched, entries: 0 });
    });
  }

  it("shows the right screen after any storm of sizes", async () => {
    server.push(replies({ text: "Some words that are long enough to be wrapped in a narrow window. ".repeat(8) }));
    await open();
    seat.type("go\r");
    await seat.shows("1 model call");
    for (const [width, height] of [
      [200, 50],
      [10, 4],
      [1, 1],
      [80, 24],
      [40, 10],
      [120, 40],
      [60, 12],
      [99, 30],
    ] as const) {
      for (const by of [0, 1, 2]) seat.resize(width + by, height + by);
    }
    seat.resize(110, 32);
    const isWhole = () => /ready .* F1 help$/.test(seat.rows()[31] ?? "") && seat.rows()[31]?.length === 110;
    await until("a frame of the last size", isWhole);
    const before = seat.rows();
    const marks = () => seat.written().split("\u001b[2J").length;
    const painted = marks();
    seat.type("\u000c");
    await until("a screen that was painted anew", () => marks() > painted);
    await until("all of it", isWhole);
    expect(seat.rows()).to.deep.equal(before);
    expect(before.join("").split("narrow window")).to.have.length(9);
  });

  it("goes to the shell at Ctrl+Z and comes back as it was, with what was typed", async () => {
    const command = ["bash", "--norc", "--noediting", "-i"];
    seat = sit(house, { LLAMACPP_BASE_URL: server.url, PS1: "prompt> " }, [], 100, 30, { command });
    await seat.shows("prompt>");
    seat.type(`'${process.execPath}' '${entry}' -m llamacpp/scripted\r`);
    await seat.shows("ready");
    seat.type("a draft");
    await seat.shows("› a draft");
    seat.type("\u001a");
    await seat.shows("Stopped");
    expect(stateAfter(seat.written())).to.deep.include(untouched);
    seat.type("echo in the $((40 + 2)) shell\r");
    await seat.shows("in the 42 shell");
    seat.type("fg\r");
    await seat.shows("› a draft");
    await seat.shows("ready");
    seat.type("\u0015\u0004");
    await until("the shell's prompt", () => /prompt> $/.test(seat.written()));
    expect(stateAfter(seat.written())).to.deep.include(untouched);
    seat.type("exit 7\r");
    expect(await seat.ended).to.equal(7);
  });

  for (const [signal, code] of [
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
    ["SIGINT", 130],
  ] as const) {
    it(`ends at ${signal} with ${code}, the terminal as it was, and says how to go on`, async () => {
      server.push(replies({ text: "Noted." }));
      await open();
      seat.type("keep this\r");
      await seat.shows("Noted.");
      seat.kill(signal);
      expect(await seat.ended).to.equal(code);
      expect(stateAfter(seat.written())).to.deep.include(untouched);
      const after = seat.written().slice(seat.written().lastIndexOf("\u001b[?1049l"));
      expect(after).to.match(/back with: ml-intern --resume \S+/);
    });
  }

  it("calls a user who looks elsewhere, and nobody else", async () => {
    const write = { id: "w1", name: "write", arguments: { path: outside, content: "x" } };
    server.push(replies({ calls: [write] }), replies({ text: "Well." }), replies({ calls: [{ ...write, id: "w2" }] }));
    await open();
    const calls = () => seat.written().split("\u001b]9;").slice(1);
    seat.type("\u001b[Ifirst\r");
    await seat.shows("[y]");
    expect(calls()).to.deep.equal([]);
    seat.type("n");
    await seat.shows("reason");
    seat.type("\r");
    await seat.shows("Well.");
    await seat.shows("ready");
    seat.type("second\r\u001b[O");
    await until("a call", () => calls().length > 0);
    // A message of the desktop, and the bell right behind it.
    const [message, between, ...rest] = calls()[0]?.split("\u0007") ?? [];
    expect(message).to.contain("all.txt");
    expect([between, rest.length]).to.deep.equal(["", 1]);
  });

  it("goes on, and says so, when a part of the program dies", async () => {
    server.push(replies({ text: "Alive." }));
    await open();
    seat.type("go\r");
    await seat.shows("Alive.");
    await seat.shows("ready");
    seat.kill("SIGUSR2");
    await seat.shows("was restarted; the session goes on");
    server.push(replies({ text: "Still alive." }));
    seat.type("again\r");
    await seat.shows("Still alive.");
  });

  it("can be driven by keys alone, from the first to the last", async () => {
    writeFileSync(join(house.workspace, "notes.txt"), "one\n");
    const run = "for n in 1 2 3 4; do echo METRIC loss=0.$n; done; echo the-end; touch ran";
    const todos = [{ id: "1", content: "a step", status: "completed" }];
    server.push(
      replies({
        calls: [
          { id: "p1", name: "plan_tool", arguments: { todos } },
          { id: "b1", name: "bash", arguments: { command: run } },
          { id: "w1", name: "write", arguments: { path: outside, content: "hello\n" } },
        ],
      }),
      replies({ text: "All of it is done: needle-in-the-text.\n\n```sh\necho copied\n```" }),
    );
    await open({}, 120, 40);
    // Completion of a file, then a message of two lines.
    seat.type("see @no");
    await seat.shows("@notes.txt");
    seat.type("\t\u000asecond line\r");
    await seat.shows("approval · write");
    await seat.shows("[y]");
    seat.type("n");
    await seat.shows("reason");
    seat.type("not there\r");
    await seat.shows("needle-in-the-text");
    await seat.shows("ready");
    expect(existsSync(join(house.workspace, "ran"))).to.equal(true);
    seat.type("\u001bOQ");
    await seat.shows("loss");
    seat.type("/");
    await seat.shows("/loss");
    seat.type("/");
    await seat.clears("/loss");
    seat.type("\u001bOQ");
    await seat.shows("› see");
    seat.type("\u001bOR");
    await seat.shows("✓ a step");
    seat.type("\u001bOR");
    await seat.shows("› see");
    seat.type("\u0013needle");
    await seat.shows("search: needle");
    seat.type("\r");
    await seat.shows("1 of 1");
    seat.type("\u001b");
    await seat.clears("search:");
    // In the transcript what was found is chosen; its code goes into the clipboard.
    seat.type("\t");
    await seat.shows("Space fold");
    await seat.shows("▌");
    seat.type("Y");
    await seat.shows("copied code");
    await until(
      "the code in the clipboard",
      () =>
        seat.written().includes(`\u001b]52;c;${Buffer.from("echo copied\n").toString("base64").replace(/=+$/, "")}`) ||
        seat.written().includes(`\u001b]52;c;${Buffer.from("echo copied").toString("base64")}`),
    );
    seat.type("i\u0010");
    await seat.shows("commands");
    seat.type("/rename");
    await seat.shows("give this session a name");
    seat.type("\u001b");
    await seat.clears("╭");
    seat.type("\u001b[A");
    await seat.shows("second line");
    seat.type("\u0003\u0004");
    expect(await seat.ended).to.equal(0);
  });
});
