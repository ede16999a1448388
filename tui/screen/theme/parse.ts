// A theme's file checked and turned into styles. It is a file that users copy and change, so every fault says where.
import type { Json } from "../../../actors/events.ts";
import { parseJson } from "../../config/json.ts";
import { FrontError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import type { Styles } from "../cells/style.ts";
import type { Colour, Style, StyleId, Theme } from "../cells/types.ts";

/** A theme as its file gives it. */
export interface LoadedTheme extends Theme {
  /** What is behind the text, that the theme is made for. */
  background: "dark" | "light" | "any";
  /** What it shows for the 16 colours of programs' output, by index; absent ones are the terminal's own. */
  palette: readonly (Colour | undefined)[];
}

type Part = Exclude<keyof Theme, "series">;

const parts: Record<Part, true> = {
  text: true,
  dim: true,
  strong: true,
  emphasis: true,
  strike: true,
  heading: true,
  link: true,
  code: true,
  user: true,
  accent: true,
  ok: true,
  warn: true,
  error: true,
  border: true,
  borderFocused: true,
  status: true,
  selection: true,
  added: true,
  addedWord: true,
  removed: true,
  removedWord: true,
  keyword: true,
  string: true,
  number: true,
  comment: true,
  functionName: true,
};
const partNames = Object.keys(parts).filter(isPart);
const sections = ["background", "colours", "styles", "series", "programs"];
const flags = ["bold", "dim", "italic", "underline", "strike", "inverse"] as const;
const styleKeys: string[] = ["fg", "bg", ...flags];
const programColours = ["red", "green", "yellow", "blue", "magenta", "cyan"];

/**
 * Reads the text of a theme's file.
 *
 * @param file The file's name, for messages.
 * @param styles The table that the theme's styles go to.
 * @throws `FrontError` `CONFIG_NOT_JSON` or `THEME_INVALID`, naming the file and the key.
 */
export function parseTheme(text: string, file: string, styles: Styles): LoadedTheme {
  const root = objectAt(parseJson(text, file), file, "the file");
  known(root, sections, file, "");
  const colours = objectAt(root.colours ?? {}, file, "colours");
  const style = (value: Json | undefined, key: string) => styles.id(styleAt(value, colours, file, key));
  const given = objectAt(root.styles, file, "styles");
  known(given, partNames, file, "styles.");
  const series = Array.isArray(root.series) ? root.series : [];
  if (series.length === 0) throw invalid(file, "series", "must be a list of at least one style");
  return {
    ...stylesOfParts((part) => style(given[part], `styles.${part}`)),
    series: series.map((value, index) => style(value, `series[${index}]`)),
    background: backgroundAt(root.background, file),
    palette: paletteAt(root.programs, colours, file),
  };
}

function stylesOfParts(make: (part: Part) => StyleId): Omit<Theme, "series"> {
  const made: Partial<Record<Part, StyleId>> = {};
  for (const part of partNames) made[part] = make(part);
  // The record of parts names every one of the theme's, so none is missing.
  return made as Record<Part, StyleId>;
}

function styleAt(value: Json | undefined, colours: Record<string, Json>, file: string, key: string): Style {
  if (value === undefined) throw invalid(file, key, "is missing", "Every part needs a style; {} is the plain one.");
  const given = objectAt(value, file, key);
  known(given, styleKeys, file, `${key}.`);
  const style: Style = {};
  if (given.fg !== undefined) style.fg = colourAt(given.fg, colours, file, `${key}.fg`);
  if (given.bg !== undefined) style.bg = colourAt(given.bg, colours, file, `${key}.bg`);
  for (const flag of flags) {
    const set = given[flag];
    if (set !== undefined && typeof set !== "boolean") throw invalid(file, `${key}.${flag}`, "must be true or false");
    if (set === true) style[flag] = true;
  }
  return style;
}

/** A colour: `#rrggbb`, 0 to 15, or the name of one of the file's own colours. */
function colourAt(value: Json, colours: Record<string, Json>, file: string, key: string): Colour {
  const named = typeof value === "string" && Object.hasOwn(colours, value) ? colours[value] : value;
  if (typeof named === "number" && Number.isInteger(named) && named >= 0 && named <= 15) return named;
  if (isHex(named)) return named;
  const guess = typeof value === "string" ? nearest(value, Object.keys(colours)) : null;
  throw invalid(
    file,
    key,
    `is ${JSON.stringify(value)}: a colour is "#rrggbb", a number from 0 to 15, or a name from colours`,
    guess === null ? undefined : `Did you mean ${guess}?`,
  );
}

function paletteAt(value: Json | undefined, colours: Record<string, Json>, file: string): LoadedTheme["palette"] {
  const given = objectAt(value ?? {}, file, "programs");
  known(given, programColours, file, "programs.");
  const palette: (Colour | undefined)[] = new Array(16).fill(undefined);
  for (const [index, name] of programColours.entries()) {
    const colour = given[name];
    if (colour === undefined) continue;
    // Bright ones are shown alike: what matters is that they can be read.
    palette[index + 1] = palette[index + 9] = colourAt(colour, colours, file, `programs.${name}`);
  }
  return palette;
}

function backgroundAt(value: Json | undefined, file: string): LoadedTheme["background"] {
  if (value === "dark" || value === "light" || value === "any") return value;
  throw invalid(file, "background", 'must be "dark", "light" or "any"');
}

function objectAt(value: Json | undefined, file: string, key: string): Record<string, Json> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw invalid(file, key, "must be an object");
}

function known(given: Record<string, Json>, names: readonly string[], file: string, prefix: string): void {
  const wrong = Object.keys(given).find((name) => !names.includes(name));
  if (wrong === undefined) return;
  const guess = nearest(wrong, names);
  throw invalid(file, `${prefix}${wrong}`, "is no known key", guess === null ? undefined : `Did you mean ${guess}?`);
}

function invalid(file: string, key: string, what: string, hint?: string): FrontError {
  return new FrontError("THEME_INVALID", `${file}: ${key} ${what}.`, hint);
}

function isHex(value: Json | undefined): value is `#${string}` {
  return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value);
}

function isPart(name: string): name is Part {
  return Object.hasOwn(parts, name);
}
