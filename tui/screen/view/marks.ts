// Signs. Each meaning has a sign of its own, so that none is in the colour alone; on a terminal that may not know
// Unicode they are ASCII.
import type { Look } from "../text/look.ts";

/** The signs of a screen. */
export interface Marks {
  readonly ok: string;
  readonly failed: string;
  readonly warn: string;
  readonly info: string;
  readonly asks: string;
  readonly waits: string;
  readonly stopped: string;
  readonly unknown: string;
  readonly current: string;
  readonly open: string;
  readonly folded: string;
  readonly user: string;
  readonly chosen: string;
  readonly dot: string;
  readonly more: string;
  readonly across: string;
  readonly down: string;
  readonly full: string;
  readonly empty: string;
  /** What turns while something is under way. */
  readonly turning: readonly string[];
}

const unicode: Marks = {
  ok: "✓",
  failed: "✗",
  warn: "!",
  info: "·",
  asks: "?",
  waits: "·",
  stopped: "–",
  unknown: "~",
  current: "›",
  open: "▾",
  folded: "▸",
  user: "›",
  chosen: "▌",
  dot: " · ",
  more: "…",
  across: "─",
  down: "│",
  full: "█",
  empty: "░",
  turning: ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"],
};

const ascii: Marks = {
  ok: "+",
  failed: "x",
  warn: "!",
  info: "*",
  asks: "?",
  waits: ".",
  stopped: "-",
  unknown: "~",
  current: ">",
  open: "v",
  folded: ">",
  user: ">",
  chosen: "|",
  dot: " | ",
  more: "...",
  across: "-",
  down: "|",
  full: "#",
  empty: ".",
  turning: ["|", "/", "-", "\\"],
};

/** The signs for a look. */
export function marksOf({ ascii: plain }: Pick<Look, "ascii">): Marks {
  return plain === true ? ascii : unicode;
}

/** Milliseconds for which the turning sign stays as it is. */
export const turnMs = 125;

/** The turning sign at a time, milliseconds since 1970. */
export function turning({ turning: signs }: Marks, now: number): string {
  return signs[Math.floor(now / turnMs) % signs.length] ?? "";
}
