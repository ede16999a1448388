// What rendering needs to know of the screen.
import type { Styles } from "../cells/style.ts";
import type { Theme } from "../cells/types.ts";
import type { Highlighter } from "./highlight.ts";

/** How text is to look. Keep one object for as long as nothing in it changes: what was laid out is remembered by it. */
export interface Look {
  theme: Theme;
  /** The table in which the theme's ids stand; mixed styles and links are added to it. */
  styles: Styles;
  /** Nothing but ASCII is drawn for lines, marks and charts: the terminal's characters are not known to be Unicode. */
  ascii?: boolean;
  /** Colours code; absent: code is plain. */
  highlighter?: Highlighter;
}
