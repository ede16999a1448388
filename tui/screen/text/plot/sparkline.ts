// A curve on one line.

const blocks = "▁▂▃▄▅▆▇█";
const strokes = "_.-^";

/**
 * The newest values as at most `width` characters, each the mean of its share of them; `!` where a share holds a value
 * that is not finite. Empty without values.
 */
export function sparkline(values: readonly number[], width: number, ascii = false): string {
  const columns = Math.min(Math.max(0, Math.floor(width)), values.length);
  const means = Array.from({ length: columns }, (_, column) => {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.floor(((column + 1) * values.length) / columns);
    let sum = 0;
    for (let at = from; at < to; at++) sum += values[at] ?? 0;
    return sum / (to - from);
  });
  let [low, high] = [Infinity, -Infinity];
  for (const mean of means) {
    if (!Number.isFinite(mean)) continue;
    low = Math.min(low, mean);
    high = Math.max(high, mean);
  }
  const levels = ascii ? strokes : blocks;
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return "!";
      // What does not change runs along the middle.
      const share = high > low ? (mean - low) / (high - low) : 0.5;
      return levels.charAt(Math.min(levels.length - 1, Math.floor(share * levels.length)));
    })
    .join("");
}
