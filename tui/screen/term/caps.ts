// What the terminal can do: what the environment says, mended by what the terminal answers when it is asked.
import type { After, Reply, Rgb } from "./events.ts";
import type { Depth, Facts } from "./facts.ts";

/** Longest wait for answers, in milliseconds. A terminal that is later is believed too, but nobody waits for it. */
export const answerLimitMs = 150;

/**
 * Longest wait for the last answer before the terminal is left for good, in milliseconds since it was asked. What comes
 * after that is typed into the shell, and a line over half the world answers well within it.
 */
export const lastAnswerMs = 2_000;

/** What is known of the terminal. */
export interface Caps extends Facts {
  /** Its name and version; null: it has not said. */
  name: string | null;
  /** Whether frames between CSI ? 2026 h and l appear at once. Where unknown, yes: others pass over the marks. */
  sync: boolean;
  /** Whether it speaks the kitty keyboard protocol; null: it has not said. */
  keyboard: boolean | null;
  background: Rgb | null;
  /** Whether the wheel was set to send arrow keys on the alternate screen (mode 1007); null: it has not said. */
  wheelSendsArrows: boolean | null;
  /** Whether all the answers that will come have come. */
  answered: boolean;
}

/** What is known before anything has been answered. */
export function capsOf(facts: Facts): Caps {
  const unknown = { name: null, keyboard: null, background: null, wheelSendsArrows: null };
  return { ...facts, ...unknown, sync: true, answered: false };
}

/** What to write to have the terminal asked; empty where it is not to be. The last question is one that all answer. */
export function questions({ asks, asksModes }: Facts): string {
  if (!asks) return "";
  const modes = asksModes ? "\u001b[?2026$p\u001b[?1007$p" : "";
  return `\u001b]11;?\u0007\u001b[>0q${modes}\u001b[?u\u001b[c`;
}

/** What is known after an answer. The same object when it says nothing that matters. */
export function withReply(caps: Caps, reply: Reply): Caps {
  switch (reply.kind) {
    case "colour":
      return reply.slot === 11 ? { ...caps, background: reply.rgb, scheme: schemeOf(reply.rgb) } : caps;
    case "scheme":
      return { ...caps, scheme: reply.dark ? "dark" : "light" };
    case "mode":
      if (reply.mode === 2026) return { ...caps, sync: reply.value >= 1 && reply.value <= 3 };
      return reply.mode === 1007 ? { ...caps, wheelSendsArrows: reply.value === 1 } : caps;
    case "version":
      return { ...caps, name: reply.text, depth: depthBy(reply.text, caps) };
    case "keyboard":
      return { ...caps, keyboard: true };
    case "attributes":
      return caps.answered ? caps : { ...caps, answered: true };
    case "other":
      return caps;
  }
}

/** Asks, and resolves when all has been answered or after the limit. Replies are handed to `take`, late ones as well. */
export function askTerminal(facts: Facts, write: (text: string) => void, after: After) {
  let caps = capsOf(facts);
  let finish = () => {};
  const text = questions(facts);
  const all = new Promise<void>((resolve) => {
    finish = resolve;
    if (text === "") resolve();
  });
  /** Everything that was asked has been answered, or so much time has passed since. */
  const within = (ms: number) =>
    new Promise<void>((resolve) => {
      const cancel = after(ms, resolve);
      void all.then(() => {
        cancel();
        resolve();
      });
    });
  const done = text === "" ? all : within(answerLimitMs);
  const settled = text === "" ? all : within(lastAnswerMs);
  if (text !== "") write(text);
  return {
    /** What is known before the first answer. */
    caps,
    /** Takes an answer; what is known after it. */
    take(reply: Reply): Caps {
      caps = withReply(caps, reply);
      if (caps.answered) finish();
      return caps;
    },
    done: done.then(() => caps),
    /** Nothing that was asked will be answered any more. */
    settled,
  };
}

/** Terminals that show 24-bit colours, by how they name themselves. Far from home the name is all there is to go by. */
const trueColour = /^(kitty|ghostty|WezTerm|iTerm2|foot|Konsole|contour|alacritty|mintty|rio|Windows Terminal)/i;

function depthBy(name: string, { depth, depthIsSettled, multiplexer }: Facts): Depth {
  const knows = !depthIsSettled && multiplexer === null && trueColour.test(name);
  return knows ? 24 : depth;
}

/** Light where black text would stand out more than white, by the relative luminance that WCAG defines. */
function schemeOf({ r, g, b }: Rgb): "dark" | "light" {
  const linear = (value: number) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b) > 0.179 ? "light" : "dark";
}
