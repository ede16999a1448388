// A journal as a conversation, one entry after the other: all of it, also what a compaction has left out for the model.
// Turns that were taken back are passed over.

import { type JournalRecord, readJournal } from "../../runtime/records.ts";
import type { DurableType, Json, ToolCall } from "../events.ts";
import type { Message } from "../llm/protocol.ts";
import { outlineOf } from "./outline.ts";
import { type Data, dataOf, numberOf, textOf } from "./record.ts";

/** What was said or happened. */
export type Said =
  | { kind: "user"; text: string }
  /** A note of the program to the model. */
  | { kind: "notice"; text: string }
  | { kind: "assistant"; text: string; calls: ToolCall[]; model: string | null }
  | { kind: "tool"; callId: string; tool: string; text: string; ok: boolean }
  /** Not part of the conversation: the end of a turn, another model, a compaction. */
  | { kind: "remark"; text: string };

/** An entry. `key` is the same whenever the same journal is read; `ts` is milliseconds since 1970. */
export type Entry = Said & { key: string; ts: number };

/** The entries of a session's journal, streamed. */
export function* transcriptOf(sessionDir: string): Generator<Entry, void> {
  const { undone } = outlineOf(sessionDir);
  const waiting = new Map<string, string>();
  let skipping = false;
  for (const record of readJournal(sessionDir)) {
    if (record.type === "user_message") {
      const { input_id, content } = dataOf<"user_message">(record);
      waiting.set(textOf(input_id) ?? "", textOf(content) ?? "");
      continue;
    }
    if (record.type === "processing" || record.type === "steered") {
      const id = textOf(dataOf<"processing">(record).input_id) ?? "";
      if (record.type === "processing") skipping = undone.has(id);
      const text = waiting.get(id) ?? textOf(dataOf<"processing">(record).message) ?? "";
      waiting.delete(id);
      if (!skipping) yield entry(record, { kind: "user", text });
      continue;
    }
    if (record.type === "undo_complete") skipping = false;
    if (!skipping) yield* said(record);
  }
}

function entry(record: JournalRecord, what: Said, part?: number): Entry {
  return { ...what, key: part === undefined ? `${record.seq}` : `${record.seq}.${part}`, ts: numberOf(record.ts) };
}

function* said(record: JournalRecord): Generator<Entry, void> {
  switch (record.type as DurableType) {
    case "history_imported": {
      const { messages } = dataOf<"history_imported">(record);
      let part = 0;
      for (const message of Array.isArray(messages) ? messages : []) {
        yield entry(record, ofMessage(message), part);
        part += 1;
      }
      return;
    }
    case "notice":
      yield entry(record, { kind: "notice", text: textOf(dataOf<"notice">(record).content) ?? "" });
      return;
    case "user_command_ended": {
      const { command, output } = dataOf<"user_command_ended">(record);
      yield entry(record, ran(textOf(command) ?? "", textOf(output) ?? ""));
      return;
    }
    case "assistant_message":
      yield entry(record, ofReply(dataOf<"assistant_message">(record)));
      return;
    case "interrupting": {
      const text = textOf(dataOf<"interrupting">(record).content) ?? "";
      if (text.trim() !== "") yield entry(record, { kind: "assistant", text, calls: [], model: null });
      return;
    }
    case "tool_output":
      yield entry(record, ofOutput(dataOf<"tool_output">(record)));
      return;
    default: {
      const text = remarkOn(record);
      if (text !== null) yield entry(record, { kind: "remark", text });
    }
  }
}

function ofMessage(message: Message): Said {
  switch (message.role) {
    case "user":
    case "notice":
      return { kind: message.role, text: message.text };
    case "command":
      return ran(message.command, message.text);
    case "assistant":
      return { kind: "assistant", text: message.text, calls: message.calls, model: null };
    case "tool":
      return { kind: "tool", callId: message.callId, tool: message.tool, text: message.text, ok: message.ok };
  }
}

/** A command of the user's is no word of theirs: it stands where notes do. */
function ran(command: string, output: string): Said {
  return { kind: "notice", text: `The user ran a command.\n$ ${command}\n${output}` };
}

function ofReply(data: Data<"assistant_message">): Said {
  const calls = Array.isArray(data.tool_calls) ? data.tool_calls.filter((call) => typeof call?.tool === "string") : [];
  return { kind: "assistant", text: textOf(data.content) ?? "", calls, model: textOf(data.model) };
}

function ofOutput(data: Data<"tool_output">): Said {
  const callId = textOf(data.tool_call_id) ?? "";
  return {
    kind: "tool",
    callId,
    tool: textOf(data.tool) ?? "",
    text: textOf(data.output) ?? "",
    ok: data.success === true,
  };
}

function remarkOn(record: JournalRecord): string | null {
  switch (record.type as DurableType) {
    case "turn_complete": {
      const reason = textOf(dataOf<"turn_complete">(record).reason);
      return reason === null || reason === "done" ? null : `The turn ended: ${reason.replaceAll("_", " ")}.`;
    }
    case "interrupted":
      return "The turn was interrupted.";
    case "error":
      return `The turn failed: ${textOf(dataOf<"error">(record).error) ?? ""}`;
    case "session_terminated":
      return `The session ended: ${textOf(dataOf<"session_terminated">(record).user_message) ?? ""}`;
    case "model_changed":
      return `Model: ${textOf(dataOf<"model_changed">(record).model) ?? ""}`;
    case "compacted": {
      const { messages_before, messages_after } = dataOf<"compacted">(record);
      return `For the model, ${numberOf(messages_before)} messages were made ${numberOf(messages_after)}. All of them stand here.`;
    }
    default:
      return null;
  }
}

/** An entry with everything in it that is text passed through a function. */
export function mapEntry(entry: Entry, redact: { text(text: string): string; json(value: Json): Json }): Entry {
  const text = redact.text(entry.text);
  if (entry.kind !== "assistant") return { ...entry, text };
  return { ...entry, text, calls: entry.calls.map((call) => ({ ...call, arguments: redact.json(call.arguments) })) };
}
