// Where the prompt cache may break. The API takes at most four marks and looks back 20 blocks from each; so one mark
// sits on the newest block, and one exactly where the request before this one ended, however much has come since.
import type { Json } from "../../events.ts";
import type { Block, Turn } from "./convert.ts";

const mark = { cache_control: { type: "ephemeral" } } as const;

/** Marks the end of the tools (the last tool). The list itself is not changed. */
export function markLast<T extends { [key: string]: Json }>(list: readonly T[]): T[] {
  return list.map((entry, index) => (index === list.length - 1 ? { ...entry, ...mark } : entry));
}

/** Marks the newest user turn and the one before it, where the last request ended. The turns are not changed. */
export function markNewest(turns: readonly Turn[]): Turn[] {
  const users = turns.flatMap((turn, index) => (turn.role === "user" ? [index] : []));
  const marked = new Set(users.slice(-2));
  return turns.map((turn, index) => (marked.has(index) ? { ...turn, content: markLast<Block>(turn.content) } : turn));
}
