// Blocks of Markdown as rows. Nothing is fetched and nothing is executed: images are named, HTML is shown as text.
import type { Token, Tokens } from "marked";
import { emptyRow } from "../../cells/layout.ts";
import type { Row, Span } from "../../cells/types.ts";
import { textWidth } from "../../cells/width.ts";
import { wrap } from "../../cells/wrap.ts";
import type { Look } from "../look.ts";
import { inlineSpans } from "./inline.ts";
import { hang, roomBeside, rule } from "./rows.ts";
import { tableRows } from "./table.ts";

/** Where blocks stand. */
export interface Place {
  /** Blocks around these. */
  depth?: number;
  /** The number of the first item of an ordered list that is the first block; absent: as it is written. */
  number?: number | null;
  /** Code may still be going on: it is coloured line by line. */
  open?: boolean;
}

/** Blocks in blocks beyond which the source is shown as it is. */
const maxDepth = 10;

/** Blocks as rows of at most `width` cells, with a blank row between each two. */
export function blockRows(tokens: readonly Token[], width: number, look: Look, place: Place = {}): Row[] {
  const rows: Row[] = [];
  let first = true;
  for (const token of tokens) {
    const block = oneBlock(token, width, look, first ? place : { ...place, number: null });
    if (block.length === 0) continue;
    if (!first) rows.push(emptyRow());
    for (const row of block) rows.push(row);
    first = false;
  }
  return rows;
}

function oneBlock(token: Token, width: number, look: Look, place: Place): Row[] {
  const { theme, ascii } = look;
  const depth = place.depth ?? 0;
  switch (token.type) {
    case "space":
    case "def":
    case "checkbox":
      return [];
    case "heading": {
      const { depth: level, tokens } = token as Tokens.Heading;
      // The signs stay: without colours, they are what tells a heading, and its level, from text.
      const mark = { text: `${"#".repeat(level)} `, style: theme.dim };
      return wrap(inlineSpans(tokens, theme.heading, look), width, { first: [mark] });
    }
    case "code":
      return codeRows(token as Tokens.Code, width, look, place);
    case "hr":
      return [rule(ascii ? "-" : "─", theme.border, width)];
    case "table":
      return tableRows(token as Tokens.Table, width, look);
    case "blockquote": {
      if (depth >= maxDepth) return sourceRows(token.raw, width, look);
      const bar = [{ text: ascii ? "| " : "▌ ", style: theme.dim }];
      const room = roomBeside(2, width);
      const rows = blockRows((token as Tokens.Blockquote).tokens, room, look, { ...place, depth: depth + 1 });
      return room === width ? rows : hang(rows, bar, bar);
    }
    case "list":
      if (depth >= maxDepth) return sourceRows(token.raw, width, look);
      return listRows(token as Tokens.List, width, look, place);
    case "html":
      return sourceRows(token.raw, width, look);
    default: {
      const { tokens } = token as Tokens.Paragraph;
      const spans =
        tokens === undefined ? [{ text: token.raw, style: theme.text }] : inlineSpans(tokens, theme.text, look);
      return textRows(spans, width);
    }
  }
}

/** A paragraph, without the line breaks at its end. */
function textRows(spans: Span[], width: number): Row[] {
  const last = spans.at(-1);
  if (last !== undefined) spans[spans.length - 1] = { ...last, text: last.text.trimEnd() };
  return spans.every(({ text }) => text === "") ? [] : wrap(spans, width);
}

function sourceRows(raw: string, width: number, { theme }: Look): Row[] {
  const text = raw.trimEnd();
  return text === "" ? [] : wrap([{ text, style: theme.dim }], width, { at: "cell" });
}

/** The bar in front of code, which says where it begins and ends when there are no colours. */
export function codeBar({ theme, ascii }: Look): Span[] {
  return [{ text: ascii ? "| " : "▏ ", style: theme.border }];
}

/** Code behind its bar; every blank in it counts. */
export function barred(spans: readonly Span[], width: number, look: Look): Row[] {
  const room = roomBeside(2, width);
  const bar = codeBar(look);
  return room === width
    ? wrap(spans, width, { at: "cell" })
    : wrap(spans, width, { first: bar, rest: bar, at: "cell" });
}

/** What a fence says after its marks, up to the name of the language. */
export function languageNamed(info: string | undefined): string {
  return info?.trim().split(/[\s,{]/, 1)[0] ?? "";
}

function codeRows(token: Tokens.Code, width: number, look: Look, { open }: Place): Row[] {
  const { theme, highlighter } = look;
  const language = languageNamed(token.lang);
  // Blank lines behind code that is only indented are not its own.
  const text = token.codeBlockStyle === "indented" ? token.text.replace(/\n+$/, "") : token.text;
  if (highlighter === undefined) return barred([{ text, style: theme.code }], width, look);
  if (!open) return barred(highlighter.block(text, language, theme), width, look);
  return text.split("\n").flatMap((line) => barred(highlighter.line(line, language, theme), width, look));
}

function listRows({ items, ordered, start }: Tokens.List, width: number, look: Look, place: Place): Row[] {
  const { theme, ascii } = look;
  const from = place.number ?? (start === "" ? 1 : start);
  const rows: Row[] = [];
  for (const [index, item] of items.entries()) {
    const box = item.task ? (item.checked ? (ascii ? "[x] " : "☑ ") : ascii ? "[ ] " : "☐ ") : "";
    const mark = `${ordered ? `${from + index}. ` : box === "" ? (ascii ? "- " : "• ") : ""}${box}`;
    const cells = textWidth(mark);
    const room = roomBeside(cells, width);
    const content = itemRows(item, room, look, { depth: (place.depth ?? 0) + 1, open: place.open === true });
    const first = [{ text: mark, style: theme.accent }];
    const rest = [{ text: " ".repeat(cells), style: theme.text }];
    for (const row of room === width ? content : hang(content, first, rest)) rows.push(row);
    // Items stand apart where their source does.
    if (index < items.length - 1 && /\n[ \t]*\n$/.test(item.raw)) rows.push(emptyRow());
  }
  return rows;
}

/** What an item holds: blocks that stand apart only where they do in the source, as a list under its sentence does not. */
function itemRows(item: Tokens.ListItem, width: number, look: Look, place: Place): Row[] {
  const rows: Row[] = [];
  let apart = false;
  for (const token of item.tokens) {
    if (token.type === "space") {
      apart = rows.length > 0;
      continue;
    }
    const block = oneBlock(token, width, look, place);
    if (block.length === 0) continue;
    if (apart) rows.push(emptyRow());
    for (const row of block) rows.push(row);
    apart = false;
  }
  return rows;
}
