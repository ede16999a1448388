// From our messages to those of Anthropic's Messages API.
import type { Json } from "../../events.ts";
import { asCount, asList, asObject } from "../../shape.ts";
import { commandText, noticeText } from "../marked.ts";
import type { Message, Preamble } from "../protocol.ts";

/** A content block as it is sent. */
export type Block = { type: string } & { [key: string]: Json };

/** One message as it is sent. */
export interface Turn {
  role: "user" | "assistant";
  content: Block[];
}

/** The replay folder name in `NativeReplay`. */
export const provider = "anthropic";

/**
 * The content blocks of one message. An assistant message that this model wrote is replayed with its thinking, block
 * by block in its own order, unless `replay` is off. Empty text is left out: the API refuses it.
 */
export function blocksOf(message: Message, model: string, replay: boolean): Block[] {
  switch (message.role) {
    case "user":
      return textBlocks(message.text);
    case "notice":
      return textBlocks(noticeText(message.text));
    case "command":
      return textBlocks(commandText(message));
    case "tool":
      return [toolResult(message)];
    case "assistant": {
      const calls = message.calls.map(
        (call): Block => ({
          type: "tool_use",
          id: safeId(call.id),
          name: safeId(call.tool),
          // The API takes objects only; broken arguments are shown as what they were.
          input: asObject(call.arguments) === null ? { invalid_json: call.arguments } : call.arguments,
        }),
      );
      const native = message.native;
      if (!replay || native?.provider !== provider || native.model !== model) {
        return [...textBlocks(message.text), ...calls];
      }
      return replayed(native.blocks, message.text, calls);
    }
  }
}

/** Turns for the wire: neighbours of one role become one turn, with tool results first, as the API demands. */
export function turnsOf(messages: readonly Message[], blocks: (message: Message) => Block[]): Turn[] {
  const turns: Turn[] = [];
  for (const message of messages) {
    const content = blocks(message);
    const role = message.role === "assistant" ? "assistant" : "user";
    if (content.length === 0) continue;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...content);
    else turns.push({ role, content: [...content] });
  }
  for (const turn of turns) {
    if (turn.role === "user" && turn.content.length > 1) {
      const isResult = (block: Block) => block.type === "tool_result";
      turn.content = [...turn.content.filter(isResult), ...turn.content.filter((block) => !isResult(block))];
    }
  }
  return turns;
}

/** The tools as the API wants them. */
export function toolsOf(preamble: Preamble): { [key: string]: Json }[] {
  return preamble.tools.map(({ name, description, parameters }) => ({ name, description, input_schema: parameters }));
}

function textBlocks(text: string): Block[] {
  return text.trim() === "" ? [] : [{ type: "text", text }];
}

function toolResult(message: Extract<Message, { role: "tool" }>): Block {
  const text = message.text.trim() === "" ? "(no output)" : message.text;
  const images = (message.images ?? []).map(
    ({ media_type, base64 }): Block => ({ type: "image", source: { type: "base64", media_type, data: base64 } }),
  );
  return {
    type: "tool_result",
    tool_use_id: safeId(message.callId),
    content: images.length === 0 ? text : [{ type: "text", text }, ...images],
    ...(message.ok ? {} : { is_error: true }),
  };
}

/** Ids and names of other providers may hold characters that this one refuses. */
function safeId(id: string): string {
  return id.replace(/[^a-zA-Z0-9_-]/g, "_");
}

/** Puts a reply together again: thinking as it was, text and calls from where our own message keeps them. */
function replayed(kept: Json, text: string, calls: Block[]): Block[] {
  let at = 0;
  let next = 0;
  const blocks: Block[] = [];
  for (const entry of asList(kept)) {
    const block = asObject(entry);
    if (block === null) continue;
    if (block.type === "text") {
      const length = asCount(block.length) ?? 0;
      blocks.push(...textBlocks(text.slice(at, at + length)));
      at += length;
    } else if (block.type === "tool_use") {
      const call = calls[next++];
      if (call !== undefined) blocks.push(call);
    } else {
      blocks.push(block as Block);
    }
  }
  return [...blocks, ...calls.slice(next)];
}
