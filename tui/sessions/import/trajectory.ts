// The conversation in a file that the original ML Intern has saved. The file may be old, cut, or edited: a message that
// makes no sense is dropped and counted, and the rest becomes a conversation that every provider takes.
import type { Json, ToolCall } from "../../../actors/events.ts";
import type { Message } from "../../../actors/llm/protocol.ts";

/** What was found in a file. */
export interface Trajectory {
  messages: Message[];
  /** Messages that made no sense. System messages are not counted: ours has its own. */
  dropped: number;
  /** Calls whose result is not in the file; they got one that says so. */
  unanswered: number;
  /** Messages in which something was redacted when they were saved. */
  redacted: number;
  sessionId: string | null;
  model: string | null;
  /** Milliseconds since 1970, or null. */
  startedAt: number | null;
}

const redactedMark = /\[REDACTED(?:_[A-Z0-9_]+)?\]/;
const noResult = "[The result of this call is not in the file that the conversation was taken over from.]";

type Fields = { [key: string]: Json };

function isFields(value: Json | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a saved trajectory; null when the value is none: it has no list of messages. */
export function trajectoryOf(value: Json): Trajectory | null {
  if (!isFields(value)) return null;
  const saved = listOf(value.messages);
  if (saved === null) return null;
  const conversation = createConversation();
  for (const message of saved) conversation.add(message);
  const { messages, dropped, unanswered } = conversation.end();
  return {
    messages,
    dropped,
    unanswered,
    redacted: messages.filter((message) => redactedMark.test(JSON.stringify(message))).length,
    sessionId: text(value.session_id),
    model: text(value.model_name),
    startedAt: timeOf(value.session_start_time),
  };
}

/** The uploaded form holds its lists as JSON text. */
function listOf(value: Json | undefined): Json[] | null {
  if (Array.isArray(value)) return value;
  if (typeof value !== "string") return null;
  const parsed = parse(value);
  return Array.isArray(parsed) ? parsed : null;
}

interface Conversation {
  add(message: Json): void;
  end(): Pick<Trajectory, "messages" | "dropped" | "unanswered">;
}

function createConversation(): Conversation {
  const messages: Message[] = [];
  const ids = new Set<string>();
  /** Calls of the newest reply without a result, and the ids that the file has for them. */
  let open: { saved: string; call: ToolCall }[] = [];
  let dropped = 0;
  let unanswered = 0;

  function close(): void {
    for (const { call } of open) {
      messages.push({ role: "tool", callId: call.id, tool: call.tool, text: noResult, ok: false });
      unanswered += 1;
    }
    open = [];
  }

  function addReply(message: Fields): void {
    const found = Array.isArray(message.tool_calls) ? message.tool_calls.map(callOf) : [];
    const calls = found.flatMap((one) =>
      one === null ? [] : [{ saved: one.id, call: { ...one, id: unused(one.id) } }],
    );
    const content = textOf(message.content) ?? "";
    if ((content.trim() === "" && calls.length === 0) || calls.length < found.length) dropped += 1;
    if (content.trim() === "" && calls.length === 0) return;
    close();
    messages.push({ role: "assistant", text: content, calls: calls.map(({ call }) => call) });
    open = calls;
  }

  function addResult(message: Fields): void {
    const index = open.findIndex(({ saved }) => saved === message.tool_call_id);
    const [answered] = index < 0 ? [] : open.splice(index, 1);
    const content = textOf(message.content);
    if (answered === undefined || content === null) dropped += 1;
    if (answered === undefined) return;
    const { id, tool } = answered.call;
    messages.push({ role: "tool", callId: id, tool, text: content ?? noResult, ok: content !== null });
  }

  /** Each id stands for one call; some servers count from one again with each reply. */
  function unused(id: string): string {
    let free = id === "" ? "call" : id;
    for (let n = 2; ids.has(free); n += 1) free = `${id === "" ? "call" : id}-${n}`;
    ids.add(free);
    return free;
  }

  return {
    add(message) {
      if (!isFields(message)) {
        dropped += 1;
        return;
      }
      switch (message.role) {
        case "system":
          return;
        case "assistant":
          return addReply(message);
        case "tool":
          return addResult(message);
        case "user": {
          const content = textOf(message.content);
          if (content === null || content.trim() === "") dropped += 1;
          else {
            close();
            messages.push({ role: "user", text: content });
          }
          return;
        }
        default:
          dropped += 1;
      }
    },
    end() {
      close();
      return { messages, dropped, unanswered };
    },
  };
}

function callOf(value: Json): ToolCall | null {
  if (!isFields(value) || !isFields(value.function) || typeof value.function.name !== "string") return null;
  const { name, arguments: args } = value.function;
  if (name === "") return null;
  const parsed = typeof args === "string" ? parse(args) : (args ?? {});
  return { id: text(value.id) ?? "", tool: name, arguments: isFields(parsed) ? parsed : (text(args) ?? "") };
}

/** Plain text, or the texts of a list of parts with a word for each part of another kind; null for anything else. */
function textOf(content: Json | undefined): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  const parts = content.map((part) => {
    if (typeof part === "string") return part;
    if (!isFields(part)) return "";
    return text(part.text) ?? `[${text(part.type) ?? "part"} left out]`;
  });
  return parts.filter((part) => part !== "").join("\n");
}

function text(value: Json | undefined): string | null {
  return typeof value === "string" ? value : null;
}

function parse(json: string): Json | undefined {
  try {
    return JSON.parse(json) as Json;
  } catch {
    return undefined;
  }
}

function timeOf(value: Json | undefined): number | null {
  const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) ? time : null;
}
