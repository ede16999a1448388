// What is taken out of the transcript: the text itself as it was written, never the rows into which it was broken.
import type { Token } from "marked";
import { outcomeLines } from "../../../chat/line/outcome-words.ts";
import { styleFor } from "../../../text/style.ts";
import type { Block, CallBlock } from "../../model/blocks.ts";
import { diffOf } from "../../model/select.ts";
import { compactionSentence, endSentence, sentenceOf } from "../../model/sentences.ts";
import { lexer } from "../../text/markdown/lexer.ts";

const plain = styleFor({ isTTY: false }, {});

/** The text of a block: Markdown as the model wrote it, output as the program printed it, as far as it is kept. */
export function textOf(block: Block): string {
  switch (block.kind) {
    case "user":
    case "assistant":
    case "thinking":
      return block.text;
    case "call":
      return callText(block);
    case "approval":
      return block.calls.map(({ title, answer }) => `${title}: ${answer ?? "not answered"}`).join("\n");
    case "plan":
      return block.plan.map(({ content, status }) => `- [${status === "completed" ? "x" : " "}] ${content}`).join("\n");
    case "end":
      return endSentence(block)?.text ?? "";
    case "compaction":
      return block.summary === "" ? compactionSentence(block).text : block.summary;
    case "note":
      return sentenceOf(block.note).text;
    case "command":
      return `${block.line}\n${outcomeLines(block.outcome, plain)}`.trimEnd();
  }
}

/** What a search looks through: also what names the block, folded or not. */
export function searchText(block: Block): string {
  return block.kind === "call" ? `${block.tool}  ${block.title}\n${callText(block)}` : textOf(block);
}

/** The code of a block, without its fences: the last that a reply holds, or what a call ran; null: none. */
export function codeOf(block: Block): string | null {
  if (block.kind === "call") return block.preview?.text ?? null;
  if (block.kind !== "assistant" && block.kind !== "user") return null;
  try {
    return lastCode(lexer(block.text));
  } catch {
    return null;
  }
}

function lastCode(tokens: readonly Token[]): string | null {
  for (const token of tokens.toReversed()) {
    if (token.type === "code") return token.text;
    const inner: Token[] = token.type === "list" ? token.items : "tokens" in token ? (token.tokens ?? []) : [];
    const found = lastCode(inner);
    if (found !== null) return found;
  }
  return null;
}

function callText(call: CallBlock): string {
  const { result, progress } = call;
  if (result === null) {
    const log = [...progress.lines, progress.open].join("\n").trimEnd();
    return log === "" ? (call.preview?.text ?? call.title) : log;
  }
  const diff = diffOf(call);
  if (diff !== null && result.outcome === "done") return diff;
  const { whole, head, tail, hidden } = result.output;
  if (whole !== null) return whole;
  return [...head, ...(hidden > 0 ? [`[${hidden} lines are not kept]`] : []), ...tail].join("\n");
}
