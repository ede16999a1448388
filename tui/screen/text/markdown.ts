// Markdown on the screen.
export { loadMarkdown } from "./markdown/lexer.ts";
export { markdownRows } from "./markdown/render.ts";
export { type MarkdownStream, markdownStream, type RowList } from "./markdown/stream.ts";
