// A summary without a model: one line for each thing that happened. Poorer than a model's, but it cannot fail.
import type { Json, ToolCall } from "../events.ts";
import type { Message } from "../llm/protocol.ts";
import { argumentsText } from "./estimate.ts";
import { summaryIn } from "./notice.ts";
import { firstLine, firstSentence, linesWithin, oneLine } from "./text.ts";

/** Characters that the parts of a line may have. */
const lengths = { user: 240, note: 120, said: 200, argument: 100, result: 120 };

/** What an earlier summary may take of the room. */
const earlierShare = 0.4;

/** Arguments that say best what a call is about. */
const telling = ["command", "path", "file_path", "pattern", "query", "url", "repo", "name", "title", "description"];

/** A summary of at most `room` characters. When not all lines fit, the newest stay. */
export function mechanicalSummary(messages: readonly Message[], room: number): string {
  const earlier = messages.flatMap((message) => summaryIn(message) ?? []).join("\n");
  const lines = eventLines(messages);
  const before = earlier === "" ? "" : linesWithin(earlier, Math.floor(room * (lines.length > 0 ? earlierShare : 1)));
  const left = room - (before === "" ? 0 : before.length + 1);
  const events = newestWithin(lines, left);
  return [before, events].filter((part) => part !== "").join("\n");
}

type Results = Map<string, Extract<Message, { role: "tool" }>>;

/** One line for each thing that happened, in order. */
function eventLines(messages: readonly Message[]): string[] {
  const results: Results = new Map();
  for (const message of messages) if (message.role === "tool") results.set(message.callId, message);
  return messages.flatMap((message) => linesOf(message, results));
}

function linesOf(message: Message, results: Results): string[] {
  switch (message.role) {
    case "user":
      return [`- The user: ${oneLine(message.text, lengths.user)}`];
    case "notice":
      return summaryIn(message) === null ? [`- Note: ${oneLine(message.text, lengths.note)}`] : [];
    case "command":
      return [
        `- The user ran ${oneLine(message.command, lengths.argument)} → ${firstLine(message.text, lengths.result)}`,
      ];
    case "tool":
      return [];
    case "assistant": {
      const said = firstSentence(message.text, lengths.said);
      return [...(said === "" ? [] : [`- ${said}`]), ...message.calls.map((call) => callLine(call, results))];
    }
  }
}

function callLine(call: ToolCall, results: Results): string {
  const result = results.get(call.id);
  const outcome = result === undefined ? "no result" : result.ok ? "ok" : "failed";
  const first = result === undefined ? "" : firstLine(result.text, lengths.result);
  const about = oneLine(aboutOf(call.arguments), lengths.argument);
  return `- ${call.tool}${about === "" ? "" : ` ${about}`} → ${outcome}${first === "" ? "" : `: ${first}`}`;
}

function aboutOf(args: Json): string {
  if (typeof args !== "object" || args === null || Array.isArray(args)) return argumentsText(args);
  for (const name of telling) {
    const value = args[name];
    if (typeof value === "string" && value.trim() !== "") return value;
  }
  const first = Object.values(args).find((value) => typeof value === "string" && value.trim() !== "");
  return typeof first === "string" ? first : Object.keys(args).length === 0 ? "" : argumentsText(args);
}

function newestWithin(lines: readonly string[], room: number): string {
  const whole = lines.join("\n");
  if (whole.length <= room) return whole;
  const mark = `(${lines.length} lines; the earlier ones are left out)`;
  let left = room - mark.length;
  let from = lines.length;
  for (let line = lines[from - 1]; line !== undefined && line.length + 1 <= left; line = lines[from - 1]) {
    left -= line.length + 1;
    from -= 1;
  }
  return left < 0 ? "" : [mark, ...lines.slice(from)].join("\n");
}
