// What a headless run amounts to: a fold of its events into one object, and the exit code that follows from it.
import type { Failure, SessionEvent } from "../../actors/events.ts";

/** How a run ended, in one word. */
export type RunStatus =
  | "done"
  | "error"
  | "denied"
  | "iteration_limit"
  | "budget"
  | "context_overflow"
  | "interrupted"
  | "terminated";

/** Tokens and calls of a run. `null`: no provider said. */
export interface RunUsage {
  model_calls: number;
  prompt_tokens: number | null;
  completion_tokens: number | null;
  total_tokens: number | null;
  cache_read_tokens: number | null;
  cache_creation_tokens: number | null;
}

/** The object that `--output-format json` prints, and the data of the last line of `stream-json`. */
export interface RunResult {
  session_id: string;
  model: string;
  status: RunStatus;
  /** The reason of the turn's end, a signal's name, or an error's code. */
  reason: string;
  exit_code: number;
  final_response: string | null;
  usage: RunUsage;
  /** US dollars; null when the price of any call is unknown. */
  cost_usd: number | null;
  /** US dollars that calls which broke off may have cost besides, at most; null when that has no bound. */
  assumed_usd: number | null;
  iterations: number;
  duration_ms: number;
  /** Calls that were not run for want of an approval, or because the policy refuses them. */
  denied: { tool: string; tool_call_id: string; title: string; reason: string }[];
  error: Failure | null;
  /** Whether `--continue` without a prompt has something to finish. */
  resumable: boolean;
}

/** A run in progress. */
export interface RunFold {
  model: string;
  usage: RunUsage;
  costUsd: number | null;
  assumedUsd: number | null;
  iterations: number;
  /** Calls denied for want of an approval, as the turns counted them. */
  unapproved: number;
  /** Of them, those that no way of running approves. */
  personal: number;
  titles: Map<string, string>;
  denied: RunResult["denied"];
  /** The end of the newest turn, or null while one runs. */
  end: Extract<SessionEvent, { type: "turn_complete" | "interrupted" | "error" | "session_terminated" }> | null;
}

/** The signals that end a run, with the exit code that each stands for (128 + its number). */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const;
export type EndSignal = keyof typeof signalCodes;

/** A run before its first event. `calls` are those that an earlier process has put on record. */
export function emptyRun(model: string, calls: readonly { id: string; title: string }[] = []): RunFold {
  return {
    model,
    usage: {
      model_calls: 0,
      prompt_tokens: null,
      completion_tokens: null,
      total_tokens: null,
      cache_read_tokens: null,
      cache_creation_tokens: null,
    },
    costUsd: 0,
    assumedUsd: 0,
    iterations: 0,
    unapproved: 0,
    personal: 0,
    titles: new Map(calls.map((call) => [call.id, call.title])),
    denied: [],
    end: null,
  };
}

const tokenKeys = [
  "prompt_tokens",
  "completion_tokens",
  "total_tokens",
  "cache_read_tokens",
  "cache_creation_tokens",
] as const;

/** Adds an event to a run, in place. */
export function addToRun(run: RunFold, event: SessionEvent): void {
  switch (event.type) {
    case "session_started":
    case "model_changed":
    case "llm_started":
      run.model = event.data.model;
      break;
    case "processing":
      run.end = null;
      break;
    case "llm_call": {
      run.usage.model_calls += 1;
      for (const key of tokenKeys) {
        const tokens = event.data[key];
        if (tokens !== null) run.usage[key] = (run.usage[key] ?? 0) + tokens;
      }
      const cost = event.data.cost_usd;
      run.costUsd = plus(run.costUsd, cost);
      run.assumedUsd = plus(run.assumedUsd, event.data.assumed_usd ?? (event.data.assumed_usd === null ? null : 0));
      if (event.data.kind === "main") run.iterations += 1;
      break;
    }
    case "tool_call":
      run.titles.set(event.data.tool_call_id, event.data.title);
      break;
    case "tool_output": {
      const { tool, tool_call_id, outcome, output } = event.data;
      const title = run.titles.get(tool_call_id) ?? tool;
      run.titles.delete(tool_call_id);
      const { cost_usd: spent } = event.data;
      if (spent !== undefined) run.costUsd = plus(run.costUsd, spent);
      if (outcome === "denied") run.denied.push({ tool, tool_call_id, title, reason: output });
      break;
    }
    case "approval_required":
      run.personal += event.data.tools.filter(({ always }) => always === true).length;
      break;
    case "hf_job_complete":
      run.costUsd = plus(run.costUsd, event.data.estimated_cost_usd);
      break;
    case "turn_complete":
      run.unapproved += event.data.denied;
      run.end = event;
      break;
    case "interrupted":
    case "error":
    case "session_terminated":
      run.end = event;
      break;
  }
}

function plus(a: number | null, b: number | null): number | null {
  return a === null || b === null ? null : a + b;
}

/** What else decides how a run ended: a signal, or a failure outside the session. */
export interface Outside {
  sessionId: string;
  durationMs: number;
  signal: EndSignal | null;
  failure: Failure | null;
  /** The run was to finish what was cut off, and nothing was. */
  idle: boolean;
  /** Whether `--continue` without a prompt has something to finish. */
  resumable: boolean;
}

type Ending = Pick<RunResult, "status" | "reason" | "exit_code" | "error">;

const explanations: Record<string, Omit<Failure, "code">> = {
  truncated: {
    message: "The model's replies were cut off by its output limit, again and again.",
    hint: "Ask for less at once, or raise limits.llm_max_output_tokens in the config.",
  },
  empty_reply: {
    message: "The model gave no answer, even when asked again.",
    hint: "Another model may do better: name it with --model.",
  },
  refusal: { message: "The model refused to go on.", hint: "Put the task differently, or use another model." },
};

function ending(run: RunFold, outside: Outside): Ending {
  const { signal, failure } = outside;
  if (signal !== null) {
    const status = signal === "SIGINT" ? "interrupted" : "terminated";
    return { status, reason: signal, exit_code: signalCodes[signal], error: null };
  }
  if (failure !== null) return { status: "error", reason: failure.code, exit_code: 1, error: failure };
  if (outside.idle) return { status: "done", reason: "nothing_to_finish", exit_code: 0, error: null };
  const end = run.end;
  if (end === null) {
    const error = { code: "NO_END", message: "The run stopped before its turn had ended." };
    return { status: "error", reason: error.code, exit_code: 1, error };
  }
  switch (end.type) {
    case "interrupted":
      return { status: "interrupted", reason: end.data.reason, exit_code: 130, error: null };
    case "error": {
      const { code, error: message, hint } = end.data;
      const isBudget = code === "PRICE_UNKNOWN" || code === "LLM_PRICE_UNKNOWN";
      return {
        status: "error",
        reason: code,
        exit_code: isBudget ? 5 : 1,
        error: { code, message, ...(hint ? { hint } : {}) },
      };
    }
    case "session_terminated": {
      const { reason, error: message, user_message: hint } = end.data;
      const error = { code: reason, message, hint };
      if (reason === "context_overflow" || reason === "compaction_failed")
        return { status: "context_overflow", reason, exit_code: 6, error };
      return { status: "error", reason, exit_code: 1, error };
    }
    case "turn_complete": {
      const { reason } = end.data;
      if (reason === "iteration_limit") {
        const message = `The limit of model calls for one turn was reached after ${end.data.iterations}.`;
        const hint = "Raise it with --max-iterations.";
        return { status: "iteration_limit", reason, exit_code: 4, error: { code: reason, message, hint } };
      }
      if (reason === "budget") {
        const message = "The budget does not suffice for another model call.";
        const hint = "Raise it with --budget, which counts all that the session has spent, and go on with --continue.";
        return { status: "budget", reason, exit_code: 5, error: { code: reason, message, hint } };
      }
      if (reason !== "done") {
        const error = { code: reason, ...(explanations[reason] ?? { message: `The turn ended: ${reason}.` }) };
        return { status: "error", reason, exit_code: 1, error };
      }
      if (run.unapproved === 0) return { status: "done", reason, exit_code: 0, error: null };
      const message = `${run.unapproved} ${run.unapproved === 1 ? "call" : "calls"} needed an approval and did not run.`;
      const hint =
        run.personal > 0
          ? "Read what was asked for: only a person may allow it. Go on with ml-intern --continue in a terminal, and answer there."
          : "Read what was asked for, then run again with --approval auto if that is fine with you.";
      return { status: "denied", reason: "approval", exit_code: 3, error: { code: "approval", message, hint } };
    }
  }
}

/** The result of a run that is over. */
export function resultOf(run: RunFold, outside: Outside): RunResult {
  return {
    session_id: outside.sessionId,
    model: run.model,
    ...ending(run, outside),
    final_response: run.end?.type === "turn_complete" ? run.end.data.final_response : null,
    usage: run.usage,
    cost_usd: run.costUsd,
    assumed_usd: run.assumedUsd,
    iterations: run.iterations,
    duration_ms: outside.durationMs,
    denied: run.denied,
    resumable: outside.resumable,
  } satisfies RunResult;
}
