// Numbers as programs print them: Python's and JSON's, with their names for what is no number.

/** A number, `nan`, `inf`: the source of a pattern without groups, for use inside others. */
export const numberSource = String.raw`[-+]?(?:\d[\d_]{0,24}(?:\.\d{0,24})?|\.\d{1,24})(?:[eE][-+]?\d{1,4})?|[-+]?(?:[nN]a[nN]|[iI]nf(?:inity)?)\b`;

/** The value of what {@link numberSource} matches; NaN for anything else. */
export function numberOf(text: string): number {
  const infinite = /^([-+]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /\d/.test(text) ? Number(text.replaceAll("_", "")) : Number.NaN;
}

const scales: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 };

/** A count with a unit's prefix behind it, as progress bars print large ones: `12.3M`. */
export function scaledNumberOf(text: string): number {
  const scale = scales[text.slice(-1)];
  return scale === undefined ? numberOf(text) : numberOf(text.slice(0, -1)) * scale;
}

/** A clock reading as milliseconds: `57`, `01:25`, `1:02:05`; NaN for anything else. */
export function clockOf(text: string): number {
  if (!/^\d{1,6}(?::\d{1,2}){0,2}$/.test(text)) return Number.NaN;
  return text.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0) * 1000;
}
