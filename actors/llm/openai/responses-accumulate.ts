// Puts the events of the Responses API together.
import type { FinishReason, Json, ToolCall, Usage } from "../../events.ts";
import { asCount, asList, asObject, asObjects, asText } from "../../shape.ts";
import { unknownUsage } from "../cost.ts";
import type { ProviderReply, ProviderUpdate } from "../provider.ts";
import { mendArguments, mendName } from "../tolerant.ts";
import type { Writer } from "./convert.ts";

/** A reply as far as it has come. */
export interface ResponsesAccumulator {
  /** Takes one event and says what of it is to be shown. Throws what the API states as a failure, as its SDK would. */
  event(event: unknown): ProviderUpdate;
  /** The reply, or null when the stream ended too early. */
  reply(): ProviderReply | null;
}

/** Makes an empty one; `tools` are the names on offer. */
export function createResponsesAccumulator(writer: Writer, tools: readonly string[]): ResponsesAccumulator {
  const items: Record<string, unknown>[] = [];
  let response: Record<string, unknown> | null = null;
  let summaryParts = 0;

  return {
    event(value) {
      const event = asObject(value) ?? {};
      switch (event.type) {
        case "response.output_text.delta":
        case "response.refusal.delta":
          return { kind: "text", text: asText(event.delta) };
        case "response.reasoning_summary_text.delta":
        case "response.reasoning_text.delta":
          return { kind: "thinking", text: asText(event.delta) };
        case "response.reasoning_summary_part.added":
          return summaryParts++ === 0 ? { kind: "alive" } : { kind: "thinking", text: "\n\n" };
        case "response.function_call_arguments.delta":
          return { kind: asText(event.delta) === "" ? "alive" : "content" };
        case "response.output_item.done": {
          const item = asObject(event.item);
          if (item !== null) items.push(item);
          return { kind: "content" };
        }
        case "response.completed":
        case "response.incomplete":
          response = asObject(event.response);
          return { kind: "alive" };
        case "response.failed":
          throw failed(asObject(asObject(event.response)?.error) ?? {});
        case "error":
          throw failed(event);
        default:
          return { kind: "alive" };
      }
    },

    reply() {
      return response === null ? null : responseReply(response, items, writer, tools);
    },
  };
}

/** A failure in the shape of the SDK's own errors, so that it is judged like them. */
function failed(error: Record<string, unknown>): unknown {
  return { status: undefined, headers: undefined, error, message: asText(error.message) };
}

/** The reply in a whole response; `items` stand in when it lists no output. Throws a failure that it states. */
export function responseReply(
  response: Record<string, unknown>,
  items: readonly Record<string, unknown>[],
  writer: Writer,
  tools: readonly string[],
): ProviderReply {
  if (response.status === "failed") throw failed(asObject(response.error) ?? {});
  const listed = asObjects(response.output);
  const output = listed.length > 0 ? listed : [...items];
  const incomplete = response.status === "incomplete" ? asText(asObject(response.incomplete_details)?.reason) : "";
  const whole = response.status !== "incomplete";
  const parts = output.filter((item) => item.type === "message").flatMap((item) => asList(item.content));
  const refused = parts.some((part) => asObject(part)?.type === "refusal");
  const calls = whole ? output.filter((item) => item.type === "function_call").map((item) => callOf(item, tools)) : [];
  const native = whole && output.some((item) => item.type === "reasoning") ? keptOf(output) : null;
  return {
    text: parts.map(partText).join(""),
    calls,
    finish: finishOf(incomplete, whole, refused, calls.length > 0),
    usage: usageOf(asObject(response.usage)),
    answeredBy: asText(response.model) || writer.model,
    ...(native === null ? {} : { native: { ...writer, blocks: native } }),
  };
}

function partText(part: unknown): string {
  const content = asObject(part);
  return asText(content?.text) || asText(content?.refusal);
}

function callOf(item: Record<string, unknown>, tools: readonly string[]): ToolCall {
  return {
    id: asText(item.call_id) || asText(item.id),
    tool: mendName(asText(item.name), tools),
    arguments: mendArguments(item.arguments),
  };
}

/** What has to be kept for the replay: reasoning in full; for text and calls only their place. */
function keptOf(output: readonly Record<string, unknown>[]): Json[] | null {
  const last = output.findLastIndex((item) => item.type !== "reasoning");
  // Reasoning that nothing follows is refused when it is sent back.
  const kept = output.slice(0, last + 1).map((item): { [key: string]: Json } => {
    if (item.type === "function_call") return { type: "function_call" };
    if (item.type !== "message") return withoutStatus(item);
    const length = asList(item.content).map(partText).join("").length;
    return { type: "message", length, ...(typeof item.phase === "string" ? { phase: item.phase } : {}) };
  });
  return kept.length === 0 ? null : kept;
}

function withoutStatus({ status: _, ...item }: Record<string, unknown>): { [key: string]: Json } {
  return item as { [key: string]: Json };
}

function finishOf(incomplete: string, whole: boolean, refused: boolean, calls: boolean): FinishReason {
  if (incomplete === "content_filter" || refused) return "refusal";
  if (!whole) return "truncated";
  return calls ? "tool_calls" : "stop";
}

function usageOf(report: Record<string, unknown> | null): Usage {
  if (report === null) return unknownUsage;
  return {
    prompt_tokens: asCount(report.input_tokens),
    completion_tokens: asCount(report.output_tokens),
    total_tokens: asCount(report.total_tokens),
    cache_read_tokens: asCount(asObject(report.input_tokens_details)?.cached_tokens),
    cache_creation_tokens: null,
  };
}
