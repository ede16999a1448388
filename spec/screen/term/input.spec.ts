import { EventEmitter } from "node:events";
import { expect } from "chai";
import type { InputEvent } from "../../../tui/screen/term/events.ts";
import { readInput } from "../../../tui/screen/term/input.ts";
import { clock } from "./clock.ts";

const esc = "\u001b";

describe("reading input", () => {
  const listen = () => {
    const source = new EventEmitter();
    const time = clock();
    const events: InputEvent[] = [];
    const stop = readInput(source, time.after, (event) => events.push(event));
    return { time, events, stop, source, send: (text: string) => source.emit("data", Buffer.from(text)) };
  };

  it("waits a moment after ESC, and not after anything whole", () => {
    const { time, events, send } = listen();
    send(esc);
    time.pass(39);
    expect(events).to.deep.equal([]);
    time.pass(1);
    expect(events).to.deep.equal([{ type: "key", chord: "escape" }]);
    send("a");
    expect(time.waiting).to.equal(0);
  });

  it("takes a sequence whose rest comes within the moment for what it is", () => {
    const { time, events, send } = listen();
    send(esc);
    time.pass(30);
    send("[");
    time.pass(30);
    send("A");
    expect(events).to.deep.equal([{ type: "key", chord: "up" }]);
    expect(time.waiting).to.equal(0);
  });

  it("waits longer for the rest of a report than for a key", () => {
    const { time, events, send } = listen();
    send(`${esc}[<0;1`);
    time.pass(400);
    send("0;5M");
    expect(events).to.have.lengthOf(1);
    expect(events[0]).to.include({ type: "mouse", x: 9, y: 4 });
  });

  it("stops without leaving a timer or a listener behind", () => {
    const { time, events, stop, source, send } = listen();
    send(esc);
    stop();
    expect(time.waiting).to.equal(0);
    expect(source.listenerCount("data")).to.equal(0);
    expect(events).to.deep.equal([]);
  });
});
