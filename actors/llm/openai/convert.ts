// From our messages to those of chat completions.
import type { Json } from "../../events.ts";
import { asObject, asText } from "../../shape.ts";
import { commandText, noticeText } from "../marked.ts";
import type { Message, Preamble } from "../protocol.ts";

/** A message as it is sent. */
export type ChatMessage = { role: string } & { [key: string]: Json };

/**
 * What happens to reasoning that came with a reply: `received` sends it back under the name it came under, `never`
 * drops it for servers that refuse the field, `always` sends an empty one where there was none (DeepSeek insists).
 */
export type ReplayRule = "received" | "never" | "always";

/** One message, with the images that its server takes only from users; `replay` as above. */
export function chatMessageOf(message: Message, replay: ReplayRule, writer: Writer): ChatMessage {
  switch (message.role) {
    case "user":
      return { role: "user", content: message.text };
    case "notice":
      return { role: "user", content: noticeText(message.text) };
    case "command":
      return { role: "user", content: commandText(message) };
    case "tool": {
      const text = message.text === "" ? "(no output)" : message.text;
      const content = message.ok || /^error/i.test(text) ? text : `Error: ${text}`;
      return { role: "tool", tool_call_id: message.callId, content };
    }
    case "assistant": {
      const kept = keptOf(message, writer);
      const calls = message.calls.map(({ id, tool, arguments: args }) => ({
        id,
        type: "function",
        function: { name: tool, arguments: typeof args === "string" ? args : JSON.stringify(args) },
      }));
      const text = kept?.field === "content" && replay !== "never" ? kept.text : message.text;
      return {
        role: "assistant",
        content: text === "" && calls.length > 0 ? null : text,
        ...(calls.length > 0 ? { tool_calls: calls } : {}),
        ...reasoningOf(kept, replay),
      };
    }
  }
}

/** Who is being written to: only what this model wrote at this provider is replayed to it. */
export interface Writer {
  provider: string;
  model: string;
}

/** Reasoning as it came: the name of its field (`content`: inside the text, in tags) and its text. */
export interface Kept {
  field: string;
  text: string;
}

function keptOf(message: Extract<Message, { role: "assistant" }>, writer: Writer): Kept | null {
  const native = message.native;
  if (native?.provider !== writer.provider || native.model !== writer.model) return null;
  const kept = asObject(native.blocks);
  return kept === null ? null : { field: asText(kept.field), text: asText(kept.text) };
}

function reasoningOf(kept: Kept | null, replay: ReplayRule): { [key: string]: Json } {
  if (replay !== "never" && kept !== null && kept.field !== "content") return { [kept.field]: kept.text };
  return replay === "always" ? { reasoning_content: "" } : {};
}

/**
 * The whole conversation. Neighbouring messages of the user become one, since many templates insist on turns that
 * alternate; images of tool results follow the results in a message of the user's, the only place where they may be.
 */
export function chatMessages(
  preamble: Preamble,
  messages: readonly Message[],
  convert: (message: Message) => ChatMessage,
): ChatMessage[] {
  const sent: ChatMessage[] = preamble.system === "" ? [] : [{ role: "system", content: preamble.system }];
  let images: Json[] = [];
  const addUser = (content: string | Json[]) => {
    const last = sent.at(-1);
    if (last?.role === "user") sent[sent.length - 1] = { role: "user", content: joined(last.content ?? "", content) };
    else sent.push({ role: "user", content });
  };
  const showImages = () => {
    if (images.length > 0) addUser([{ type: "text", text: "Images of the tool results above:" }, ...images]);
    images = [];
  };
  for (const message of messages) {
    const converted = convert(message);
    if (message.role !== "tool") showImages();
    if (converted.role === "user") addUser(asText(converted.content));
    // An assistant that said and did nothing is refused by some servers and tells none anything.
    else if (converted.content !== "" || "tool_calls" in converted) sent.push(converted);
    if (message.role === "tool") images.push(...(message.images ?? []).map(imagePart));
  }
  showImages();
  return sent;
}

/** The tools as chat completions want them. */
export function chatTools(preamble: Preamble): Json[] {
  return preamble.tools.map(({ name, description, parameters }) => ({
    type: "function",
    function: { name, description, parameters },
  }));
}

function imagePart({ media_type, base64 }: { media_type: string; base64: string }): Json {
  return { type: "image_url", image_url: { url: `data:${media_type};base64,${base64}` } };
}

function joined(before: Json, after: string | Json[]): Json {
  if (typeof before === "string" && typeof after === "string") return `${before}\n\n${after}`;
  const parts = (content: Json): Json[] =>
    Array.isArray(content) ? content : [{ type: "text", text: asText(content) }];
  return [...parts(before), ...parts(after)];
}
