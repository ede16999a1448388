// Markdown within a line: tokens of marked as spans.
import type { Token, Tokens } from "marked";
import { neutralise } from "../../../text/neutralise.ts";
import { checkedLink } from "../../cells/link.ts";
import { overlay } from "../../cells/style.ts";
import type { Span, Style, StyleId } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import type { Look } from "../look.ts";
import { decodeEntities } from "./entities.ts";

/** Emphasis in emphasis beyond which markup is shown as it is written. */
const maxDepth = 16;
/** Cells of an address that is shown whole beside its text; of a longer one, the host is. */
const maxAddress = 48;

/** Tokens as spans in the style `base`, and what is marked up in them on top of it. Line feeds are line breaks. */
export function inlineSpans(tokens: readonly Token[] | undefined, base: StyleId, look: Look): Span[] {
  const spans: Span[] = [];
  addTokens(spans, tokens ?? [], base, look, 0);
  return spans;
}

function addTokens(spans: Span[], tokens: readonly Token[], style: StyleId, look: Look, depth: number): void {
  for (const token of tokens) addToken(spans, token, style, look, depth);
}

function addToken(spans: Span[], token: Token, style: StyleId, look: Look, depth: number): void {
  const { theme } = look;
  const children = "tokens" in token && depth < maxDepth ? token.tokens : undefined;
  switch (token.type) {
    case "strong":
      addMarked(spans, token, layered(style, theme.strong, { bold: true }, look), look, depth);
      return;
    case "em":
      addMarked(spans, token, layered(style, theme.emphasis, { italic: true }, look), look, depth);
      return;
    case "del":
      addMarked(spans, token, layered(style, theme.strike, { strike: true }, look), look, depth);
      return;
    case "codespan":
      // Inside a code span, an entity is text.
      add(spans, token.text, layered(style, theme.code, look.styles.style(theme.code), look));
      return;
    case "br":
      add(spans, "\n", style);
      return;
    case "link":
      addLink(spans, token as Tokens.Link, style, look, depth);
      return;
    case "image": {
      const { text, href } = token as Tokens.Image;
      const name = decodeEntities(text).trim();
      add(spans, `[image${name === "" ? "" : `: ${name}`}]`, theme.dim);
      addAddress(spans, href, look);
      return;
    }
    case "checkbox":
      return;
    case "html":
      add(spans, /^<br\s*\/?>$/i.test(token.raw.trim()) ? "\n" : token.raw, theme.dim);
      return;
    default:
      if (children !== undefined) addTokens(spans, children, style, look, depth + 1);
      else add(spans, plainText(token), style);
  }
}

function plainText(token: Token): string {
  if (token.type === "escape") return token.text;
  const text = "text" in token ? String(token.text) : token.raw;
  // A line break in the source is one on the screen: models mean them. What indents the next line is not text.
  const lines = decodeEntities(text).split("\n");
  const end = lines.length - 1;
  return lines
    .map((line, at) => (at === 0 ? line : line.trimStart()))
    .map((line, at) => (at === end ? line : line.trimEnd()))
    .join("\n");
}

function addMarked(spans: Span[], token: Token, style: StyleId, look: Look, depth: number): void {
  if ("tokens" in token && token.tokens && depth < maxDepth) addTokens(spans, token.tokens, style, look, depth + 1);
  else add(spans, token.raw, style);
}

/** The theme's own style in plain text; inside a heading or a link, only what it adds to that. */
function layered(under: StyleId, own: StyleId, added: Style, { styles, theme }: Look): StyleId {
  return under === theme.text ? own : overlay(styles, under, added);
}

function addLink(spans: Span[], { href, tokens, raw }: Tokens.Link, style: StyleId, look: Look, depth: number): void {
  const address = webAddress(href);
  const text: Span[] = [];
  const linked =
    address === null ? style : overlay(look.styles, look.theme.link, { ...boldOf(style, look), link: address });
  if (depth < maxDepth) addTokens(text, tokens, linked, look, depth + 1);
  else add(text, raw, linked);
  spans.push(...text);
  // What a link says is not where it leads, and no terminal shows that by itself.
  const said = text.map((span) => span.text).join("");
  if (!sameAddress(said, href)) addAddress(spans, href, look);
}

function boldOf(style: StyleId, { styles }: Look): Style {
  const { bold, italic } = styles.style(style);
  return { ...(bold === undefined ? {} : { bold }), ...(italic === undefined ? {} : { italic }) };
}

/** The address when a terminal may be asked to open it. Files of this machine are not: a model wrote this. */
function webAddress(href: string): string | null {
  return /^https?:/i.test(href) ? checkedLink(href) : null;
}

/** Where something leads, in brackets: as text, and as a link when it is one that may be opened. */
function addAddress(spans: Span[], href: string, look: Look): void {
  const address = webAddress(href);
  const shown = address ?? decodeEntities(href).trim();
  if (shown === "" || shown.startsWith("#")) return;
  const short = textWidth(shown) <= maxAddress ? shown : shortAddress(shown);
  const style = address === null ? look.theme.dim : overlay(look.styles, look.theme.dim, { link: address });
  add(spans, ` (${short})`, style);
}

function shortAddress(address: string): string {
  const host = URL.canParse(address) ? new URL(address).host : "";
  return host === "" ? `${address.slice(0, maxAddress - 1)}…` : `${host}/…`;
}

function sameAddress(said: string, href: string): boolean {
  const bare = (address: string): string =>
    address
      .trim()
      .replace(/^mailto:/i, "")
      .replace(/\/$/, "");
  return bare(said) === bare(href) || `https://${bare(said)}` === bare(href);
}

/** Characters written as numbers may have become controls by now: they are made visible, as those in the source were. */
function add(spans: Span[], raw: string, style: StyleId): void {
  const text = neutralise(raw);
  if (text === "") return;
  const last = spans.at(-1);
  if (last?.style === style) last.text += text;
  else spans.push({ text, style });
}
