// Progress bars of tqdm, which most of the field's programs draw: how far, how fast, how much longer.
import { clockOf, scaledNumberOf } from "./number.ts";

/** How far a running thing is. What the program does not say is null. */
export interface Progress {
  /** What the program calls it; empty when it has no name. */
  label: string;
  done: number;
  total: number | null;
  /** What is counted: `it`, `B`, `examples`. */
  unit: string;
  /** Units per second. */
  perSecond: number | null;
  elapsedMs: number | null;
  remainingMs: number | null;
}

const amount = String.raw`\d[\d.]{0,15}[kKMGTP]?`;
const clock = String.raw`\d[\d:]{0,11}`;
const speed = String.raw`(\?|${amount}) ?([^\s\]/,?]{0,16})/([^\s\],]{1,16})`;
const withTotal = new RegExp(
  String.raw`(${amount})/(${amount})(?: ([A-Za-z]{1,16}))? \[(${clock})<(${clock}|\?), {0,4}${speed}`,
);
const withoutTotal = new RegExp(String.raw`(?:^|[\s:])(${amount}) ?([A-Za-z]{1,16}) \[(${clock}), {0,4}${speed}`);
const label = /([^\r\n|%]{0,80}?):? {0,8}\d{1,3}%\|/;

/** A bar that a line holds, and where in the line the figures end; null when there is none. */
export function readBar(line: string): { progress: Progress; end: number } | null {
  // Both forms have an opening bracket and a slash; few other lines do.
  if (!line.includes(" [") || !line.includes("/")) return null;
  const known = withTotal.exec(line);
  if (known !== null) {
    const [, done = "", total = "", , elapsed = "", remaining = "", value = "", before = "", after = ""] = known;
    return {
      progress: {
        label: (label.exec(line)?.[1] ?? "").trim(),
        done: scaledNumberOf(done),
        total: scaledNumberOf(total),
        ...pace(value, before, after),
        elapsedMs: finite(clockOf(elapsed)),
        remainingMs: finite(clockOf(remaining)),
      },
      end: known.index + known[0].length,
    };
  }
  const open = withoutTotal.exec(line);
  if (open === null) return null;
  const [, done = "", , elapsed = "", value = "", before = "", after = ""] = open;
  return {
    progress: {
      label: line.slice(0, open.index).replace(/:\s*$/, "").slice(0, 80).trim(),
      done: scaledNumberOf(done),
      total: null,
      ...pace(value, before, after),
      elapsedMs: finite(clockOf(elapsed)),
      remainingMs: null,
    },
    end: open.index + open[0].length,
  };
}

/** `2.1it/s` or, for what is slow, `3.4s/it`. */
function pace(value: string, before: string, after: string): Pick<Progress, "unit" | "perSecond"> {
  const amount = finite(scaledNumberOf(value));
  if (before === "s" && after !== "s") return { unit: after, perSecond: amount ? 1 / amount : null };
  return { unit: before || "it", perSecond: amount };
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
