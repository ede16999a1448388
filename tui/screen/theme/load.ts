// The theme of a run: which one, and its file read.
import { readFileSync } from "node:fs";
import { shippedFile } from "../../config/paths.ts";
import { themeNames } from "../../config/themes.ts";
import { FrontError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import type { ColourDepth } from "../cells/colour.ts";
import type { Styles } from "../cells/style.ts";
import { type LoadedTheme, parseTheme } from "./parse.ts";

/** What the choice of a theme hangs on. */
export interface ThemeChoice {
  /** The user's own choice: a name, or a file's path (anything with a slash); null or `auto` for none. */
  wanted: string | null;
  /** What is behind the terminal's text, as far as it told. */
  background: "dark" | "light" | null;
  depth: ColourDepth;
}

/**
 * The name or path of the theme to load. Without colours `contrast` is the only one that still tells parts from each
 * other, so it wins even over a wish; with 16 it is the default.
 */
export function chooseTheme({ wanted, background, depth }: ThemeChoice): string {
  if (depth === 0) return "contrast";
  if (wanted !== null && wanted !== "auto") return wanted;
  if (depth === 4) return "contrast";
  return background === "light" ? "light" : "dark";
}

/**
 * Loads a theme into a table of styles.
 *
 * @param name A name from `themeNames`, or the path of a file.
 * @throws `FrontError` `THEME_UNKNOWN`, `THEME_UNREADABLE`, `THEME_INVALID` or `CONFIG_NOT_JSON`.
 */
export function loadTheme(name: string, styles: Styles): LoadedTheme {
  const path = name.includes("/") ? name : shippedTheme(name);
  return parseTheme(readTheme(path), path, styles);
}

function shippedTheme(name: string): string {
  if (themeNames.some((known) => known === name)) return shippedFile(`themes/${name}.json`);
  const guess = nearest(name, themeNames);
  throw new FrontError(
    "THEME_UNKNOWN",
    `There is no theme ${JSON.stringify(name)}; there are ${themeNames.join(", ")}.`,
    guess === null ? "Name one of them, or the path of a theme's file." : `Did you mean ${guess}?`,
  );
}

function readTheme(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new FrontError("THEME_UNREADABLE", `The theme's file ${path} cannot be read (${code}).`, "Check the path.");
  }
}
