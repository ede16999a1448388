// Durations as people write them for jobs.
import { ToolError } from "../errors.ts";

/** The Hub's own when nothing is asked for, in seconds. */
export const usualSeconds = 30 * 60;
/** A week; the Hub's longest is not documented, and a typing error should not cost more. */
const mostSeconds = 7 * 24 * 3_600;

const units: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Seconds of `90s`, `45m`, `1.5h`, `2h30m`, `1d`; a number alone is seconds. Throws a `ToolError` for what is none. */
export function secondsOf(text: string | undefined): number {
  if (text === undefined) return usualSeconds;
  const plain = text.trim().toLowerCase().replaceAll(/\s+/g, "");
  const parts = [...plain.matchAll(/(\d+(?:\.\d+)?)(s|m|h|d)?(?:ec(?:ond)?s?|in(?:ute)?s?|(?:ou)?rs?|ays?)?/g)];
  const seconds = parts.reduce((sum, [, number = "0", unit = "s"]) => sum + Number(number) * (units[unit] ?? 1), 0);
  const isWhole = parts.map(([part]) => part).join("") === plain && plain !== "";
  if (!isWhole || seconds < 1 || seconds > mostSeconds) {
    throw new ToolError(
      "BAD_ARGUMENTS",
      `${JSON.stringify(text)} is no timeout.`,
      "Write 90s, 45m, 6h or 2d; at most 7d.",
    );
  }
  return Math.round(seconds);
}

/** A duration as people read it. */
export function shownDuration(seconds: number): string {
  const [days, hours, minutes] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
  ];
  const rest = Math.round(seconds % 60);
  const parts = [days && `${days}d`, hours && `${hours}h`, minutes && `${minutes}m`, rest && `${rest}s`];
  return (
    parts
      .filter((part) => part)
      .slice(0, 2)
      .join(" ") || "0s"
  );
}
