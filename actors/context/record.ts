// The record that a summary is written from: the conversation as plain text, made to fit by shortening the oldest tool
// output first. Plain text, because calls and results may only be sent along with the tools that they belong to.
import type { Message } from "../llm/protocol.ts";
import { argumentsText } from "./estimate.ts";
import { summaryIn } from "./notice.ts";
import { ends } from "./text.ts";

/** Characters of the parts of an entry, from generous to the bare outline. */
const levels = [
  { result: 4_000, said: 4_000, args: 2_000 },
  { result: 600, said: 1_500, args: 500 },
  { result: 120, said: 300, args: 120 },
] as const;

interface Entry {
  message: Message;
  level: 0 | 1 | 2;
  text: string;
}

/**
 * The record in at most `most` pieces of at most `room` characters; earlier summaries are not part of it. When even the
 * outlines do not fit, the oldest are left out.
 */
export function recordPieces(messages: readonly Message[], room: number, most: number): string[] {
  const entries = messages
    .filter((message) => summaryIn(message) === null)
    .map((message): Entry => ({ message, level: 0, text: entryText(message, 0) }));
  let total = entries.reduce((sum, { text }) => sum + text.length + 1, 0);
  const lower = (level: 1 | 2, goal: number, which: (message: Message) => boolean) => {
    for (const entry of entries) {
      if (total <= goal) return;
      if (!which(entry.message)) continue;
      const text = entryText(entry.message, level);
      total += text.length - entry.text.length;
      Object.assign(entry, { level, text });
    }
  };
  lower(1, room, (message) => message.role === "tool");
  lower(1, room, () => true);
  // Packing leaves gaps, so pieces are planned less than full.
  lower(2, room * most * 0.8, (message) => message.role === "tool");
  lower(2, room * most * 0.8, () => true);
  const pieces = pack(entries, room);
  return pieces.slice(Math.max(0, pieces.length - most));
}

function pack(entries: readonly Entry[], room: number): string[] {
  const pieces: string[] = [];
  let lines: string[] = [];
  let length = 0;
  for (const entry of entries) {
    const text = ends(entry.text, room - 1);
    if (length + text.length + 1 > room) {
      pieces.push(lines.join("\n"));
      lines = [];
      length = 0;
    }
    lines.push(text);
    length += text.length + 1;
  }
  return lines.length > 0 ? [...pieces, lines.join("\n")] : pieces;
}

function entryText(message: Message, level: 0 | 1 | 2): string {
  const { result, said, args } = levels[level];
  switch (message.role) {
    case "user":
      return `USER: ${ends(message.text, said)}`;
    case "notice":
      return `PROGRAM: ${ends(message.text, said)}`;
    case "command":
      return `THE USER RAN ${ends(message.command, args)}: ${ends(message.text, result)}`;
    case "tool":
      return `RESULT of ${message.tool} (${message.ok ? "ok" : "failed"}): ${ends(message.text, result)}`;
    case "assistant": {
      const calls = message.calls.map((call) => `CALL ${call.tool} ${ends(argumentsText(call.arguments), args)}`);
      return [...(message.text === "" ? [] : [`ENGINEER: ${ends(message.text, said)}`]), ...calls].join("\n");
    }
  }
}
