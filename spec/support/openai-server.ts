// A scripted server that speaks OpenAI's dialects: chat completions and Responses, streaming or not, and the list of
// models. Also stands in for the Hugging Face router and for local servers.
import {
  type Answer,
  cutUp,
  type Delivery,
  type Entry,
  type FixedRoutes,
  type ScriptedServer,
  type Step,
  startScriptedServer,
} from "./sse.ts";

/** One reply of the model. */
export interface OpenAiTurn {
  text?: string;
  /** Thinking, in the field `reasoningField` (default `reasoning_content`); in Responses an encrypted reasoning item. */
  reasoning?: string;
  reasoningField?: "reasoning_content" | "reasoning";
  calls?: { id?: string; name: string; arguments: unknown }[];
  /** Default: `tool_calls` with calls, else `stop`. */
  finish?: string;
  /** Default: 100 prompt tokens, 20 of them cached, and 10 completion tokens. Null: none is reported. */
  usage?: { prompt: number; cached?: number; completion: number } | null;
  /** Characters in each text delta; default 12. */
  pieceLength?: number;
  delivery?: Delivery;
  headers?: Record<string, string>;
}

/** How to start the server. */
export interface OpenAiServerOptions {
  /** Entries of `GET /v1/models`; 404 when absent. */
  models?: unknown[];
  /** Answers before anything else does, for what a server offers beside the two APIs; null: not this one. */
  pages?: FixedRoutes;
}

/** Where local servers of one kind or another are asked about their models; one that is not that kind has no such page. */
const aboutModels = new Set(["/props", "/api/show", "/api/ps", "/api/v0/models", "/api/v1/models"]);

/** Starts the server. Use `url + "/v1"` as the base URL. */
export async function startOpenAiServer(
  script: Entry | Entry[] = [],
  options: OpenAiServerOptions = {},
): Promise<ScriptedServer> {
  return await startScriptedServer(["/v1/chat/completions", "/v1/responses"], script, (request) => {
    const page = options.pages?.(request) ?? null;
    if (page !== null) return page;
    if (aboutModels.has(request.path)) return { status: 404, body: { error: { message: "not here" } } };
    if (request.method !== "GET" || request.path !== "/v1/models") return page;
    return options.models === undefined
      ? { status: 404, body: { error: { message: "no list" } } }
      : { status: 200, body: { object: "list", data: options.models } };
  });
}

/** Answers with a reply, in the API and the manner (streaming or not) that the request asks for. */
export function replies(turn: OpenAiTurn): Entry {
  return (request) => {
    const model = String(request.body.model ?? "m");
    const streams = request.body.stream === true;
    if (request.path === "/v1/responses")
      return streams ? responsesStream(turn, model) : whole(responseOf(turn, model), turn);
    return streams ? chatStream(chunksOf(turn, model), turn) : whole(completionOf(turn, model), turn);
  };
}

/** A chat completion stream of exactly these chunks, ended by `[DONE]`. */
export function chatStream(chunks: unknown[], how: Pick<OpenAiTurn, "delivery" | "headers"> = {}): Answer {
  const steps: Step[] = [...chunks.map((data) => ({ data })), { data: "[DONE]" }];
  return {
    steps,
    ...(how.delivery ? { delivery: how.delivery } : {}),
    ...(how.headers ? { headers: how.headers } : {}),
  };
}

/** One chunk of a chat completion. */
export function chunk(delta: Record<string, unknown>, finish: string | null = null, more: object = {}): object {
  return {
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
    ...more,
  };
}

function whole(body: unknown, { headers }: OpenAiTurn): Answer {
  return { status: 200, body, ...(headers ? { headers } : {}) };
}

function finishOf(turn: OpenAiTurn): string {
  return turn.finish ?? (turn.calls?.length ? "tool_calls" : "stop");
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function chatUsage({ usage }: OpenAiTurn): object | null {
  if (usage === null) return null;
  const { prompt, cached = 0, completion } = usage ?? { prompt: 100, cached: 20, completion: 10 };
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
  };
}

function chunksOf(turn: OpenAiTurn, model: string): object[] {
  const size = turn.pieceLength ?? 12;
  const field = turn.reasoningField ?? "reasoning_content";
  const usage = chatUsage(turn);
  const parts: object[] = [chunk({ role: "assistant", content: "" }, null, { model })];
  for (const piece of cutUp(turn.reasoning ?? "", size)) parts.push(chunk({ [field]: piece }, null, { model }));
  for (const piece of cutUp(turn.text ?? "", size)) parts.push(chunk({ content: piece }, null, { model }));
  for (const [index, call] of (turn.calls ?? []).entries()) {
    const id = call.id ?? `call_${index}`;
    parts.push(
      chunk({ tool_calls: [{ index, id, type: "function", function: { name: call.name, arguments: "" } }] }, null, {
        model,
      }),
    );
    for (const piece of cutUp(textOf(call.arguments), size)) {
      parts.push(chunk({ tool_calls: [{ index, function: { arguments: piece } }] }, null, { model }));
    }
  }
  parts.push(chunk({}, finishOf(turn), { model }));
  if (usage !== null) parts.push({ id: "c1", object: "chat.completion.chunk", created: 1, model, choices: [], usage });
  return parts;
}

function completionOf(turn: OpenAiTurn, model: string): object {
  const field = turn.reasoningField ?? "reasoning_content";
  const calls = (turn.calls ?? []).map((call, index) => ({
    id: call.id ?? `call_${index}`,
    type: "function",
    function: { name: call.name, arguments: textOf(call.arguments) },
  }));
  const message = {
    role: "assistant",
    content: turn.text ?? null,
    ...(turn.reasoning === undefined ? {} : { [field]: turn.reasoning }),
    ...(calls.length > 0 ? { tool_calls: calls } : {}),
  };
  const usage = chatUsage(turn);
  return {
    id: "c1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message, finish_reason: finishOf(turn) }],
    ...(usage === null ? {} : { usage }),
  };
}

function outputOf(turn: OpenAiTurn): Record<string, unknown>[] {
  const output: Record<string, unknown>[] = [];
  if (turn.reasoning !== undefined) {
    output.push({
      type: "reasoning",
      id: "rs_1",
      summary: [{ type: "summary_text", text: turn.reasoning }],
      encrypted_content: `sealed:${turn.reasoning}`,
    });
  }
  if (turn.text !== undefined && turn.text !== "") {
    const content = [{ type: "output_text", text: turn.text, annotations: [] }];
    output.push({ type: "message", id: "msg_1", role: "assistant", status: "completed", content });
  }
  for (const [index, call] of (turn.calls ?? []).entries()) {
    output.push({
      type: "function_call",
      id: `fc_${index}`,
      call_id: call.id ?? `call_${index}`,
      name: call.name,
      arguments: textOf(call.arguments),
      status: "completed",
    });
  }
  return output;
}

function responseOf(turn: OpenAiTurn, model: string): Record<string, unknown> {
  const { prompt, cached = 0, completion } = turn.usage ?? { prompt: 100, cached: 20, completion: 10 };
  const incomplete =
    turn.finish === "length" ? "max_output_tokens" : turn.finish === "content_filter" ? turn.finish : null;
  return {
    id: "resp_1",
    object: "response",
    model,
    status: incomplete === null ? "completed" : "incomplete",
    incomplete_details: incomplete === null ? null : { reason: incomplete },
    output: outputOf(turn),
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: completion,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: prompt + completion,
    },
  };
}

function responsesStream(turn: OpenAiTurn, model: string): Answer {
  const size = turn.pieceLength ?? 12;
  const response = responseOf(turn, model);
  const events: Record<string, unknown>[] = [{ type: "response.created", response: { ...response, output: [] } }];
  for (const [index, item] of outputOf(turn).entries()) {
    events.push({ type: "response.output_item.added", output_index: index, item });
    if (item.type === "reasoning") {
      events.push({ type: "response.reasoning_summary_part.added", output_index: index, summary_index: 0 });
      for (const delta of cutUp(turn.reasoning ?? "", size)) {
        events.push({ type: "response.reasoning_summary_text.delta", output_index: index, summary_index: 0, delta });
      }
    }
    if (item.type === "message") {
      for (const delta of cutUp(turn.text ?? "", size)) {
        events.push({ type: "response.output_text.delta", output_index: index, content_index: 0, delta });
      }
    }
    if (item.type === "function_call") {
      for (const delta of cutUp(String(item.arguments), size)) {
        events.push({ type: "response.function_call_arguments.delta", output_index: index, delta });
      }
    }
    events.push({ type: "response.output_item.done", output_index: index, item });
  }
  events.push({ type: response.status === "incomplete" ? "response.incomplete" : "response.completed", response });
  const steps = events.map((event, index) => ({
    event: String(event.type),
    data: { ...event, sequence_number: index },
  }));
  return {
    steps,
    ...(turn.delivery ? { delivery: turn.delivery } : {}),
    ...(turn.headers ? { headers: turn.headers } : {}),
  };
}
