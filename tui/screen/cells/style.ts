// The table of styles: cells hold numbers, so that they compare quickly, and the numbers stay what they are.
import type { Style, StyleId } from "./types.ts";

/** The terminal's own look; every table has it under this number. */
export const plainStyle: StyleId = 0;

/** A table of styles. It only grows, up to a bound, so an id means the same style for as long as the table lives. */
export interface Styles {
  /**
   * The id of a style; equal styles have equal ids. When the table is full, a new style gets the nearest one that it
   * has: the same without its link, or the plain one.
   */
  id(style: Style): StyleId;
  /** The style of an id; the plain one for an id that was never given out. */
  style(id: StyleId): Style;
  /** Styles in the table. */
  size(): number;
}

/**
 * A new table.
 *
 * @param limit Styles that it holds at most. Those with links may take three quarters of it, so that a page of links
 * leaves room for looks.
 */
export function createStyles(limit = 16_384): Styles {
  const styles: Style[] = [{}];
  const ids = new Map<string, StyleId>([[keyOf({}), plainStyle]]);
  const linkLimit = Math.floor((limit * 3) / 4);
  let links = 0;

  const id = (style: Style): StyleId => {
    const key = keyOf(style);
    const known = ids.get(key);
    if (known !== undefined) return known;
    const { link, ...look } = style;
    if (link !== undefined && (links >= linkLimit || styles.length >= limit)) return id(look);
    if (styles.length >= limit) return plainStyle;
    if (link !== undefined) links++;
    ids.set(key, styles.length);
    return styles.push({ ...style }) - 1;
  };
  return { id, style: (wanted) => styles[wanted] ?? {}, size: () => styles.length };
}

/** The style of one id with some of another's properties on top. */
export function overlay(styles: Styles, under: StyleId, over: Style): StyleId {
  return styles.id({ ...styles.style(under), ...over });
}

function keyOf(style: Style): string {
  const flags =
    (style.bold ? 1 : 0) |
    (style.dim ? 2 : 0) |
    (style.italic ? 4 : 0) |
    (style.underline ? 8 : 0) |
    (style.strike ? 16 : 0) |
    (style.inverse ? 32 : 0);
  return `${style.fg ?? ""}|${style.bg ?? ""}|${flags}|${style.link ?? ""}`;
}
