// The simple format of session traces that the Hub shows: a line for the session, then one a message (hub-docs, "Agent
// Traces").
import type { ToolCall } from "../events.ts";
import type { Entry } from "./transcript.ts";

/** The name by which viewers know this program. */
const harness = "ml-intern";

/** The first line. */
export function sessionLine({ id, title }: { id: string; title: string | null }): object {
  return { type: "session", harness, id, ...(title === null ? {} : { name: title }) };
}

/** The line of an entry; null for what the format has none for. */
export function messageLine(entry: Entry): object | null {
  const message = messageOf(entry);
  return message === null ? null : { type: "message", message: { ...message, timestamp: entry.ts } };
}

function callOf({ id, tool, arguments: args }: ToolCall): object {
  return { id, function: { name: tool, arguments: typeof args === "string" ? args : JSON.stringify(args) } };
}

function messageOf(entry: Entry): object | null {
  switch (entry.kind) {
    case "user":
      return { role: "user", content: entry.text };
    case "notice":
      return { role: "system", content: entry.text };
    case "assistant": {
      if (entry.text.trim() === "" && entry.calls.length === 0) return null;
      const calls = entry.calls.length === 0 ? {} : { toolCalls: entry.calls.map(callOf) };
      const model = entry.model === null ? {} : { model: entry.model };
      return { role: "assistant", content: entry.text, ...calls, ...model };
    }
    case "tool":
      return { role: "tool", content: entry.text, toolCallId: entry.callId };
    case "remark":
      return null;
  }
}
