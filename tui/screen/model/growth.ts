// A text that grows by small pieces and is looked at after each few of them. The engine makes one string of all of it for
// whoever reads a part, and again after the next piece: for a long reply that is most of what a frame would do. What came
// lately is kept beside it, which is all that a frame has to read.
import type { Growth } from "./blocks.ts";
import { detached } from "./log.ts";

/** UTF-16 units that are fresh at most, and as many that remain so when the rest has settled. */
const freshUnits = { most: 8_192, kept: 4_096 };

/** A text with a piece more. */
export function grown({ settled, fresh: before }: Growth, piece: string): { text: string; growth: Growth } {
  const fresh = before + piece;
  if (fresh.length <= freshUnits.most) return { text: settled + fresh, growth: { settled, fresh } };
  const at = fresh.length - freshUnits.kept;
  const all = settled + detached(fresh.slice(0, at));
  const rest = detached(fresh.slice(at));
  return { text: all + rest, growth: { settled: all, fresh: rest } };
}

/** A text from a place on, without making one string of all of it where that can be helped. */
export function textFrom({ text, growth }: { text: string; growth: Growth | null }, from: number): string {
  if (growth === null || from < growth.settled.length) return text.slice(from);
  return growth.fresh.slice(from - growth.settled.length);
}

/** Whether a text has nothing to show. */
export function isBlankText({ text, growth }: { text: string; growth: Growth | null }): boolean {
  if (growth !== null && growth.fresh.trim() !== "") return false;
  return text.trim() === "";
}
