// Code in colours. highlight.js and its grammars are loaded when they are first needed; until then, and for what is too
// long or of a language without a grammar, code is plain.
import type { HLJSApi } from "highlight.js";
import type { Span, Theme } from "../cells/types.ts";
import { grammarOf, languageOf } from "./highlight/languages.ts";
import { spansOf } from "./highlight/scopes.ts";

export { languageOf } from "./highlight/languages.ts";

/** Characters of code beyond which it stays plain, and of a line. */
export const maxCode = 40_000;
const maxLine = 2_000;
/** Lines that are remembered: while code streams in, each is asked for in every frame. */
const remembered = 2_000;

/** Colours code. */
export interface Highlighter {
  /**
   * Code as spans, whose text joined is the code. `language` is what the code's fence names. A language that is not
   * loaded yet is asked for, and the code comes back plain this time.
   */
  block(code: string, language: string, theme: Theme): Span[];
  /** The same for one line of code that is still being written: what spans lines is not known yet. */
  line(code: string, language: string, theme: Theme): Span[];
  /** Loads a language; false when there is none of this name, or its grammar could not be loaded. */
  load(language: string): Promise<boolean>;
  /** Grows with each language that was loaded: what was rendered before may look different now. */
  version(): number;
}

/** A highlighter. `onLoaded` is called when a language that something was waiting for has become known. */
export function createHighlighter(onLoaded: () => void = () => {}): Highlighter {
  let engine: HLJSApi | null = null;
  let version = 0;
  const loading = new Map<string, Promise<boolean>>();
  const ready = new Set<string>();
  let lines = new Map<string, Span[]>();
  let linesTheme: Theme | null = null;

  async function loadLanguage(language: string): Promise<boolean> {
    try {
      const [core, grammar] = await Promise.all([import("highlight.js/lib/core"), grammarOf(language)]);
      if (grammar === null) return false;
      // An instance of its own: nobody else's settings or grammars.
      engine ??= core.default.newInstance();
      engine.registerLanguage(language, grammar);
    } catch {
      return false;
    }
    ready.add(language);
    version += 1;
    lines.clear();
    onLoaded();
    return true;
  }

  function load(name: string): Promise<boolean> {
    const language = languageOf(name);
    if (language === null) return Promise.resolve(false);
    const known = loading.get(language) ?? loadLanguage(language);
    loading.set(language, known);
    return known;
  }

  function colour(code: string, name: string, theme: Theme): Span[] {
    const language = languageOf(name);
    if (language === null || engine === null || !ready.has(language)) {
      if (language !== null) void load(language);
      return [{ text: code, style: theme.code }];
    }
    try {
      return spansOf(engine.highlight(code, { language, ignoreIllegals: true }).value, theme);
    } catch {
      return [{ text: code, style: theme.code }];
    }
  }

  return {
    load,
    version: () => version,
    block(code, language, theme) {
      const plain = code.length > maxCode || code.split("\n").some((line) => line.length > maxLine);
      return plain ? [{ text: code, style: theme.code }] : colour(code, language, theme);
    },
    line(code, language, theme) {
      if (code.length > maxLine) return [{ text: code, style: theme.code }];
      if (linesTheme !== theme) {
        lines = new Map();
        linesTheme = theme;
      }
      const key = `${language}\n${code}`;
      const known = lines.get(key);
      if (known !== undefined) return known;
      const spans = colour(code, language, theme);
      if (lines.size >= remembered) lines.clear();
      if (ready.has(languageOf(language) ?? "")) lines.set(key, spans);
      return spans;
    },
  };
}
