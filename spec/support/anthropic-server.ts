// A scripted server that speaks Anthropic's Messages API, streaming or not.
import {
  type Answer,
  cutUp,
  type Delivery,
  type Entry,
  type FixedRoutes,
  fails,
  type ScriptedServer,
  type Step,
  startScriptedServer,
} from "./sse.ts";

/** One content block of a reply. */
export type AnthropicBlock =
  | { type: "text"; text: string }
  | { type: "thinking"; thinking: string; signature: string }
  | { type: "redacted_thinking"; data: string }
  /** `json`: the input's exact text, for input that is cut off or broken. */
  | { type: "tool_use"; id: string; name: string; input: unknown; json?: string };

/** One reply of the model. */
export interface AnthropicTurn {
  blocks: AnthropicBlock[];
  /** Default: `tool_use` with calls, else `end_turn`. */
  stop?: string;
  stopDetails?: object;
  usage?: { input: number; output: number; read?: number; written?: number };
  /** Characters in each delta; default 12. */
  pieceLength?: number;
  delivery?: Delivery;
}

/**
 * Starts the server. Use `url` as the base URL; `pages` answers what is asked beside messages, and what is asked about
 * models is not known otherwise.
 */
export async function startAnthropicServer(
  script: Entry | Entry[] = [],
  pages: FixedRoutes = () => null,
): Promise<ScriptedServer> {
  return await startScriptedServer(["/v1/messages"], script, (request) => {
    const page = pages(request);
    const isAboutModels = request.method === "GET" && request.path.startsWith("/v1/models");
    return page ?? (isAboutModels ? refuses(404, "not_found_error", "not here") : null);
  });
}

/** Answers with a reply, streaming or not as the request asks. */
export function answers(turn: AnthropicTurn): Entry {
  return (request) => {
    const model = String(request.body.model ?? "m");
    if (request.body.stream !== true) return { status: 200, body: messageOf(turn, model) };
    return { steps: stepsOf(turn, model), ...(turn.delivery ? { delivery: turn.delivery } : {}) };
  };
}

/** An error in the API's own shape. */
export function refuses(
  status: number,
  type: string,
  message: string,
  headers: Record<string, string> = {},
  errorCode?: string,
): Answer {
  const details = errorCode === undefined ? {} : { details: { error_code: errorCode } };
  return fails(status, { type: "error", error: { type, message, ...details }, request_id: "req_1" }, headers);
}

/** An event of a stream. */
export function anthropicEvent(type: string, more: object = {}): Step {
  return { event: type, data: { type, ...more } };
}

/** The steps of a streamed reply, for tests that change them. */
export function stepsOf(turn: AnthropicTurn, model = "m"): Step[] {
  const size = turn.pieceLength ?? 12;
  const { output, ...prompt } = usageOf(turn);
  const steps: Step[] = [
    anthropicEvent("message_start", {
      message: {
        ...messageOf({ ...turn, blocks: [] }, model),
        stop_reason: null,
        usage: { ...prompt, output_tokens: 1 },
      },
    }),
    anthropicEvent("ping"),
  ];
  for (const [index, block] of turn.blocks.entries()) {
    steps.push(anthropicEvent("content_block_start", { index, content_block: beginningOf(block) }));
    for (const delta of deltasOf(block, size)) steps.push(anthropicEvent("content_block_delta", { index, delta }));
    steps.push(anthropicEvent("content_block_stop", { index }));
  }
  const delta = {
    stop_reason: stopOf(turn),
    stop_sequence: null,
    ...(turn.stopDetails ? { stop_details: turn.stopDetails } : {}),
  };
  steps.push(
    anthropicEvent("message_delta", { delta, usage: { output_tokens: output } }),
    anthropicEvent("message_stop"),
  );
  return steps;
}

function beginningOf(block: AnthropicBlock): object {
  switch (block.type) {
    case "text":
      return { type: "text", text: "" };
    case "thinking":
      return { type: "thinking", thinking: "", signature: "" };
    case "redacted_thinking":
      return block;
    case "tool_use":
      return { type: "tool_use", id: block.id, name: block.name, input: {} };
  }
}

function deltasOf(block: AnthropicBlock, size: number): object[] {
  switch (block.type) {
    case "text":
      return cutUp(block.text, size).map((text) => ({ type: "text_delta", text }));
    case "thinking":
      return [
        ...cutUp(block.thinking, size).map((thinking) => ({ type: "thinking_delta", thinking })),
        { type: "signature_delta", signature: block.signature },
      ];
    case "redacted_thinking":
      return [];
    case "tool_use":
      return cutUp(block.json ?? JSON.stringify(block.input), size).map((partial_json) => ({
        type: "input_json_delta",
        partial_json,
      }));
  }
}

function stopOf({ stop, blocks }: AnthropicTurn): string {
  return stop ?? (blocks.some((block) => block.type === "tool_use") ? "tool_use" : "end_turn");
}

function usageOf({ usage }: AnthropicTurn): {
  input_tokens: number;
  cache_read_input_tokens: number;
  cache_creation_input_tokens: number;
  output: number;
} {
  const { input, output, read = 0, written = 0 } = usage ?? { input: 50, output: 10, read: 30, written: 20 };
  return { input_tokens: input, cache_read_input_tokens: read, cache_creation_input_tokens: written, output };
}

function messageOf(turn: AnthropicTurn, model: string): Record<string, unknown> {
  const { output, ...prompt } = usageOf(turn);
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model,
    content: turn.blocks.map((block) => {
      if (block.type !== "tool_use") return block;
      const { json: _, ...rest } = block;
      return rest;
    }),
    stop_reason: stopOf(turn),
    stop_sequence: null,
    ...(turn.stopDetails ? { stop_details: turn.stopDetails } : {}),
    usage: { ...prompt, output_tokens: output },
  };
}
