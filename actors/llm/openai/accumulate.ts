// Puts the chunks of a chat completion together, for all the variations that compatible servers play. Our own, since
// the SDK's helper overwrites reasoning, merges calls by index and throws on what is missing.
import type { FinishReason, NativeReplay, Usage } from "../../events.ts";
import { asCount, asList, asObject, asText } from "../../shape.ts";
import { unknownUsage } from "../cost.ts";
import type { ProviderReply, ProviderUpdate } from "../provider.ts";
import { callsInText, mayBecomeCall } from "../tolerant.ts";
import { createCallPieces } from "./calls.ts";
import type { Writer } from "./convert.ts";
import { createThinkSplitter, type Piece, withoutThinking } from "./think.ts";

/** A reply as far as it has come. */
export interface ChatAccumulator {
  /** Takes one chunk and says what of it is to be shown. */
  chunk(chunk: unknown): ProviderUpdate[];
  /** Shows what was held back; call once, at the end, unless the reply turns out to be calls. */
  rest(): ProviderUpdate[];
  /** The reply, or null when it did not come to its end. */
  reply(): ProviderReply | null;
}

/** Makes an empty one. `tools` are the names on offer; `whole` takes a reply without a finish reason for complete. */
export function createChatAccumulator(writer: Writer, tools: readonly string[], whole: boolean): ChatAccumulator {
  const pieces = createCallPieces();
  const splitter = createThinkSplitter();
  let content = "";
  let reasoning = "";
  let reasoningField = "";
  let refusal = "";
  let finish = "";
  let answeredBy = "";
  let usage: Usage = unknownUsage;
  let seen = false;
  // Text that may yet turn out to be a call is not shown: it would have to be taken back.
  let held: string | null = "";

  function show(shown: Piece[]): ProviderUpdate[] {
    return shown.flatMap((piece): ProviderUpdate[] => {
      if (piece.kind === "thinking" || held === null) return [piece];
      held += piece.text;
      if (tools.length > 0 && mayBecomeCall(held)) return [];
      const text = held;
      held = null;
      return [{ kind: "text", text }];
    });
  }

  function message(delta: Record<string, unknown>): ProviderUpdate[] {
    const updates: ProviderUpdate[] = [];
    // Text that is held back, and pieces of calls: nothing to show, yet part of the reply.
    let hidden = false;
    for (const field of ["reasoning_content", "reasoning"]) {
      const thought = asText(delta[field]);
      // Some servers send the same reasoning under both names: the first name that arrives is the one.
      if (thought === "" || (reasoningField !== "" && reasoningField !== field)) continue;
      reasoningField = field;
      reasoning += thought;
      updates.push({ kind: "thinking", text: thought });
    }
    for (const { kind, text } of contentOf(delta.content)) {
      if (kind === "thinking") updates.push({ kind, text });
      else {
        content += text;
        hidden = true;
        updates.push(...show(splitter.push(text)));
      }
    }
    const declined = asText(delta.refusal);
    if (declined !== "") {
      refusal += declined;
      updates.push({ kind: "text", text: declined });
    }
    const calls = [
      ...asList(delta.tool_calls),
      ...(delta.function_call ? [{ index: 0, function: delta.function_call }] : []),
    ];
    for (const call of calls) if (pieces.push(call)) hidden = true;
    return updates.length === 0 && hidden ? [{ kind: "content" }] : updates;
  }

  return {
    chunk(value) {
      const chunk = asObject(value);
      if (chunk === null) return [];
      answeredBy = asText(chunk.model) || answeredBy;
      if (asObject(chunk.usage) !== null) usage = usageOf(asObject(chunk.usage) ?? {});
      const choice = asObject(asList(chunk.choices)[0]);
      if (choice === null) return [];
      seen = true;
      finish = asText(choice.finish_reason) || finish;
      return message(asObject(choice.delta) ?? asObject(choice.message) ?? {});
    },

    rest() {
      const updates = show(splitter.end());
      const text = held ?? "";
      held = null;
      const isCalls = callsInText(text, tools) !== null;
      return text === "" || isCalls ? updates : [...updates, { kind: "text", text }];
    },

    reply() {
      if (!seen || (finish === "" && !whole)) return null;
      const said = withoutThinking(content);
      const truncated = finish === "length";
      const given = truncated ? [] : pieces.calls(tools);
      const written = truncated || given.length > 0 ? null : callsInText(said, tools);
      const calls = written === null ? given : written.map((call) => ({ id: "", ...call }));
      const native = truncated ? undefined : nativeOf(writer, { content, said, reasoning, reasoningField });
      return {
        text: written === null ? said + refusal : "",
        calls,
        finish: finishOf(finish, calls.length > 0, refusal !== ""),
        usage,
        answeredBy: answeredBy || writer.model,
        ...(native === undefined ? {} : { native }),
      };
    },
  };
}

function nativeOf(
  writer: Writer,
  parts: { content: string; said: string; reasoning: string; reasoningField: string },
): NativeReplay | undefined {
  const { content, said, reasoning, reasoningField } = parts;
  const base = { provider: writer.provider, model: writer.model };
  if (reasoning !== "") return { ...base, blocks: { field: reasoningField, text: reasoning } };
  return content === said ? undefined : { ...base, blocks: { field: "content", text: content } };
}

/** Content is text, or (Mistral) a list of parts, some of which may be thinking. */
function contentOf(content: unknown): Piece[] {
  if (typeof content === "string") return content === "" ? [] : [{ kind: "text", text: content }];
  return asList(content).flatMap((part): Piece[] => {
    const { type, text, thinking } = asObject(part) ?? {};
    if (type === "thinking") return contentOf(thinking).map((piece) => ({ kind: "thinking", text: piece.text }));
    return contentOf(asText(text));
  });
}

function finishOf(reason: string, calls: boolean, refused: boolean): FinishReason {
  if (reason === "length") return "truncated";
  if (reason === "content_filter" || (refused && !calls)) return "refusal";
  // Some servers say "stop" although they sent calls, others name reasons of their own.
  return calls ? "tool_calls" : "stop";
}

function usageOf(report: Record<string, unknown>): Usage {
  const prompt = asCount(report.prompt_tokens);
  const completion = asCount(report.completion_tokens);
  const details = asObject(report.prompt_tokens_details);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: asCount(report.total_tokens) ?? (prompt === null || completion === null ? null : prompt + completion),
    cache_read_tokens: asCount(details?.cached_tokens) ?? asCount(report.prompt_cache_hit_tokens),
    cache_creation_tokens: asCount(details?.cache_write_tokens),
  };
}
