// Tolerance for models that do not quite speak the protocol: calls written as text, doubled names, arguments packed
// twice. Text counts as a call only when it is essentially nothing else and names a tool that is on offer.
import type { Json } from "../events.ts";
import { asList, asObject, asText, parseJson } from "../shape.ts";

/** A call that was found in text. */
export interface WrittenCall {
  tool: string;
  arguments: Json;
}

/**
 * The arguments of a call as an object. What is no object (broken JSON, a list, a number) is passed on as the raw
 * text, for the tool layer to answer; no text at all means no arguments.
 */
export function mendArguments(raw: unknown): Json {
  const object = asObject(raw);
  if (object !== null) return object as { [key: string]: Json };
  if (typeof raw !== "string") return raw === undefined || raw === null ? {} : JSON.stringify(raw);
  if (raw.trim() === "") return {};
  const parsed = parseJson(raw);
  const inner = typeof parsed === "string" ? parseJson(parsed) : parsed;
  return (asObject(inner) as { [key: string]: Json } | null) ?? raw;
}

/** A tool's name with what some servers do to it undone: written twice, or with `functions.` before it. */
export function mendName(name: string, tools: readonly string[]): string {
  const trimmed = name.trim();
  if (tools.includes(trimmed)) return trimmed;
  const half = trimmed.slice(0, trimmed.length / 2);
  if (half + half === trimmed && tools.includes(half)) return half;
  const last = trimmed.slice(trimmed.lastIndexOf(".") + 1);
  return tools.includes(last) ? last : trimmed;
}

/** Whether text that begins like this may turn out to be a call, so that it is not shown before it is known. */
export function mayBecomeCall(start: string): boolean {
  const text = start.trimStart();
  if (text === "") return true;
  return ["{", "[{", "[TOOL_CALLS]", "<tool_call>", "```json", "```tool_call", "```\n"].some((mark) =>
    text.length < mark.length ? mark.startsWith(text) : text.startsWith(mark),
  );
}

/** The calls that a text consists of, or null when it is ordinary text. */
export function callsInText(text: string, tools: readonly string[]): WrittenCall[] | null {
  const trimmed = text.trim();
  if (trimmed === "" || tools.length === 0) return null;
  const pieces = tagged(trimmed) ?? [unfenced(trimmed).replace(/^\[TOOL_CALLS\]\s*/, "")];
  const calls: WrittenCall[] = [];
  for (const piece of pieces) {
    const found = callsOf(parseJson(unfenced(piece.trim())), tools);
    if (found === null) return null;
    calls.push(...found);
  }
  return calls.length > 0 ? calls : null;
}

/** The insides of `<tool_call>` tags when the text holds nothing else; the last one may be unclosed. */
function tagged(text: string): string[] | null {
  if (!text.startsWith("<tool_call>")) return null;
  const pieces = text.split("<tool_call>").slice(1);
  const clean = pieces.map((piece) => piece.split("</tool_call>"));
  return clean.every(([, after = ""]) => after.trim() === "") ? clean.map(([inside = ""]) => inside) : null;
}

function unfenced(text: string): string {
  return /^```(?:json|tool_call|tool_calls)?\s*\n([\s\S]*?)\n?\s*```$/.exec(text)?.[1] ?? text;
}

function callsOf(value: unknown, tools: readonly string[]): WrittenCall[] | null {
  if (Array.isArray(value)) {
    const found = value.map((entry) => callsOf(entry, tools));
    return found.length > 0 && found.every((calls) => calls !== null) ? found.flat() : null;
  }
  const object = asObject(value);
  if (object === null) return null;
  if ("tool_calls" in object) return callsOf(asList(object.tool_calls), tools);
  const call = asObject(object.function) ?? object;
  const tool = mendName(asText(call.name), tools);
  const args = call.arguments ?? call.parameters;
  if (!tools.includes(tool) || args === undefined) return null;
  return [{ tool, arguments: mendArguments(args) }];
}
