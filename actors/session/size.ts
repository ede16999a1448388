// How large the conversation is, in tokens, without counting them: what the provider reported for the newest reply, and
// an estimate of what has come since at the rate of characters to tokens that it showed.
import type { Message } from "../llm/protocol.ts";
import type { SessionState } from "./state.ts";

/** Characters per token before any reply has shown a better figure. */
const usualRate = 4;
/** What an image stands for, in characters. */
const imageChars = 6_000;

/** Characters of a message, its calls and what is replayed with it. */
export function charsOf(message: Message): number {
  if (message.role === "user" || message.role === "notice") return message.text.length;
  if (message.role === "command") return message.command.length + message.text.length;
  if (message.role === "tool") return message.text.length + (message.images?.length ?? 0) * imageChars;
  const calls = message.calls.reduce((sum, call) => sum + call.tool.length + JSON.stringify(call.arguments).length, 0);
  const native = message.native === undefined ? 0 : JSON.stringify(message.native.blocks).length;
  return message.text.length + calls + native;
}

/** Characters of a whole conversation. */
export function charsOfAll(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + charsOf(message), 0);
}

/**
 * Characters of what every request carries besides the conversation: `fixedChars`, and the tools of MCP servers. The
 * other functions take the fixed ones and count those tools by themselves.
 */
export function overheadOf(state: SessionState, fixedChars: number): number {
  return fixedChars + state.mcp.chars;
}

/** Characters per token in this conversation, as the newest reported usage shows them. */
export function charsPerToken(state: SessionState, overheadChars: number): number {
  const { measured } = state;
  if (measured === null || measured.tokens < 100) return usualRate;
  return Math.min(8, Math.max(1, (measured.chars + overheadOf(state, overheadChars)) / measured.tokens));
}

/** Estimated tokens of the next request. `overheadChars` is what every request carries besides the conversation. */
export function tokensOf(state: SessionState, overheadChars: number): number {
  const { measured, chars } = state;
  if (measured === null) return Math.ceil((chars + overheadOf(state, overheadChars)) / usualRate);
  return Math.ceil(measured.tokens + Math.max(0, chars - measured.chars) / charsPerToken(state, overheadChars));
}

/** Characters per token that no ordinary text goes below, whatever its script. */
const densest = 1;

/** The most tokens that the next request can have: for promises about money, where an estimate must not be too low. */
export function mostTokensOf(state: SessionState, overheadChars: number): number {
  const { measured, chars } = state;
  if (measured === null || measured.estimated === true) {
    return Math.ceil((chars + overheadOf(state, overheadChars)) / densest);
  }
  const rate = Math.min(densest, charsPerToken(state, overheadChars));
  return Math.ceil(measured.tokens + Math.max(0, chars - measured.chars) / rate);
}
