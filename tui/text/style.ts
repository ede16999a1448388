// Colour, where it is wanted.

/** Paints text, or leaves it alone. */
export interface Style {
  dim(text: string): string;
  bold(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const paint = (open: number, close: number) => (text: string) => `\u001b[${open}m${text}\u001b[${close}m`;
const leave = (text: string) => text;

const coloured: Style = {
  dim: paint(2, 22),
  bold: paint(1, 22),
  red: paint(31, 39),
  green: paint(32, 39),
  yellow: paint(33, 39),
  cyan: paint(36, 39),
};
const plain: Style = { dim: leave, bold: leave, red: leave, green: leave, yellow: leave, cyan: leave };

/** The style for a stream: colour to a terminal only, and none with `NO_COLOR` set or on a dumb terminal. */
export function styleFor(stream: { isTTY?: boolean }, env: Record<string, string | undefined>): Style {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== "dumb" ? coloured : plain;
}
