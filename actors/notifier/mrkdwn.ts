// From Markdown, as models write it, to Slack's own markup. What has no counterpart there keeps its meaning in another
// form: tables become aligned code, images links, bullets dots. Nothing in the text can address people or channels.
import { escaped, inlined } from "./mrkdwn-inline.ts";
import { alignTable, isTable } from "./tables.ts";

/** One line in bold, whatever marks are in it. */
export function bold(line: string): string {
  const plain = line.replaceAll("*", "").trim();
  return plain === "" ? "" : `*${escaped(plain)}*`;
}

/** Lines as they are, in a block of code. */
export function codeBlock(lines: readonly string[]): string {
  // Three backticks inside would end the block; a space without width keeps them apart.
  const text = lines.join("\n").replaceAll("```", "`\u200b``");
  return `\`\`\`\n${escaped(text)}\n\`\`\``;
}

const fence = /^ {0,3}(`{3,}|~{3,})([^`]*)$/;
const heading = /^ {0,3}#{1,6}[ \t]+(.*)$/;
const quote = /^ {0,3}(?:> ?)+/;
const bullet = /^([ \t]*)[*+-][ \t]+(?=\S)/;

/** Where the code block that a line opens ends: the index of its closing line, or of the line after the last. */
function endOfFence(lines: readonly string[], start: number, mark: string): number {
  const isEnd = (line: string) => {
    const text = line.trim();
    return text.length >= mark.length && text === mark.charAt(0).repeat(text.length);
  };
  const end = lines.findIndex((line, index) => index > start && isEnd(line));
  return end === -1 ? lines.length : end;
}

/** Converts a line of prose. Inline marks do not reach over lines in Slack. */
function proseLine(line: string): string {
  const title = heading.exec(line)?.[1];
  if (title !== undefined) {
    const text = title.replace(/[ \t]+#+[ \t]*$/, "").replace(/\*{1,3}|_{2,3}|~~/g, "");
    return text.trim() === "" ? "" : `*${inlined(text.trim())}*`;
  }
  const quoted = quote.exec(line)?.[0] ?? "";
  const rest = line.slice(quoted.length).replace(bullet, "$1• ");
  return `${quoted === "" ? "" : "> "}${inlined(rest)}`;
}

/** Converts a whole text. */
export function toMrkdwn(markdown: string): string {
  const lines = markdown.replace(/\r\n?/g, "\n").split("\n");
  const out: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? "";
    const mark = fence.exec(line)?.[1];
    if (mark !== undefined) {
      const end = endOfFence(lines, at, mark);
      out.push(codeBlock(lines.slice(at + 1, end)));
      at = end;
    } else if (isTable(lines, at)) {
      const end = lines.findIndex((other, index) => index > at && !other.includes("|"));
      const rows = lines.slice(at, end === -1 ? lines.length : end);
      out.push(codeBlock(alignTable(rows)));
      at += rows.length - 1;
    } else out.push(proseLine(line));
  }
  return out.join("\n");
}
