// Reports of the mouse.
import type { MouseEvent } from "./events.ts";

const wheels = ["wheel-up", "wheel-down", "wheel-left", "wheel-right"] as const;
const buttons = ["left", "middle", "right", null] as const;

/** A report: the bits of the button, the cell from 0, and whether the button went up. */
export function mouseEvent(bits: number, x: number, y: number, isUp: boolean): MouseEvent {
  const at = { x: Math.max(0, x), y: Math.max(0, y) };
  const held = { shift: (bits & 4) !== 0, alt: (bits & 8) !== 0, ctrl: (bits & 16) !== 0 };
  const index = (bits & 3) as 0 | 1 | 2 | 3;
  if ((bits & 64) !== 0) return { type: "mouse", action: wheels[index], button: null, ...at, ...held };
  // From 128 on: further buttons, which have no names.
  const button = (bits & 128) !== 0 ? null : buttons[index];
  if ((bits & 32) !== 0) return { type: "mouse", action: button === null ? "move" : "drag", button, ...at, ...held };
  return { type: "mouse", action: isUp ? "release" : "press", button, ...at, ...held };
}

/** SGR (1006): `CSI < bits ; x ; y M|m`. Null when it is not well formed. */
export function sgrMouse(params: string, final: string): MouseEvent | null {
  const match = /^<(\d{1,4});(\d{1,6});(\d{1,6})$/.exec(params);
  if (match === null) return null;
  return mouseEvent(Number(match[1]), Number(match[2]) - 1, Number(match[3]) - 1, final === "m");
}

/** The oldest form, three bytes after `CSI M`, which terminals without SGR fall back to. */
export function x10Mouse(bytes: string): MouseEvent {
  const [bits = 0, x = 0, y = 0] = Array.from(bytes, (byte) => byte.charCodeAt(0) - 32);
  const isUp = (bits & 3) === 3 && (bits & (32 | 64)) === 0;
  return mouseEvent(bits, x - 1, y - 1, isUp);
}
