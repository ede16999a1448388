// Notices that come and go by themselves, at the top right, above everything and in nobody's way.

import { oneLine } from "../../text/neutralise.ts";
import type { Canvas } from "../cells/types.ts";
import { wrap } from "../cells/wrap.ts";
import type { Look } from "../text/look.ts";

/** A notice. */
export interface Toast {
  readonly level: "info" | "ok" | "warn" | "error";
  /** One line, of whoever it may be. */
  readonly text: string;
  /** When it goes, milliseconds on the caller's clock. */
  readonly until: number;
}

/** Notices that are shown at once; the oldest give way. */
export const mostToasts = 3;
const widest = 56;
/** Rows of one. */
const mostRows = 4;
const shownMs = { info: 4_000, ok: 4_000, warn: 7_000, error: 10_000 } as const;

/** The notices with one more. One that says the same as another takes its place. */
export function addToast(toasts: readonly Toast[], level: Toast["level"], text: string, now: number): Toast[] {
  const others = liveToasts(toasts, now).filter((toast) => toast.text !== text);
  return [...others, { level, text, until: now + shownMs[level] }].slice(-mostToasts);
}

/** Those that are still to be seen; the same list when all are. */
export function liveToasts(toasts: readonly Toast[], now: number): readonly Toast[] {
  return toasts.every(({ until }) => until > now) ? toasts : toasts.filter(({ until }) => until > now);
}

/** When the next one goes, for whoever sets the alarm; null: there is none. */
export function nextToastEnd(toasts: readonly Toast[]): number | null {
  return toasts.length === 0 ? null : Math.min(...toasts.map(({ until }) => until));
}

const marks = { info: "i", ok: "✓", warn: "!", error: "✗" } as const;
const plainMarks = { info: "i", ok: "+", warn: "!", error: "x" } as const;

/** Paints them on the first rows of a canvas, each on as many as it takes, up to a few. */
export function paintToasts(toasts: readonly Toast[], { theme, ascii }: Look, canvas: Canvas): void {
  const styles = { info: theme.accent, ok: theme.ok, warn: theme.warn, error: theme.error };
  const room = Math.min(widest, canvas.width - 2);
  if (room < 8) return;
  let y = 0;
  for (const { level, text } of toasts.slice(-mostToasts)) {
    const mark = (ascii === true ? plainMarks : marks)[level];
    const first = [{ text: ` ${mark} `, style: styles[level] }];
    const rest = [{ text: "   ", style: theme.status }];
    const rows = wrap([{ text: oneLine(text, widest * mostRows), style: theme.status }], room - 1, { first, rest });
    const shown = rows.slice(0, mostRows);
    const width = Math.max(0, ...shown.map(({ glyphs }) => glyphs.length)) + 1;
    for (const row of shown) {
      if (y < canvas.height) canvas.row(canvas.width - 1 - width, y, row, width, theme.status);
      y += 1;
    }
  }
}
