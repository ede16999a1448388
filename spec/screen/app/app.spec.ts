import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../../support/program.ts";
import type { ScriptedServer } from "../../support/sse.ts";
import { entry, hasTerminals, type Seat, sit } from "./seat.ts";

const outside = join(tmpdir(), `outside-screen-${process.pid}`, "file.txt");

(hasTerminals ? describe : describe.skip)("a conversation on a full screen", function () {
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

  async function open(width = 100, height = 30, args: string[] = []): Promise<void> {
    seat = sit(house, { LLAMACPP_BASE_URL: server.url }, ["-m", "llamacpp/scripted", ...args], width, height);
    await seat.shows("ready");
  }
  const asked = (index: number) => JSON.stringify(server.requests.at(index)?.body.messages);

  it("shows what is said as it is written, with the state of the turn, and leaves the terminal as it was", async () => {
    server.push(replies({ text: "# Result\n\nThe **accuracy** is `0.86`." }));
    await open();
    seat.type("how good is it?\r");
    await seat.shows("› how good is it?");
    await seat.shows("# Result");
    await seat.shows("The accuracy is 0.86.");
    await seat.shows("1 model call");
    seat.type("\u0003");
    await seat.shows("Ctrl+C again leaves");
    seat.type("\u0003");
    expect(await seat.ended).to.equal(0);
    const text = seat.written();
    for (const mode of ["1049", "2004", "1000", "1004"]) {
      expect(text.lastIndexOf(`\u001b[?${mode}l`), mode).to.be.greaterThan(text.lastIndexOf(`\u001b[?${mode}h`));
    }
    expect(text).to.contain("back with: ml-intern --resume");
  });

  it("asks before a call runs, answers nothing by accident, and takes a reason along as it was typed", async () => {
    const write = { name: "write", arguments: { path: outside, content: "hello\n" } };
    server.push(replies({ calls: [{ id: "w1", ...write }] }), replies({ text: "As you wish." }));
    await open();
    seat.type("write it\r");
    await seat.shows("approval · write");
    await seat.shows("outside the workspace");
    // Enter is no answer, at no time.
    seat.type("\r");
    await seat.shows("[y]");
    seat.type("\r");
    seat.type("n");
    await seat.shows("reason");
    seat.type("Use ./Data, NOT /tmp\r");
    await seat.shows("As you wish.");
    expect(asked(1)).to.contain("Use ./Data, NOT /tmp");
    expect(existsSync(outside)).to.equal(false);
  });

  it("runs what is approved, and shows its output and its end", async () => {
    const command = "for n in 1 2 3; do echo METRIC loss=0.$n; done; echo finished";
    server.push(replies({ calls: [{ id: "b1", name: "bash", arguments: { command } }] }), replies({ text: "It ran." }));
    await open(120, 40);
    seat.type("run it\r");
    await seat.shows("It ran.");
    expect(seat.rows().join("\n")).to.contain("✓ bash");
    seat.type("\u000f");
    await seat.shows("finished");
  });

  it("fits a small screen, and a very small one, and follows a session that is taken up again", async () => {
    server.push(replies({ text: "Noted." }));
    await open(40, 10);
    seat.type("remember me\r");
    await seat.shows("Noted.");
    seat.type("/quit\r");
    expect(await seat.ended).to.equal(0);
    seat.leave();
    await open(80, 24, ["--continue"]);
    await seat.shows("› remember me");
    await seat.shows("Noted.");
  });

  it("interrupts with Escape, and ends in order when it is told to", async () => {
    const command = "touch started; sleep 60";
    server.push(replies({ calls: [{ id: "b1", name: "bash", arguments: { command } }] }));
    await open();
    seat.type("wait\r");
    await until("the command to run", () => existsSync(join(house.workspace, "started")));
    await seat.shows("Run: touch started");
    seat.type("\u001b");
    await seat.shows("ready");
    expect(eventsOf(house.journal(), "interrupted")).to.have.length(1);
    seat.kill("SIGTERM");
    expect(await seat.ended).to.equal(143);
    expect(seat.written().lastIndexOf("\u001b[?1049l")).to.be.greaterThan(seat.written().lastIndexOf("\u001b[?1049h"));
  });

  it("lets nothing from a model or a command reach beyond its own cells", async () => {
    const hostile = "a\u001b]52;c;aGFja2Vk\u0007b\u001b]0;forged\u0007c\u001b[2J\u001b[1;1Hd\u202ee";
    writeFileSync(join(house.workspace, "evil.txt"), hostile);
    const cat = {
      id: "c1",
      name: "bash",
      arguments: { command: "cat evil.txt; printf '\\033]52;c;eA==\\007done-printing\\n'" },
    };
    server.push(replies({ calls: [cat] }), replies({ text: `said ${hostile}` }));
    await open();
    seat.type("show it\r");
    await seat.shows("said a");
    const text = seat.written();
    expect(text).to.not.contain("\u001b]52;");
    expect(text).to.not.contain("forged\u0007");
    expect(readFileSync(join(house.workspace, "evil.txt"), "utf8")).to.equal(hostile);
    expect(seat.rows()[0]).to.contain("ml-intern");
  });

  it("says at the start what is wrong with the settings", async () => {
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ modelname: "x", keys: { "app.palette": "F7", "no.such": "F8" } }));
    await open(100, 30, ["--config", file]);
    await seat.shows("modelname");
    await seat.shows("no.such");
    // What is right in them holds all the same.
    seat.type("\u001b[18~");
    await seat.shows("commands");
  });

  it("shows a session that is taken up again as it was, and not what stood there before", async () => {
    for (const text of ["First answer.", "Second answer.", "Third answer."]) server.push(replies({ text }));
    await open();
    seat.type("one\r");
    await seat.shows("First answer.");
    await seat.shows("ready");
    seat.type("two\r");
    await seat.shows("Second answer.");
    await seat.shows("ready");
    seat.type("/new\r");
    await seat.clears("Second answer.");
    seat.type("three\r");
    await seat.shows("Third answer.");
    await seat.shows("ready");
    seat.type("/resume 2\r");
    await seat.shows("› two");
    await seat.shows("First answer.");
    await seat.shows("Second answer.");
    expect(seat.rows().join("\n")).to.not.contain("Third answer.");
  });

  it("leaves a terminal that a killed program has left behind to be put right by itself", async () => {
    await open();
    seat.kill("SIGKILL");
    await seat.ended;
    expect(seat.written().lastIndexOf("\u001b[?1049h")).to.be.greaterThan(seat.written().lastIndexOf("\u001b[?1049l"));
    const reset = await house.run(["--reset-terminal"], { entry });
    expect(reset.code).to.equal(0);
    for (const mode of ["1049", "2004", "1000"]) expect(reset.stdout).to.contain(`\u001b[?${mode}`);
  });

  it("offers everything that can be done in one list, and does what is chosen", async () => {
    await open();
    seat.type("\u0010");
    await seat.shows("commands");
    seat.type("status");
    await seat.shows("/status");
    seat.type("\r");
    await seat.shows("model llamacpp/scripted");
    seat.type("\u001b");
    await seat.clears("╭");
  });
});
