import { expect } from "chai";
import { createWriter, type TerminalStream } from "../../../tui/screen/term/writer.ts";

/** A terminal that takes what is written when it is told to. */
function slowStream(handle?: unknown) {
  let length = 0;
  const taken: string[] = [];
  let pending: (() => void)[] = [];
  let onError = (_: Error) => {};
  let isSlow = false;
  const stream: TerminalStream & { _handle?: unknown } = {
    get writableLength() {
      return length;
    },
    write(text, done) {
      taken.push(text);
      if (!isSlow) {
        done();
        return true;
      }
      length += text.length;
      pending.push(() => {
        length -= text.length;
        done();
      });
      return true;
    },
    on(_event, listener) {
      onError = listener;
    },
    ...(handle === undefined ? {} : { _handle: handle }),
  };
  return {
    stream,
    taken,
    stall: () => {
      isSlow = true;
    },
    catchUp: () => {
      isSlow = false;
      const runs = pending;
      pending = [];
      for (const run of runs) run();
    },
    fail: () => onError(new Error("EIO")),
  };
}

describe("the writer", () => {
  const setUp = (handle?: unknown) => {
    const terminal = slowStream(handle);
    const told: string[] = [];
    const writer = createWriter(terminal.stream, {
      onReady: () => told.push("ready"),
      onGone: () => told.push("gone"),
    });
    return { ...terminal, told, writer };
  };

  it("writes a frame in one write, and nothing for an empty one", () => {
    const { writer, taken } = setUp();
    expect(writer.frame(() => "frame")).to.equal(true);
    expect(writer.frame(() => "")).to.equal(true);
    expect(taken).to.deep.equal(["frame"]);
  });

  it("makes no frames while the terminal is behind, and says once when it has caught up", () => {
    const { writer, taken, stall, catchUp, told } = setUp();
    stall();
    expect(writer.frame(() => "1")).to.equal(true);
    for (let index = 0; index < 5; index++) expect(writer.frame(() => expect.fail("made"))).to.equal(false);
    expect(writer).to.include({ behind: true, skipped: 5 });
    expect(told).to.deep.equal([]);
    catchUp();
    expect(told).to.deep.equal(["ready"]);
    expect(writer.frame(() => "2")).to.equal(true);
    expect(taken).to.deep.equal(["1", "2"]);
    expect(told).to.deep.equal(["ready"]);
  });

  it("says nothing after having been behind where no frame was wanted", () => {
    const { writer, stall, catchUp, told } = setUp();
    stall();
    writer.frame(() => "1");
    catchUp();
    expect(told).to.deep.equal([]);
  });

  it("keeps a bounded amount for a terminal that is behind", () => {
    const { writer, stall, taken } = setUp();
    stall();
    const text = "x".repeat(100_000);
    expect([writer.send(text), writer.send(text), writer.send(text)]).to.deep.equal([true, true, false]);
    expect(taken).to.have.lengthOf(2);
  });

  it("waits for the terminal, as long as it is told to", async () => {
    const { writer, stall, catchUp } = setUp();
    await writer.drained(60_000);
    stall();
    writer.send("x");
    await writer.drained(1);
    expect(writer.behind).to.equal(true);
    const drained = writer.drained(60_000);
    catchUp();
    await drained;
    expect(writer.behind).to.equal(false);
  });

  it("says once that the terminal is gone, and writes no more", async () => {
    const { writer, stall, fail, told, taken } = setUp();
    stall();
    writer.send("x");
    const drained = writer.drained(60_000);
    fail();
    fail();
    await drained;
    expect(writer.frame(() => "y")).to.equal(false);
    expect(writer.send("z")).to.equal(false);
    expect(told).to.deep.equal(["gone"]);
    expect(taken).to.deep.equal(["x"]);
  });

  it("has the stream not block where it can, and block again in the end", () => {
    const calls: boolean[] = [];
    const { writer } = setUp({ setBlocking: (blocking: boolean) => calls.push(blocking) && 0 });
    expect(writer.nonBlocking).to.equal(true);
    writer.close();
    expect(calls).to.deep.equal([false, true]);
  });

  it("goes on with a stream that cannot be told", () => {
    const refusing = { setBlocking: () => -22 };
    const throwing = {
      setBlocking() {
        throw new Error("no");
      },
    };
    for (const handle of [undefined, null, {}, { setBlocking: 1 }, refusing, throwing]) {
      const { writer, taken } = setUp(handle);
      expect(writer.nonBlocking).to.equal(false);
      writer.frame(() => "frame");
      expect(taken).to.deep.equal(["frame"]);
      writer.close();
    }
  });
});
