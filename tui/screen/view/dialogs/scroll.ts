// Moving in what does not fit.
import type { Room } from "./types.ts";

/** Where a command scrolls to from row `at`; null: it does not scroll. */
export function scrollBy(at: number, command: string, { page, end }: Room): number | null {
  const by = stepOf(command, page);
  if (by === null) return null;
  return Math.max(0, Math.min(end, Math.min(at, end) + by));
}

/** Where the wheel scrolls to from row `at`. */
export function wheeled(at: number, by: number, { end }: Room): number {
  return Math.max(0, Math.min(end, Math.min(at, end) + by));
}

/** Where a command goes to from the choice `at` of `count`; steps of one go around the ends. Null: it does not move. */
export function chosenBy(at: number, command: string, count: number, { page }: Room): number | null {
  const by = stepOf(command, page);
  if (by === null) return null;
  if (count === 0) return 0;
  if (Math.abs(by) === 1) return (at + by + count) % count;
  return Math.max(0, Math.min(count - 1, at + by));
}

function stepOf(command: string, page: number): number | null {
  switch (command) {
    case "dialog.up":
    case "transcript.previous":
      return -1;
    case "dialog.down":
    case "transcript.next":
      return 1;
    case "dialog.page_up":
      return -Math.max(2, page - 1);
    case "dialog.page_down":
      return Math.max(2, page - 1);
    case "transcript.first":
      return Number.NEGATIVE_INFINITY;
    case "transcript.last":
      return Number.POSITIVE_INFINITY;
    default:
      return null;
  }
}
