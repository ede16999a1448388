// What the screen says while something is waited for, and what it asks before something ends.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../../support/program.ts";
import type { ScriptedServer } from "../../support/sse.ts";
import { hasTerminals, type Seat, sit } from "./seat.ts";

(hasTerminals ? describe : describe.skip)("a screen that is waited at", function () {
  this.timeout(40_000);
  let server: ScriptedServer;
  let house: House;
  let seat: Seat;

  beforeEach(async () => {
    server = await startOpenAiServer([], { models: [{ id: "scripted" }, { id: "slow" }] });
    house = makeHouse({ LLAMACPP_BASE_URL: server.url });
  });
  afterEach(async () => {
    seat.leave();
    await server.close();
    house.remove();
  });

  const take = (args: string[] = [], width = 100, height = 30) => {
    seat = sit(house, { LLAMACPP_BASE_URL: server.url }, ["-m", "llamacpp/scripted", ...args], width, height);
  };
  const open = async (args?: string[]) => {
    take(args);
    await seat.shows("ready");
  };
  const screen = () => seat.rows().join("\n");
  const endless = { id: "b1", name: "bash", arguments: { command: "touch started; sleep 60" } };
  const runs = () => until("the command to run", () => existsSync(join(house.workspace, "started")));

  /** Begins a turn that goes on, with two messages behind it. */
  async function haveTwoWait(): Promise<void> {
    await open();
    seat.type("wait\r");
    await runs();
    seat.type("first\r");
    await seat.shows("queue 1");
    seat.type("second\r");
    await seat.shows("queue 2");
  }

  it("says after a start that failed what can be done about it", async () => {
    mkdirSync(join(house.home, "ml"), { recursive: true });
    writeFileSync(join(house.home, "ml/state"), "not a folder");
    take();
    expect(await seat.ended).to.equal(1);
    const after = seat.written().slice(seat.written().lastIndexOf("\u001b[?1049l"));
    expect(after).to.contain("ml-intern: ").and.to.contain("Check the state folder");
  });

  it("says how many messages are held after Escape, and sends them with Enter", async () => {
    server.push(
      replies({ calls: [endless] }),
      replies({ text: "First is done." }),
      replies({ text: "Second is done." }),
    );
    await haveTwoWait();
    seat.type("\u001b");
    await seat.shows("2 messages wait: Enter without a text sends them");
    await seat.shows("2 held");
    await seat.shows("Enter send the 2 that wait");
    seat.type("\r");
    await seat.shows("Second is done.");
    expect(screen()).to.contain("First is done.").and.not.to.contain("taken up again");
    await seat.clears("messages wait");
    expect(eventsOf(house.journal(), "processing").map(({ data }) => data.message)).to.deep.equal([
      "wait",
      "first",
      "second",
    ]);
  });

  it("gives back to the input what waits in the queue, the newest first", async () => {
    server.push(replies({ calls: [endless] }));
    await haveTwoWait();
    seat.type("\u001b[1;3A");
    await seat.shows("queue 1");
    await seat.shows("› second");
    seat.type(" thing\r");
    await seat.shows("queue 2");
    seat.type("\u001b[1;3A\u001b[1;3A");
    await seat.clears("queue ");
    expect(screen()).to.match(/› second thing *\n *first/);
    seat.type("\u001b[1;3A");
    await seat.shows("Nothing waits in the queue");
    const journal = house.journal();
    expect(eventsOf(journal, "input_withdrawn")).to.have.length(3);
    expect(eventsOf(journal, "user_message").map(({ data }) => data.content)).to.include("second thing");
  });

  it("shows what a command in the background prints while it runs and when it ends, and its curve", async () => {
    const command = `for n in 1 2 3 4 5 6; do echo METRIC loss=0.$((9 - n)) step=$n; sleep 0.2; done; echo oh no; exit 3`;
    const args = { command, background: true, description: "train the small one" };
    server.push(replies({ calls: [{ id: "b1", name: "bash", arguments: args }] }), replies({ text: "It runs." }));
    await open();
    seat.type("train\r");
    await seat.shows("train the small one");
    await seat.shows("METRIC loss=0.");
    await seat.shows("loss 0.3");
    await seat.shows("exit 3");
    seat.type("\u001bOQ");
    await seat.shows("oh no");
  });

  it("asks before a new session ends what runs in the background", async () => {
    const command = "touch started; sleep 60";
    server.push(
      replies({ calls: [{ id: "b1", name: "bash", arguments: { command, background: true } }] }),
      replies({ text: "It runs." }),
    );
    await open();
    seat.type("begin\r");
    await seat.shows("It runs.");
    await runs();
    seat.type("/new\r");
    await seat.shows("begin anew?");
    await seat.shows("Ends now");
    seat.type("n");
    await seat.clears("begin anew?");
    expect(screen()).to.contain("It runs.");
  });

  it("asks before the last turn is taken back, and gives its words back to the input", async () => {
    server.push(replies({ text: "The first answer." }));
    await open();
    seat.type("a question\r");
    await seat.shows("The first answer.");
    seat.type("\u001b");
    await seat.shows("Esc twice takes the last turn back");
    seat.type("\u001b");
    await seat.shows("take the last turn back?");
    seat.type("n");
    await seat.clears("take the last turn back?");
    expect(screen()).to.contain("The first answer.");
    seat.type("/undo\r");
    await seat.shows("take the last turn back?");
    seat.type("y");
    await seat.clears("The first answer.");
    await seat.shows("› a question");
  });

  it("folds and opens what is chosen in the transcript, by keys", async () => {
    const command = "seq 1 40";
    server.push(
      replies({ calls: [{ id: "b1", name: "bash", arguments: { command } }] }),
      replies({ text: "Counted." }),
    );
    await open();
    seat.type("count\r");
    await seat.shows("Counted.");
    expect(screen()).to.not.contain("│ 30 ");
    seat.type("\t");
    await seat.shows("fold");
    const chosen = () =>
      screen()
        .split("\n")
        .find((row) => row.startsWith("▌")) ?? "";
    while (!chosen().includes("bash")) {
      const before = chosen();
      seat.type("k");
      await until("another choice", () => chosen() !== before);
    }
    seat.type(" ");
    await seat.shows("│ 30 ");
    seat.type(" ");
    await seat.clears("│ 30 ");
  });

  it("asks before a turn that runs is taken back, or left for a copy, and only then", async () => {
    server.push(replies({ calls: [endless] }));
    await open();
    seat.type("wait\r");
    await runs();
    seat.type("/fork\r");
    await seat.shows("go on in a copy?");
    await seat.shows("touch started");
    seat.type("n");
    await seat.clears("go on in a copy?");
    seat.type("/undo\r");
    await seat.shows("take the running turn back?");
    seat.type("\r");
    seat.type("\u001b");
    await seat.clears("take the running turn back?");
    expect(eventsOf(house.journal(), "interrupting")).to.have.length(0);
    seat.type("/undo\r");
    await seat.shows("take the running turn back?");
    seat.type("y");
    await seat.shows("the last turn is taken back");
    expect(house.sessions()).to.have.length(1);
    await seat.shows("› wait");
    // Nothing is there now to be taken back, so nothing is asked.
    seat.type("\u0015/undo\r");
    await seat.shows("there is no turn to take back");
  });

  it("says that another model is tried, for how long, and stops trying at Escape", async () => {
    server.push({ steps: [{ silence: true }] }, replies({ text: "Still here." }));
    await open();
    seat.type("/model llamacpp/slow\r");
    await seat.shows("trying");
    await seat.shows("llamacpp/slow 1.");
    await seat.shows("Esc keep the model");
    seat.type("\u001b");
    await seat.shows("llamacpp/slow is not used: You stopped it");
    await seat.shows("ready");
    seat.type("hello\r");
    await seat.shows("Still here.");
    expect(server.requests.map(({ body }) => body.model)).to.deep.equal(["slow", "scripted"]);
  });

  it("shows a session that is taken up with its titles, times, ends, changes and plans", async () => {
    const plan = {
      id: "p1",
      name: "plan_tool",
      arguments: { todos: [{ id: "1", content: "write the file", status: "completed" }] },
    };
    const write = { id: "w1", name: "write", arguments: { path: "made.txt", content: "one\ntwo\n" } };
    const fails = { id: "b1", name: "bash", arguments: { command: "echo out; exit 3" } };
    server.push(replies({ calls: [plan, write, fails] }), replies({ text: "It failed." }));
    await open();
    seat.type("go\r");
    await seat.shows("2 model calls");
    const mine = (rows: string[]) =>
      rows.filter((row) => /write the file|made\.txt|echo out|model calls|› go/.test(row));
    const before = mine(seat.rows());
    expect(before.join("\n"))
      .to.match(/exit 3/)
      .and.to.match(/\+2/)
      .and.to.match(/write the file/);
    seat.type("/quit\r");
    expect(await seat.ended).to.equal(0);
    seat.leave();
    await open(["--continue"]);
    await seat.shows("taken up again");
    expect(mine(seat.rows())).to.deep.equal(before);
  });

  it("sees a command in the background end, also one that outlived the program", async () => {
    const inBackground = (id: string, command: string) =>
      replies({ calls: [{ id, name: "bash", arguments: { command, background: true } }] });
    const file = (name: string) => join(house.workspace, name);
    const until_ = (name: string) => `while [ ! -e ${name} ]; do sleep 0.05; done`;
    server.push(inBackground("b1", `${until_("one")}; exit 3`), replies({ text: "It goes on." }));
    await open();
    seat.type("go\r");
    await seat.shows("jobs, 1 of 1 running");
    await seat.shows("ready");
    writeFileSync(file("one"), "");
    await seat.shows("✗ while");
    server.push(inBackground("b2", until_("two")), replies({ text: "That too." }));
    seat.type("again\r");
    await seat.shows("That too.");
    await seat.shows("jobs, 1 of 2 running");
    seat.kill("SIGKILL");
    await seat.ended;
    seat.leave();
    await open(["--continue"]);
    await seat.shows("jobs, 1 of");
    writeFileSync(file("two"), "");
    await seat.shows("over");
  });

  it("says what a command came to once", async () => {
    await open();
    seat.type("/status\r");
    await seat.shows("0 turns");
    expect(screen().split("0 turns")).to.have.length(2);
    seat.type("\u001b");
    await seat.clears("0 turns");
    expect(screen()).to.not.contain("/status");
  });
});
