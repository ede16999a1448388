// What the screen is made of. Views lay text out into rows of cells; a canvas takes them; how cells become bytes is the
// business of the terminal's side alone.

/** A colour: `#rrggbb`, or one of the terminal's own 16 (0 to 15). Absent: the terminal's default. */
export type Colour = `#${string}` | number;

/** How a cell looks. */
export interface Style {
  fg?: Colour;
  bg?: Colour;
  bold?: boolean;
  dim?: boolean;
  italic?: boolean;
  underline?: boolean;
  strike?: boolean;
  inverse?: boolean;
  /** An address that the terminal may open; checked before it gets here. */
  link?: string;
}

/** A number that stands for a style, so that cells compare quickly. */
export type StyleId = number;

/** A run of text in one style. The text is already free of control characters, but for line feeds and tabs. */
export interface Span {
  text: string;
  style: StyleId;
}

/** A line as it stands on the screen: a grapheme and a style for each cell; "" is the second half of a wide one. */
export interface Row {
  glyphs: string[];
  styles: StyleId[];
}

/** A rectangle of cells to paint on. What falls outside is cut off; half of a wide grapheme becomes a blank. */
export interface Canvas {
  readonly width: number;
  readonly height: number;
  /** Paints a row from (x, y) on, over at most `width` cells; the rest of those cells is filled in `fill`. */
  row(x: number, y: number, row: Row, width?: number, fill?: StyleId): void;
  /** Paints text on one line, cut where it does not fit; answers with the x after it. */
  text(x: number, y: number, text: string, style: StyleId): number;
  fill(x: number, y: number, width: number, height: number, style: StyleId): void;
  /** A smaller rectangle of this one. */
  part(x: number, y: number, width: number, height: number): Canvas;
}

/** What a theme says of each thing that views show. Meaning is never in the colour alone. */
export interface Theme {
  text: StyleId;
  dim: StyleId;
  strong: StyleId;
  emphasis: StyleId;
  strike: StyleId;
  heading: StyleId;
  link: StyleId;
  code: StyleId;
  user: StyleId;
  accent: StyleId;
  ok: StyleId;
  warn: StyleId;
  error: StyleId;
  border: StyleId;
  borderFocused: StyleId;
  status: StyleId;
  selection: StyleId;
  added: StyleId;
  addedWord: StyleId;
  removed: StyleId;
  removedWord: StyleId;
  /** Highlighted code. */
  keyword: StyleId;
  string: StyleId;
  number: StyleId;
  comment: StyleId;
  functionName: StyleId;
  /** Lines of a chart, one for each series in turn. */
  series: StyleId[];
}
