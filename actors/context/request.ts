// What the summary requests say. Each is one message of the user's, beside the prompt in configs/.
import type { Message } from "../llm/protocol.ts";
import { ends } from "./text.ts";

/** What all requests of one summary share. */
export interface Setting {
  /** What the user asked for first, or empty. */
  task: string;
  /** Earlier summaries, or empty. */
  earlier: string;
  /** Words that the summary may have. */
  words: number;
}

/** Characters of the task and of an earlier summary in a request, as shares of its room. */
const shares = { task: 0.1, earlier: 0.35 };

/** Characters that a request has besides the record, at most; `room` is what it may have in all. */
export function frameChars(setting: Setting, room: number): number {
  return wholeRecord(setting, "", room).length + 200;
}

/** Asks for the summary of a record. */
export function wholeRecord(setting: Setting, record: string, room: number): string {
  return [
    ...context(setting, room),
    block("record", record),
    `The record ends here. Write the summary, in at most ${setting.words} words.`,
  ].join("\n\n");
}

/** Asks for the summary of one of several pieces of a record. */
export function pieceOfRecord(setting: Setting, record: string, room: number, number: number, of: number): string {
  return [
    ...context({ ...setting, earlier: "" }, room),
    `This is piece ${number} of ${of} of the record; the others are summarised separately.`,
    block("record", record),
    `The piece ends here. Write its summary, in at most ${setting.words} words.`,
  ].join("\n\n");
}

/** Asks for one summary made of those of the pieces. */
export function combined(setting: Setting, parts: readonly string[], room: number): string {
  const each = Math.floor((room - frameChars(setting, room)) / parts.length) - 40;
  return [
    ...context(setting, room),
    "The record was summarised in pieces, oldest first.",
    ...parts.map((part, index) => block(`piece-${index + 1}`, ends(part, each))),
    `Write one summary of all of it, in at most ${setting.words} words.`,
  ].join("\n\n");
}

/** The message that carries a request. */
export function asMessage(text: string): Message {
  return { role: "user", text };
}

function context({ task, earlier }: Setting, room: number): string[] {
  return [
    ...(task === "" ? [] : [block("task", ends(task, Math.floor(room * shares.task)))]),
    ...(earlier === "" ? [] : [block("earlier-summary", ends(earlier, Math.floor(room * shares.earlier)))]),
  ];
}

/** Text between marks that it cannot itself close. */
function block(name: string, text: string): string {
  return `<${name}>\n${text.replaceAll(`</${name}>`, `<\\/${name}>`)}\n</${name}>`;
}
