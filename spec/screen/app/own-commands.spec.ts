import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { replies, startOpenAiServer } from "../../support/openai-server.ts";
import { eventsOf, type House, makeHouse, until } from "../../support/program.ts";
import type { ScriptedServer } from "../../support/sse.ts";
import { hasTerminals, type Seat, sit } from "./seat.ts";

const hold = { id: "h1", name: "bash", arguments: { command: "touch held; while [ -e held ]; do sleep 0.05; done" } };

(hasTerminals ? describe : describe.skip)("a person at the screen", function () {
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

  async function open(args: string[] = [], sign = "ready"): Promise<void> {
    seat = sit(house, { LLAMACPP_BASE_URL: server.url }, ["-m", "llamacpp/scripted", ...args], 120, 40);
    await seat.shows(sign);
  }
  const asked = (index: number) => JSON.stringify(server.requests.at(index)?.body.messages);

  it("runs a command of their own, sees its curve and its end, and the model sees it with the next message", async () => {
    server.push(replies({ text: "It falls." }));
    await open();
    seat.type("!for n in 4 3 2 1; do echo METRIC loss=0.$n; done; (exit 3)");
    await seat.shows("your command");
    seat.type("\r");
    await seat.shows("exit 3");
    await seat.shows("loss 0.1");
    expect(server.requests).to.have.length(0);
    seat.type("does it fall?\r");
    await seat.shows("It falls.");
    expect(asked(0)).to.contain("<user_command>").and.contain("METRIC loss=0.1").and.contain("exit code 3");
  });

  it("stops it with Escape, and is offered it again by its beginning", async () => {
    await open();
    seat.type("!touch begun; echo half; sleep 60\r");
    await until("the command to run", () => existsSync(join(house.workspace, "begun")));
    await seat.shows("half");
    seat.type("\u001b");
    await seat.shows("cancelled");
    expect(seat.rows().join("\n")).to.contain("half");
    expect(eventsOf(house.journal(), "user_command_ended")[0]?.data).to.include({ outcome: "cancelled" });
    seat.type("!tou");
    await seat.shows("› !touch begun; echo half; sleep 60");
  });

  it("finds it again after the program was killed, with its output and its end", async () => {
    await open();
    seat.type("!touch begun; echo before; while [ ! -e go ]; do sleep 0.05; done; echo after > told; echo after\r");
    await until("the command to run", () => existsSync(join(house.workspace, "begun")));
    seat.kill("SIGKILL");
    await seat.ended;
    seat.leave();
    await open(["--continue"], "taken up again");
    await seat.shows("│ before");
    seat.type("!touch go\r");
    await seat.shows("│ after");
    expect(readFileSync(join(house.workspace, "told"), "utf8")).to.equal("after\n");
    const ends = eventsOf(house.journal(), "user_command_ended");
    expect(ends.find(({ data }) => data.command.startsWith("touch begun"))?.data).to.include({ outcome: "done" });
  });

  it("sends a message into the turn that runs with Alt+S, and behind it with Enter", async () => {
    server.push(replies({ calls: [hold] }), replies({ text: "Both heard." }), replies({ text: "Then this." }));
    await open();
    seat.type("begin\r");
    await until("the call to run", () => existsSync(join(house.workspace, "held")));
    await seat.shows("Alt+S send now");
    seat.type("later\r");
    await seat.shows("queue 1");
    seat.type("rather so\u001bs");
    await seat.shows("queue 2");
    seat.type("!rm held\r");
    await seat.shows("Then this.");
    expect(asked(1)).to.contain("rather so").and.not.contain("later");
    expect(asked(2)).to.contain("later").and.contain("rm held");
  });
});
