// From our messages to the items of OpenAI's Responses API.
import type { Json } from "../../events.ts";
import { asCount, asList, asObject } from "../../shape.ts";
import { commandText, noticeText } from "../marked.ts";
import type { Message, Preamble } from "../protocol.ts";
import type { Writer } from "./convert.ts";

/** An item of the request's input. */
export type Item = { [key: string]: Json };

/** The items of one message; with `replay`, the model's own reasoning goes back where it was. */
export function itemsOf(message: Message, writer: Writer, replay: boolean): Item[] {
  switch (message.role) {
    case "user":
      return [{ role: "user", content: message.text }];
    case "notice":
      return [{ role: "user", content: noticeText(message.text) }];
    case "command":
      return [{ role: "user", content: commandText(message) }];
    case "tool": {
      const { callId, text, ok, images = [] } = message;
      const said = ok || /^error/i.test(text) ? text : `Error: ${text}`;
      const pictures = images.map(({ media_type, base64 }) => ({
        type: "input_image",
        detail: "auto",
        image_url: `data:${media_type};base64,${base64}`,
      }));
      const output = images.length === 0 ? said : [{ type: "input_text", text: said }, ...pictures];
      return [{ type: "function_call_output", call_id: callId, output }];
    }
    case "assistant": {
      const calls = message.calls.map(({ id, tool, arguments: args }) => ({
        type: "function_call",
        call_id: id,
        name: tool,
        arguments: typeof args === "string" ? args : JSON.stringify(args),
      }));
      const native = message.native;
      const own = replay && native?.provider === writer.provider && native.model === writer.model;
      return own ? replayed(native.blocks, message.text, calls) : [...textItems(message.text, null), ...calls];
    }
  }
}

/** The tools as this API wants them: flat, and without the strict mode that is its default. */
export function responsesTools(preamble: Preamble): Json[] {
  return preamble.tools.map(({ name, description, parameters }) => ({
    type: "function",
    name,
    description,
    parameters,
    strict: false,
  }));
}

function textItems(text: string, phase: Json): Item[] {
  return text === "" ? [] : [{ role: "assistant", content: text, ...(phase === null ? {} : { phase }) }];
}

/** Puts the output together again: reasoning as it was, text and calls from where our own message keeps them. */
function replayed(kept: Json, text: string, calls: Item[]): Item[] {
  let at = 0;
  let next = 0;
  const items: Item[] = [];
  for (const entry of asList(kept)) {
    const item = asObject(entry);
    if (item === null) continue;
    if (item.type === "message") {
      const length = asCount(item.length) ?? 0;
      items.push(...textItems(text.slice(at, at + length), typeof item.phase === "string" ? item.phase : null));
      at += length;
    } else if (item.type === "function_call") {
      const call = calls[next++];
      if (call !== undefined) items.push(call);
    } else {
      items.push(item as Item);
    }
  }
  return [...items, ...calls.slice(next)];
}
