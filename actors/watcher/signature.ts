// When two calls are the same: same tool, same arguments whatever their notation, same result.
import { createHash } from "node:crypto";
import type { Json } from "../events.ts";

/** Levels of nesting that are told apart. What lies deeper counts as equal, so that no model can exhaust the stack. */
const maxDepth = 100;

/** Call ids shorter than this are as likely to stand in a result by chance. */
const shortestId = 6;

/** A value as text in which objects that differ only in the order of their keys are the same. */
function sorted(value: Json, depth: number): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (depth >= maxDepth) return '"…"';
  if (Array.isArray(value)) return `[${value.map((item) => sorted(item, depth + 1)).join(",")}]`;
  const members = Object.entries(value)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${sorted(item, depth + 1)}`);
  return `{${members.join(",")}}`;
}

/**
 * Arguments in one notation: the order of keys and the blanks between tokens do not matter, the order of lists and
 * every character of a string do. Text that is not JSON stays as it is. Never throws.
 */
export function canonical(given: Json): string {
  if (typeof given !== "string") return sorted(given, 0);
  try {
    return sorted(JSON.parse(given) as Json, 0);
  } catch {
    return given;
  }
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}

/** What a call asks for: its tool and its arguments. */
export function keyOf(tool: string, given: Json): string {
  return digest(`${tool}\n${canonical(given)}`);
}

/**
 * What a call asked for and what came of it. The result counts as it is, so that asking again and again for something
 * that changes is no repetition. Only the call's own id, as it stands in names of its files and jobs, does not count.
 */
export function signatureOf(key: string, callId: string, result: string): string {
  const text = callId.length < shortestId ? result : result.replaceAll(callId, "…");
  return `${key}${digest(text)}`;
}
