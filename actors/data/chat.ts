// Conversations as values: what is wrong with one, and how one is read.
import { asObject, asText } from "../shape.ts";
import { jsonText } from "./json-text.ts";

/** What can be wrong with a conversation. */
export type ChatFault =
  | "empty"
  | "no_role"
  | "unknown_role"
  | "late_system"
  | "starts_with_assistant"
  | "same_role_twice"
  | "no_assistant"
  | "ends_without_assistant"
  | "empty_content";

/** Each fault in words, as the end of "12 of 300 conversations …". */
export const chatFaultWords: Record<ChatFault, string> = {
  empty: "have no turns",
  no_role: "have turns without a role",
  unknown_role: "have roles that chat templates do not know",
  late_system: "have a system turn that is not the first",
  starts_with_assistant: "begin with the assistant",
  same_role_twice: "have the same role twice in a row",
  no_assistant: "have no assistant turn: nothing to train on",
  ends_without_assistant: "do not end with the assistant",
  empty_content: "have empty turns",
};

/** A turn of a conversation, read with care. */
export interface Turn {
  role: string;
  text: string;
  /** Its content is parts or a tool call, not only text. */
  rich: boolean;
}

const roles = new Map([
  ["human", "user"],
  ["gpt", "assistant"],
  ["bot", "assistant"],
  ["model", "assistant"],
]);
const known = new Set(["system", "developer", "user", "assistant", "tool", "function", "observation", "ipython"]);

/** The turns of a value that is a conversation (`role` and `content`, or `from` and `value`); null when it is none. */
export function turnsIn(value: unknown): Turn[] | null {
  if (!Array.isArray(value)) return null;
  const turns: Turn[] = [];
  for (const entry of value) {
    const turn = asObject(entry);
    if (turn === null || !("role" in turn || "from" in turn)) return null;
    const content = turn.content ?? turn.value ?? null;
    const calls = Array.isArray(turn.tool_calls) && turn.tool_calls.length > 0 ? jsonText(turn.tool_calls) : "";
    const written = asText(turn.role) || asText(turn.from);
    turns.push({
      role: roles.get(written.toLowerCase()) ?? written,
      text: [textOf(content), calls === "" ? "" : `[calls ${calls}]`].filter((part) => part !== "").join(" "),
      rich: typeof content !== "string" || calls !== "",
    });
  }
  return turns;
}

/** The text of a turn's content: of parts, their texts, and the kind of each other one. */
function textOf(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return content === null || content === undefined ? "" : jsonText(content);
  return content
    .map((part) => {
      const object = asObject(part);
      const text = asText(object?.text);
      return text !== "" ? text : `<${asText(object?.type) || "part"}>`;
    })
    .join(" ");
}

/** What is wrong with a conversation; each fault once. */
export function chatFaults(turns: readonly Turn[]): ChatFault[] {
  const faults = new Set<ChatFault>();
  if (turns.length === 0) faults.add("empty");
  let before = "";
  for (const [index, { role, text, rich }] of turns.entries()) {
    if (role === "") faults.add("no_role");
    else if (!known.has(role)) faults.add("unknown_role");
    if (role === "system" && index > 0) faults.add("late_system");
    if (role === before && (role === "user" || role === "assistant")) faults.add("same_role_twice");
    if (!rich && text.trim() === "") faults.add("empty_content");
    before = role;
  }
  const spoken = turns.filter(({ role }) => role !== "system" && role !== "developer");
  if (spoken[0]?.role === "assistant") faults.add("starts_with_assistant");
  if (turns.length > 0 && !turns.some(({ role }) => role === "assistant")) faults.add("no_assistant");
  else if (turns.length > 0 && turns.at(-1)?.role !== "assistant") faults.add("ends_without_assistant");
  return [...faults];
}
