// Engines that turned us away a moment ago: others are asked before them. Gone with the thread.

const resting = new Map<string, { why: string; until: number }>();

/** Lets the engine at an address rest, for milliseconds. */
export function rest(address: string, why: string, forMs: number): void {
  if (forMs > 0) resting.set(address, { why, until: Date.now() + forMs });
}

/** It answers again. */
export function wake(address: string): void {
  resting.delete(address);
}

/** Why the engine at an address rests, or null when it does not. */
export function restOf(address: string): string | null {
  const found = resting.get(address);
  if (found !== undefined && found.until > Date.now()) return found.why;
  resting.delete(address);
  return null;
}
