// What highlight.js finds in code, in the styles of the theme.
import type { Span, StyleId, Theme } from "../../cells/types.ts";

const scopes: Readonly<Record<string, keyof Omit<Theme, "series">>> = {
  keyword: "keyword",
  built_in: "functionName",
  type: "functionName",
  literal: "number",
  number: "number",
  symbol: "number",
  string: "string",
  regexp: "string",
  char: "string",
  comment: "comment",
  quote: "comment",
  doctag: "comment",
  meta: "comment",
  title: "functionName",
  section: "functionName",
  name: "keyword",
  attr: "functionName",
  attribute: "functionName",
  variable: "number",
  "template-variable": "number",
  subst: "text",
  bullet: "keyword",
  strong: "strong",
  emphasis: "emphasis",
  addition: "added",
  deletion: "removed",
};

const piece = /<span class="([^"]*)">|(<\/span>)|([^<]+)/g;
const entities: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#x27;": "'",
};

/** The markup that highlight.js answers with, as spans. Joined, their text is the code. */
export function spansOf(markup: string, theme: Theme): Span[] {
  const spans: Span[] = [];
  const open: StyleId[] = [];
  for (const [, name, close, text] of markup.matchAll(piece)) {
    const style = open.at(-1) ?? theme.text;
    if (name !== undefined) open.push(styleOf(name, theme) ?? style);
    else if (close !== undefined) open.pop();
    else if (text !== undefined) {
      const plain = text.replace(/&(?:amp|lt|gt|quot|#x27);/g, (entity) => entities[entity] ?? entity);
      const last = spans.at(-1);
      if (last?.style === style) last.text += plain;
      else spans.push({ text: plain, style });
    }
  }
  return spans;
}

/** A class such as `hljs-title function_` or `hljs-meta hljs-keyword`. */
function styleOf(name: string, theme: Theme): StyleId | null {
  const scope = /hljs-([\w-]+)/.exec(name)?.[1] ?? "";
  const key = Object.hasOwn(scopes, scope) ? scopes[scope] : undefined;
  return key === undefined ? null : theme[key];
}
