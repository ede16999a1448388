// Notices that come and go by themselves, at the top right, above everything and in nobody's way.

import { oneLine } from "../../text/neutralise.ts";
import { cutRow } from "../cells/layout.ts";
import type { Canvas, Span } from "../cells/types.ts";
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

/** Paints them on the first rows of a canvas. */
export function paintToasts(toasts: readonly Toast[], { theme, ascii }: Look, canvas: Canvas): void {
  const styles = { info: theme.accent, ok: theme.ok, warn: theme.warn, error: theme.error };
  const room = Math.min(widest, canvas.width - 2);
  if (room < 4) return;
  for (const [y, { level, text }] of toasts.slice(-mostToasts).entries()) {
    const mark = (ascii === true ? plainMarks : marks)[level];
    const spans: Span[] = [
      { text: ` ${mark} `, style: styles[level] },
      { text: `${oneLine(text, widest)} `, style: theme.status },
    ];
    const row = cutRow(spans, room);
    canvas.row(canvas.width - 1 - row.glyphs.length, y, row, row.glyphs.length, theme.status);
  }
}
