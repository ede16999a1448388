// What rendering needs to know of the screen.
import type { Styles } from "../cells/style.ts";
import type { Theme } from "../cells/types.ts";

/** How text is to look. */
export interface Look {
  theme: Theme;
  /** The table in which the theme's ids stand; mixed styles and links are added to it. */
  styles: Styles;
  /** Nothing but ASCII is drawn for lines, marks and charts: the terminal's characters are not known to be Unicode. */
  ascii?: boolean;
}
