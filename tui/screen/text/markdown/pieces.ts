// Cuts Markdown that is still coming into pieces that will not change any more, line by line. How the text was cut into
// chunks makes no difference: a line is judged once it has ended, and a piece that grows too long is cut at the same
// character however it came.
import { closes, fenceOf, indentOf, interrupts, isHeading, isRule, isTableRule, isUnderline, itemOf } from "./lines.ts";
import { add, type Cutting, close, maxPiece, newPiece, type Piece } from "./piece.ts";

export { type Cutting, maxPiece, type Piece, startCutting } from "./piece.ts";

/** Takes more text, which has line feeds only. */
export function cut(cutting: Cutting, text: string): void {
  const lines = text.split("\n");
  const last = lines.pop() ?? "";
  for (const line of lines) {
    limit(cutting, cutting.partial + line);
    judge(cutting, cutting.partial);
    cutting.partial = "";
  }
  limit(cutting, cutting.partial + last);
}

/** The text has ended. */
export function endCutting(cutting: Cutting): void {
  if (cutting.partial !== "") judge(cutting, cutting.partial);
  cutting.partial = "";
  close(cutting);
}

/** Cuts off what is too long before the line is judged, so that it does not matter whether the line has ended. */
function limit(cutting: Cutting, line: string): void {
  cutting.partial = line;
  while (cutting.open?.kind === "fence" && cutting.partial.length > maxPiece) {
    add(cutting.open, cutting.partial.slice(0, maxPiece));
    cutting.partial = cutting.partial.slice(maxPiece);
  }
  while (cutting.open?.kind !== "fence" && (cutting.open?.size ?? 0) + cutting.partial.length > maxPiece) {
    cutting.forced = true;
    if (cutting.open !== null) {
      overflow(cutting, cutting.open);
      continue;
    }
    const head = cutting.partial.slice(0, maxPiece);
    const blank = head.search(/\s\S*$/);
    const code = head.charCodeAt(maxPiece - 1);
    const at = blank > maxPiece / 2 ? blank + 1 : code >= 0xd800 && code < 0xdc00 ? maxPiece - 1 : maxPiece;
    begin(cutting, head.slice(0, at));
    cutting.partial = cutting.partial.slice(at);
    close(cutting);
    cutting.joint = true;
  }
}

/** Ends a piece that goes on: code goes on as code, a table under its headings. */
function overflow(cutting: Cutting, piece: Piece): void {
  // Headings that were repeated for a row which leaves no room for them are not repeated.
  if (piece.carried && piece.lines.length === 2) cutting.open = null;
  close(cutting);
  cutting.joint = true;
  if (piece.fence !== null) {
    const { character, length, info } = piece.fence;
    cutting.open = newPiece(cutting, `${character.repeat(length)}${info}`, "fence");
    cutting.open.fence = piece.fence;
  } else if (piece.kind === "table" && cutting.done.at(-1) === piece) {
    const [heads = "", line = ""] = piece.lines;
    if (heads.length + line.length > maxPiece / 4) return;
    cutting.open = newPiece(cutting, heads, "table");
    cutting.open.carried = true;
    add(cutting.open, line);
  }
}

function judge(cutting: Cutting, line: string): void {
  const { open } = cutting;
  const isBlank = line.trim() === "";
  if (open === null) {
    if (isBlank) cutting.joint = false;
    else begin(cutting, line);
    return;
  }
  if (open.kind === "fence") {
    add(open, line);
    if (open.fence !== null && closes(line, open.fence)) close(cutting);
    return;
  }
  if (open.kind === "list") {
    judgeInList(cutting, open, line, isBlank);
    return;
  }
  if (isBlank && open.kind !== "indented") {
    close(cutting);
    return;
  }
  if (goesOn(open, line, isBlank)) {
    add(open, line);
    if (open.lines.length === 2 && open.kind === "paragraph" && isTableRule(line)) open.kind = "table";
    if (open.kind === "paragraph" && isUnderline(line)) close(cutting);
    return;
  }
  close(cutting);
  begin(cutting, line);
}

function goesOn({ kind }: Piece, line: string, isBlank: boolean): boolean {
  switch (kind) {
    case "html":
      return true;
    case "indented":
      return isBlank || indentOf(line) >= 4;
    case "quote":
      return /^ {0,3}>/.test(line) || !interrupts(line);
    case "paragraph":
      return isUnderline(line) || !interrupts(line);
    default:
      return !interrupts(line);
  }
}

function judgeInList(cutting: Cutting, open: Piece, line: string, isBlank: boolean): void {
  const indent = indentOf(line);
  if (open.fence !== null && (isBlank || indent >= open.content)) {
    add(open, line);
    if (closes(line, open.fence)) open.fence = null;
    return;
  }
  open.fence = null;
  if (isBlank) {
    add(open, line);
    open.blank = true;
    return;
  }
  const item = itemOf(line);
  if (item !== null && item.indent < open.content && item.indent < open.indent + 4) {
    close(cutting);
    begin(cutting, line);
    const { open: next } = cutting;
    if (next?.kind !== "list" || next.bullet !== open.bullet || (item.number === null) !== (open.number === null))
      return;
    next.gap = open.blank;
    if (open.number !== null) next.number = open.number + 1;
    return;
  }
  if (indent >= open.content || (!open.blank && !interrupts(line))) {
    add(open, line);
    open.blank = false;
    if (indent >= open.content) open.fence = fenceOf(line);
    return;
  }
  close(cutting);
  begin(cutting, line);
}

function begin(cutting: Cutting, line: string): void {
  const indent = indentOf(line);
  const fence = indent < 4 ? fenceOf(line) : null;
  const item = indent < 4 ? itemOf(line) : null;
  if (fence !== null) {
    cutting.open = newPiece(cutting, line, "fence");
    cutting.open.fence = fence;
  } else if (item !== null) {
    const { bullet, number, content } = item;
    const inner = fenceOf(item.text);
    cutting.open = { ...newPiece(cutting, line, "list"), bullet, number, indent, content, fence: inner };
  } else if (indent >= 4) {
    cutting.open = newPiece(cutting, line, "indented");
  } else {
    const first = line.trimStart().charAt(0);
    const isTag = first === "<" && /^ {0,3}<[A-Za-z/!?]/.test(line) && !/^ {0,3}<[a-z]+:/i.test(line);
    cutting.open = newPiece(cutting, line, first === ">" ? "quote" : isTag ? "html" : "paragraph");
    if (isHeading(line) || isRule(line)) close(cutting);
  }
}
