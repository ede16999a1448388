// How many tokens messages have, from their characters: exact counts need each model's own tokenizer, and the ratio that
// the last usage report shows is close enough.
import type { Message } from "../llm/protocol.ts";

/** Tokens of one image: what a large one costs at most at the usual providers. */
export const imageTokens = 1_600;
/** Tokens of a message's frame: role, separators, names of fields. */
export const messageTokens = 6;
/** Characters of a call's frame: id, type, names of fields. */
const callChars = 40;

/** The ratio for conversations that no usage report was seen for, in characters per token. */
const usualRatio = 3.5;
/** A report outside these bounds counts something else (cached parts left out, images), so it is not believed. */
const ratioBounds = { least: 0.3, most: 8 };

/** A ratio of characters per token that can be divided by, whatever was reported. */
export function soundRatio(charsPerToken: number): number {
  if (!Number.isFinite(charsPerToken) || charsPerToken <= 0) return usualRatio;
  return Math.min(Math.max(charsPerToken, ratioBounds.least), ratioBounds.most);
}

/** Tokens of so many characters. */
export function tokensOfChars(chars: number, ratio: number): number {
  return Math.ceil(chars / ratio);
}

/** Tokens of one message: text, calls with their arguments, results, replayed reasoning and images. */
export function tokensOf(message: Message, ratio: number): number {
  return messageTokens + tokensOfChars(charsOf(message), ratio) + imagesOf(message) * imageTokens;
}

/** Tokens of many. */
export function tokensOfAll(messages: readonly Message[], ratio: number): number {
  return messages.reduce((sum, message) => sum + tokensOf(message, ratio), 0);
}

/** What the model reads of arguments: JSON, or the text itself where it was none. */
export function argumentsText(value: unknown): string {
  return typeof value === "string" ? value : (JSON.stringify(value) ?? "");
}

function charsOf(message: Message): number {
  switch (message.role) {
    case "user":
    case "notice":
      return message.text.length;
    case "command":
      return message.command.length + message.text.length;
    case "tool":
      return message.text.length + message.callId.length + message.tool.length;
    case "assistant": {
      const native = message.native === undefined ? 0 : argumentsText(message.native.blocks).length;
      return message.calls.reduce(
        (sum, call) => sum + callChars + call.id.length + call.tool.length + argumentsText(call.arguments).length,
        message.text.length + native,
      );
    }
  }
}

function imagesOf(message: Message): number {
  return message.role === "tool" ? (message.images?.length ?? 0) : 0;
}
