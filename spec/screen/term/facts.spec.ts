import { expect } from "chai";
import {
  answerLimitMs,
  askTerminal,
  capsOf,
  lastAnswerMs,
  questions,
  withReply,
} from "../../../tui/screen/term/caps.ts";
import type { Reply } from "../../../tui/screen/term/events.ts";
import { type Facts, factsOf } from "../../../tui/screen/term/facts.ts";
import { clock } from "./clock.ts";
import { decodeAll } from "./decoding.ts";

const both = { input: true, output: true };
const facts = (env: Record<string, string>): Facts => factsOf({ TERM: "xterm-256color", ...env }, both);
const replyOf = (bytes: string): Reply => {
  const [event] = decodeAll(bytes);
  if (event?.type !== "reply") throw new Error(`no reply: ${JSON.stringify(bytes)}`);
  return event.reply;
};

describe("what the environment says of the terminal", () => {
  it("tells the depth of colour", () => {
    const table: [Record<string, string>, number][] = [
      [{}, 8],
      [{ TERM: "xterm" }, 4],
      [{ TERM: "linux" }, 4],
      [{ TERM: "vt100" }, 0],
      [{ TERM: "dumb" }, 0],
      [{ TERM: "xterm-kitty" }, 24],
      [{ TERM: "tmux-direct" }, 24],
      [{ COLORTERM: "truecolor" }, 24],
      [{ COLORTERM: "truecolor", TERM: "screen-256color", STY: "1.pts" }, 8],
      [{ COLORTERM: "truecolor", TERM: "screen-256color", TMUX: "/tmp/x" }, 24],
      [{ COLORTERM: "truecolor", NO_COLOR: "1" }, 0],
      [{ COLORTERM: "truecolor", NO_COLOR: "" }, 24],
      [{ FORCE_COLOR: "0", COLORTERM: "truecolor" }, 0],
      [{ FORCE_COLOR: "3", TERM: "xterm" }, 24],
      [{ FORCE_COLOR: "1", NO_COLOR: "1" }, 4],
      [{ FORCE_COLOR: "", TERM: "vt100", NO_COLOR: "1" }, 4],
      [{ TERM_PROGRAM: "iTerm.app" }, 24],
    ];
    for (const [env, depth] of table) expect(facts(env).depth, JSON.stringify(env)).to.equal(depth);
  });

  it("tells where no screen can be shown, and who is not to be asked", () => {
    expect(facts({})).to.include({ usable: true, asks: true, takesStrings: true });
    expect(facts({ TERM: "dumb" })).to.include({ usable: false, asks: false });
    expect(facts({ CI: "true" })).to.include({ usable: false, asks: false });
    expect(facts({ CI: "false" })).to.include({ usable: true });
    expect(factsOf({ TERM: "xterm" }, { input: true, output: false })).to.include({ usable: false, asks: false });
    expect(factsOf({}, both)).to.include({ usable: false, asks: false });
    expect(facts({ TERM: "linux" })).to.include({ usable: true, asks: false, takesStrings: false, unicode: false });
    expect(facts({ TERM: "screen", STY: "1" })).to.include({ usable: true, asks: false, multiplexer: "screen" });
    expect(facts({ TERM: "screen", TMUX: "x" })).to.include({ asks: true, multiplexer: "tmux" });
  });

  it("tells locale, distance and background", () => {
    expect(facts({ LANG: "de_DE.UTF-8" }).unicode).to.equal(true);
    expect(facts({ LANG: "de_DE.UTF-8", LC_ALL: "de_DE.ISO-8859-1" }).unicode).to.equal(false);
    expect(facts({ LANG: "C" }).unicode, "as in a container").to.equal(true);
    expect(facts({ SSH_CONNECTION: "1 2 3 4" }).remote).to.equal(true);
    expect(facts({}).remote).to.equal(false);
    expect(facts({ COLORFGBG: "15;0" }).scheme).to.equal("dark");
    expect(facts({ COLORFGBG: "0;default;15" }).scheme).to.equal("light");
    expect(facts({ COLORFGBG: "nonsense" }).scheme).to.equal(null);
  });
});

describe("what the terminal answers", () => {
  it("mends what the environment says", () => {
    const known = [
      "\u001b]11;rgb:fdfd/f6f6/e3e3\u0007",
      "\u001bP>|WezTerm 20240203\u001b\\",
      "\u001b[?2026;2$y",
      "\u001b[?1007;1$y",
      "\u001b[?5u",
      "\u001b[?65;1c",
    ].reduce((caps, bytes) => withReply(caps, replyOf(bytes)), capsOf(facts({ COLORFGBG: "15;0" })));
    expect(known).to.deep.include({
      background: { r: 253, g: 246, b: 227 },
      scheme: "light",
      name: "WezTerm 20240203",
      depth: 24,
      sync: true,
      wheelSendsArrows: true,
      keyboard: true,
      answered: true,
    });
  });

  it("does not outweigh the user, nor what stands between", () => {
    const kitty = replyOf("\u001bP>|kitty(0.36)\u001b\\");
    expect(withReply(capsOf(facts({ NO_COLOR: "1" })), kitty).depth).to.equal(0);
    expect(withReply(capsOf(facts({ TMUX: "x" })), kitty).depth).to.equal(8);
  });

  it("may be that frames cannot be marked, or nothing", () => {
    const caps = capsOf(facts({}));
    expect(caps.sync).to.equal(true);
    expect(withReply(caps, replyOf("\u001b[?2026;0$y")).sync).to.equal(false);
    expect(withReply(caps, replyOf("\u001b[?2026;4$y")).sync).to.equal(false);
    expect(withReply(caps, replyOf("\u001b]11;nonsense\u0007"))).to.equal(caps);
    expect(withReply(caps, replyOf("\u001b]12;rgb:0/0/0\u0007"))).to.equal(caps);
  });
});

describe("asking the terminal", () => {
  it("is over with the answer that all terminals give", async () => {
    const time = clock();
    const written: string[] = [];
    const asking = askTerminal(facts({}), (text) => written.push(text), time.after);
    expect(written.join("").endsWith("\u001b[c")).to.equal(true);
    asking.take(replyOf("\u001b[?2026;0$y"));
    asking.take(replyOf("\u001b[?1;2c"));
    expect(await asking.done).to.include({ answered: true, sync: false });
    expect(time.waiting).to.equal(0);
  });

  it("is over at the limit, and what comes later still counts", async () => {
    const time = clock();
    const asking = askTerminal(facts({}), () => {}, time.after);
    time.pass(answerLimitMs);
    expect(await asking.done).to.include({ answered: false, scheme: null });
    expect(asking.take(replyOf("\u001b]11;rgb:00/00/00\u0007"))).to.include({ scheme: "dark" });
  });

  // A late answer was once typed into the shell, where somebody left soon on a slow line.
  it("is waited for longer before the terminal is left", async () => {
    const time = clock();
    const [slow, silent] = [1, 2].map(() => askTerminal(facts({}), () => {}, time.after));
    let left = 0;
    for (const asking of [slow, silent]) void asking?.settled.then(() => (left += 1));
    time.pass(answerLimitMs * 4);
    await Promise.resolve();
    expect(left).to.equal(0);
    slow?.take(replyOf("\u001b[?62c"));
    await slow?.settled;
    expect(left).to.equal(1);
    time.pass(lastAnswerMs);
    await silent?.settled;
    expect(time.waiting).to.equal(0);
  });

  it("is over at once where the terminal is not to be asked", async () => {
    const time = clock();
    for (const env of [{ TERM: "linux" }, { TERM: "dumb" }, { CI: "1" }, { TERM: "screen", STY: "1" }]) {
      const asking = askTerminal(facts(env), () => expect.fail("asked"), time.after);
      expect(await asking.done).to.include({ answered: false });
    }
    expect(time.waiting).to.equal(0);
    expect(questions(facts({ TERM_PROGRAM: "Apple_Terminal" })), "it prints these").not.to.contain("$p");
  });
});
