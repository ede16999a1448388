// Puts the events of a reply together. Our own, because the SDK's helper repairs broken tool input in silence and
// fails the whole stream on what it cannot repair.
import type { FinishReason, Json, ToolCall, Usage } from "../../events.ts";
import { asCount, asObject, asText } from "../../shape.ts";
import type { ProviderReply, ProviderUpdate } from "../provider.ts";
import { mendArguments } from "../tolerant.ts";
import { provider } from "./convert.ts";

interface OpenBlock {
  type: string;
  /** The block as it began; what is kept of thinking and of kinds that we do not know. */
  raw: Record<string, unknown>;
  text: string;
  json: string;
  signature: string;
}

/** A reply as far as it has come. */
export interface Accumulator {
  /** Takes one event and says what of it is to be shown. */
  event(event: unknown): ProviderUpdate;
  /** The reply, or null when the stream ended too early. */
  reply(model: string): ProviderReply | null;
}

/** Makes an empty one. */
export function createAccumulator(): Accumulator {
  const blocks = new Map<number, OpenBlock>();
  const usage: Record<string, unknown> = {};
  let stopReason = "";
  let refusal = "";
  let answeredBy = "";

  function open(index: number, content: unknown): OpenBlock {
    const raw = asObject(content) ?? {};
    const block: OpenBlock = {
      type: asText(raw.type),
      raw,
      text: asText(raw.text) || asText(raw.thinking),
      json: "",
      signature: asText(raw.signature),
    };
    blocks.set(index, block);
    return block;
  }

  function delta(index: number, raw: Record<string, unknown>): ProviderUpdate {
    const block = blocks.get(index) ?? open(index, {});
    switch (raw.type) {
      case "text_delta":
        block.text += asText(raw.text);
        return { kind: "text", text: asText(raw.text) };
      case "thinking_delta":
        block.text += asText(raw.thinking);
        return { kind: "thinking", text: asText(raw.thinking) };
      case "input_json_delta":
        block.json += asText(raw.partial_json);
        return { kind: asText(raw.partial_json) === "" ? "alive" : "content" };
      case "signature_delta":
        block.signature += asText(raw.signature);
        return { kind: asText(raw.signature) === "" ? "alive" : "content" };
    }
    return { kind: "alive" };
  }

  function stop(message: Record<string, unknown> | null): void {
    stopReason = asText(message?.stop_reason) || stopReason;
    const details = asObject(message?.stop_details);
    if (details !== null) refusal = refusalText(details);
  }

  return {
    event(event) {
      const { type, index, ...rest } = asObject(event) ?? {};
      const position = asCount(index) ?? 0;
      switch (type) {
        case "message_start": {
          const message = asObject(rest.message);
          answeredBy = asText(message?.model);
          Object.assign(usage, known(asObject(message?.usage)));
          return { kind: "alive" };
        }
        case "content_block_start": {
          const { type: kind, text } = open(position, rest.content_block);
          return kind === "text" || kind === "thinking" ? { kind, text } : { kind: "content" };
        }
        case "content_block_delta":
          return delta(position, asObject(rest.delta) ?? {});
        case "message_delta":
          stop(asObject(rest.delta));
          Object.assign(usage, known(asObject(rest.usage)));
      }
      return { kind: "alive" };
    },

    reply(model) {
      if (stopReason === "") return null;
      const ordered = [...blocks.entries()].sort(([a], [b]) => a - b).map(([, block]) => block);
      return finished(ordered, { stopReason, refusal, model, answeredBy: answeredBy || model, usage: usageOf(usage) });
    },
  };
}

/** The reply in a whole message, as a request without streaming gets it; null when it is none. */
export function replyOf(message: unknown, model: string): ProviderReply | null {
  const whole = asObject(message);
  if (whole === null || !Array.isArray(whole.content)) return null;
  const accumulator = createAccumulator();
  accumulator.event({ type: "message_start", message: whole });
  for (const [index, content] of whole.content.entries()) {
    accumulator.event({ type: "content_block_start", index, content_block: content });
  }
  accumulator.event({ type: "message_delta", delta: { ...whole, stop_reason: whole.stop_reason ?? "end_turn" } });
  return accumulator.reply(model);
}

interface Ending {
  stopReason: string;
  refusal: string;
  model: string;
  answeredBy: string;
  usage: Usage;
}

function finished(blocks: OpenBlock[], ending: Ending): ProviderReply {
  const { stopReason, refusal, model, answeredBy, usage } = ending;
  const asked = blocks.filter((block) => block.type === "tool_use");
  const finish = finishOf(stopReason, asked.length > 0);
  const text = blocks.map((block) => (block.type === "text" ? block.text : "")).join("");
  // A reply that was cut off may hold half a call: none of its calls is to be carried out.
  const whole = finish === "tool_calls" || finish === "stop";
  const calls = whole ? asked.map(callOf) : [];
  const thought = blocks.some((block) => block.type !== "text" && block.type !== "tool_use");
  return {
    text: finish === "refusal" && text === "" ? refusal || "The provider refused this request." : text,
    calls,
    finish,
    usage,
    answeredBy,
    ...(whole && thought ? { native: { provider, model, blocks: blocks.map(kept) } } : {}),
  };
}

function callOf(block: OpenBlock): ToolCall {
  const input = block.json === "" ? block.raw.input : block.json;
  return { id: asText(block.raw.id), tool: asText(block.raw.name), arguments: mendArguments(input) };
}

/** What has to be kept for the replay: thinking in full; for text and calls only their place, we have them already. */
function kept(block: OpenBlock): Json {
  if (block.type === "text") return { type: "text", length: block.text.length };
  if (block.type === "tool_use") return { type: "tool_use" };
  if (block.type === "thinking") return { type: "thinking", thinking: block.text, signature: block.signature };
  return block.raw as { [key: string]: Json };
}

function finishOf(stopReason: string, calls: boolean): FinishReason {
  switch (stopReason) {
    case "max_tokens":
    case "model_context_window_exceeded":
      return "truncated";
    case "refusal":
      return "refusal";
    case "tool_use":
      return "tool_calls";
    default:
      return calls ? "tool_calls" : "stop";
  }
}

function refusalText(details: Record<string, unknown>): string {
  const category = asText(details.category);
  const explanation = asText(details.explanation);
  const why = category === "" ? "" : ` (category ${category})`;
  return `The provider refused this request${why}${explanation === "" ? "." : `: ${explanation}`}`;
}

/** Members that carry a value: later reports add to and correct earlier ones, but null takes nothing back. */
function known(report: Record<string, unknown> | null): Record<string, unknown> {
  return Object.fromEntries(Object.entries(report ?? {}).filter(([, value]) => value !== null));
}

/** The API counts fresh, written and read tokens apart; ours are the prompt in all, and of it those two. */
function usageOf(report: Record<string, unknown>): Usage {
  const fresh = asCount(report.input_tokens);
  const written = asCount(report.cache_creation_input_tokens);
  const read = asCount(report.cache_read_input_tokens);
  const output = asCount(report.output_tokens);
  const prompt = fresh === null ? null : fresh + (written ?? 0) + (read ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: output,
    total_tokens: prompt === null || output === null ? null : prompt + output,
    cache_read_tokens: read,
    cache_creation_tokens: written,
  };
}
