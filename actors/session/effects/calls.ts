// Effects around tool calls: their check, what a person sees of them, their run, and what became of them in an
// earlier life.
import { codeOf } from "../../../runtime/errors.ts";
import { isToolFact, type NewEvent, type Preview } from "../../events.ts";
import type { ToolProgress } from "../../tools/protocol.ts";
import { definitionFor } from "../mcp-spec.ts";
import { callKey } from "../money.ts";
import type { CallState } from "../state.ts";
import { onAsking, onCallLost, onPrepared, onToolSettled, type Settled } from "../turn/on-calls.ts";
import { spendingOf } from "../turn/spending.ts";
import type { EffectOptions, RecordEvents } from "./effects.ts";

/** Time beyond a call's own limit before the driver gives up waiting for its executor, in milliseconds. */
const executorGraceMs = 15_000;
const prepareDeadlineMs = 60_000;
const previewDeadlineMs = 10_000;
/** Deaths of the executor while it checks the same calls before they are answered without it. */
const maxPrepareFailures = 2;
/** Deaths of the executor while it looks for what became of one call. */
const maxProbeFailures = 2;

export function createCallEffects(options: EffectOptions, record: RecordEvents) {
  const { state, tools } = options;
  let prepareFailures = 0;
  const probeFailures = new Map<string, number>();

  async function prepare(signal: AbortSignal): Promise<NewEvent[]> {
    const calls = (state.turn?.unprepared ?? []).map((call) => ({ ...call, ...definitionFor(state, call.tool) }));
    try {
      const prepared = await tools.ask("prepare", { calls }, { deadlineMs: prepareDeadlineMs, signal });
      prepareFailures = 0;
      if (signal.aborted) return [];
      return onPrepared(state, prepared, (call) => options.judge(call, state), options.approval);
    } catch (error) {
      if (signal.aborted) return [];
      prepareFailures += 1;
      if (codeOf(error) === "ACTOR_GONE" && prepareFailures <= maxPrepareFailures) return [];
      prepareFailures = 0;
      const reason = `The tool executor could not check this call: ${messageOf(error)}`;
      const refused = calls.map(({ id, tool }) => ({ ok: false as const, id, tool, error: reason }));
      return onPrepared(state, refused, (call) => options.judge(call, state), options.approval);
    }
  }

  /** Has what a person is asked about made visible. Where that fails, the arguments have to do. */
  async function preview(signal: AbortSignal): Promise<NewEvent[]> {
    const asking = state.turn?.calls.filter((call) => call.status === "asking") ?? [];
    const previews = new Map<string, Preview>();
    await Promise.all(
      asking.map(async (call) => {
        const look = tools.ask("preview", request(call), { deadlineMs: previewDeadlineMs, signal });
        const shown = await look.catch(() => null);
        if (shown !== null) previews.set(call.id, shown);
      }),
    );
    return signal.aborted ? [] : onAsking(asking, previews);
  }

  function request(call: CallState) {
    const paths = call.touches.flatMap((access) => ("path" in access ? [access.path] : []));
    const seen = paths.flatMap((path) => {
      const hash = state.files.get(path);
      return hash === undefined ? [] : [[path, hash] as const];
    });
    return {
      id: call.id,
      tool: call.tool,
      arguments: call.arguments,
      ...definitionFor(state, call.tool),
      attempt: call.starts,
      seen: Object.fromEntries(seen),
    };
  }

  async function run(call: CallState, signal: AbortSignal): Promise<NewEvent[]> {
    const spending = spendingOf(call.touches);
    // One that is attached to, sent again under its key, or has not happened yet, is the same spending; what was set
    // aside for it still is.
    const isSame = call.onCrash !== "pure";
    const isJob = [...state.jobs.values()].some((job) => job.tool_call_id === call.id);
    const isAside = isSame && (isJob || state.money.open.has(callKey(call.id)));
    const most = isAside ? null : (spending?.micro ?? null);
    const reserved = most === null ? {} : { reserved_micro_usd: most };
    const about = { tool_call_id: call.id, tool: call.tool };
    record([
      { type: "tool_state_change", data: { ...about, state: "running", attempt: call.starts + 1, ...reserved } },
    ]);
    const startedAt = Date.now();
    const onProgress = (update: unknown) => {
      const told = update as ToolProgress;
      if ("log" in told) options.emit({ type: "tool_log", data: { ...about, log: told.log } });
      else if (isToolFact(told.fact)) record([told.fact]);
    };
    let settled: Settled;
    try {
      const deadlineMs = call.timeoutMs + executorGraceMs;
      const result = await tools.ask("run", request(call), { deadlineMs, signal, onProgress });
      settled = { kind: "result", result };
    } catch (error) {
      const code = codeOf(error);
      if (signal.aborted || code === "ACTOR_GONE") return [];
      if (code === "ASK_TIMEOUT" || code === "TOOL_TIMEOUT") settled = { kind: "timeout", afterMs: call.timeoutMs };
      else settled = { kind: "failed", failure: { code: code ?? "TOOL_FAILED", message: messageOf(error) } };
    }
    return onToolSettled(call, settled, Date.now() - startedAt);
  }

  async function probe(call: CallState, signal: AbortSignal): Promise<NewEvent[]> {
    try {
      const deadlineMs = call.timeoutMs + executorGraceMs;
      const found = await tools.ask("probe", request(call), { deadlineMs, signal });
      if (signal.aborted) return [];
      if (found.state === "done") return onToolSettled(call, { kind: "result", result: found.result }, 0);
      if (found.state === "not_done") return run(call, signal);
    } catch (error) {
      if (signal.aborted) return [];
      const failures = (probeFailures.get(call.id) ?? 0) + 1;
      probeFailures.set(call.id, failures);
      if (codeOf(error) === "ACTOR_GONE" && failures <= maxProbeFailures) return [];
    }
    return onCallLost(call);
  }

  return { prepare, preview, run, probe };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
