// The driver: carries out what the turn machine asks for and brings back what came of it. It decides nothing itself;
// its only memory is which effects are under way.
import { type ActorRef, codeOf } from "../../runtime/index.ts";
import type { Failure, NewEphemeral, NewEvent } from "../events.ts";
import type { Operation } from "../operations.ts";
import type { ToolsProtocol } from "../tools/protocol.ts";
import type { Guard } from "../watcher/protocol.ts";
import type { Compactor } from "./compaction.ts";
import type { ModelCaller } from "./model-call.ts";
import { type Effect, modelGivenUp, next, type TurnLimits } from "./next.ts";
import { onApprovals, onCallLost, onPrepared, onToolSettled, type Settled } from "./on-calls.ts";
import { onUndo, onUserInput } from "./on-input.ts";
import { onInterrupt } from "./on-interrupt.ts";
import { onCompacted, onCompactFailed, onModelFailed, onReply } from "./on-model.ts";
import { judge, type PolicyScope } from "./policy.ts";
import { type CallState, callOf, type SessionState } from "./state.ts";

export interface DriverOptions {
  /** The state that the fold keeps; `publish` changes it before it returns. */
  state: SessionState;
  /** Writes an event to the journal; `sync` forces it to the disk. */
  publish: (event: NewEvent, sync: boolean) => void;
  emit: (event: NewEphemeral) => void;
  model: ModelCaller;
  compactor: Compactor;
  tools: ActorRef<ToolsProtocol>;
  limits: TurnLimits;
  approval: "ask" | "auto" | "deny";
  policy: PolicyScope;
  newId: () => string;
  /** Ends the actor: the driver met something that it has no answer for. */
  fail: (error: unknown) => void;
}

export interface Driver {
  /** States what an operation means. Throws what the journal throws: then the operation did not happen. */
  operate(operation: Operation): void;
  /** Takes a word of the watcher's; one that comes after the turn's end is passed over. */
  guard(guard: Guard): void;
  /** Has under way what the state says is due. */
  advance(): void;
  /** Takes up work where another driver of this process left it. */
  wake(): void;
  /**
   * Lets go of everything without recording anything. Calls that run are not cancelled: whoever takes the session up
   * attaches to them.
   */
  abandon(): void;
}

/** Time beyond a call's own limit before the driver gives up waiting for its executor, in milliseconds. */
const executorGraceMs = 15_000;
const prepareDeadlineMs = 60_000;
/** Deaths of the executor while it checks the same calls before they are answered without it. */
const maxPrepareFailures = 2;
/** Deaths of the context actor in one compaction before it is given up. */
const maxCompactFailures = 2;
/** Deaths of the executor while it looks for what became of one call. */
const maxProbeFailures = 2;

const ends = new Set<NewEvent["type"]>(["turn_complete", "error", "interrupted", "session_terminated"]);

/** What must be on the disk, not only with the operating system, before what it announces happens. */
function mustSync(event: NewEvent, state: SessionState): boolean {
  if (event.type === "user_message" || ends.has(event.type)) return true;
  if (event.type !== "tool_state_change" || event.data.state !== "running") return false;
  const onCrash = callOf(state, event.data.tool_call_id)?.onCrash;
  return onCrash === "effect" || onCrash === "probe";
}

export function createDriver(options: DriverOptions): Driver {
  const { state } = options;
  const underWay = new Map<string, AbortController>();
  const written = { text: "" };
  let awake = false;
  let prepareFailures = 0;
  let compactFailures = 0;
  const probeFailures = new Map<string, number>();

  function record(events: readonly NewEvent[]): void {
    for (const event of events) options.publish(event, mustSync(event, state));
  }

  function advance(): void {
    while (awake) {
      const step = next(state, underWay, options.limits);
      if ("effects" in step) {
        for (const effect of step.effects) if (!underWay.has(effect.key)) begin(effect);
        return;
      }
      record(step.events);
    }
  }

  /**
   * Has an effect under way until `work` ends. What it returns is recorded, unless the turn was ended meanwhile: then
   * nobody waits for it any more.
   */
  function begin(effect: Effect): void {
    const controller = new AbortController();
    underWay.set(effect.key, controller);
    const finish = (events: readonly NewEvent[]) => {
      if (underWay.get(effect.key) !== controller) return;
      underWay.delete(effect.key);
      record(events);
      advance();
    };
    carryOut(effect, controller.signal).then(finish).catch(options.fail);
  }

  function carryOut(effect: Effect, signal: AbortSignal): Promise<NewEvent[]> {
    switch (effect.kind) {
      case "model":
        return callModel(signal);
      case "compact":
        return compact(effect.trigger, signal);
      case "prepare":
        return prepare(signal);
      case "run":
        return run(effect.call, signal);
      case "probe":
        return probe(effect.call, signal);
    }
  }

  async function callModel(signal: AbortSignal): Promise<NewEvent[]> {
    const turn = state.turn;
    if (turn === null) return [];
    if (modelGivenUp(turn)) return onModelFailed(state, modelLost(turn.modelStarts));
    record([{ type: "llm_started", data: { iteration: turn.replies + 1, model: state.model } }]);
    written.text = "";
    const outcome = await options.model.call(state, signal, written);
    if (signal.aborted) return [];
    if (outcome.kind === "reply") return onReply(state, outcome.reply);
    return outcome.kind === "failed" ? onModelFailed(state, outcome.failure) : [];
  }

  async function compact(trigger: "threshold" | "overflow" | "manual", signal: AbortSignal): Promise<NewEvent[]> {
    const outcome = await options.compactor.compact(state, options.limits.context, signal);
    if (signal.aborted) return [];
    if (outcome.kind === "done") {
      compactFailures = 0;
      return onCompacted(state, outcome.result, trigger);
    }
    if (outcome.kind === "lost" && ++compactFailures <= maxCompactFailures) return [];
    compactFailures = 0;
    return onCompactFailed(
      outcome.kind === "failed" ? outcome.error : "The part of the program that does it died each time.",
    );
  }

  async function prepare(signal: AbortSignal): Promise<NewEvent[]> {
    const calls = state.turn?.unprepared ?? [];
    try {
      const prepared = await options.tools.ask("prepare", { calls }, { deadlineMs: prepareDeadlineMs, signal });
      prepareFailures = 0;
      if (signal.aborted) return [];
      return onPrepared(state, prepared, (call) => judge(call.touches, options.policy), options.approval);
    } catch (error) {
      if (signal.aborted) return [];
      prepareFailures += 1;
      if (codeOf(error) === "ACTOR_GONE" && prepareFailures <= maxPrepareFailures) return [];
      prepareFailures = 0;
      const reason = `The tool executor could not check this call: ${messageOf(error)}`;
      const refused = calls.map(({ id, tool }) => ({ ok: false as const, id, tool, error: reason }));
      return onPrepared(state, refused, () => ({ verdict: "deny", reason }), options.approval);
    }
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
      attempt: call.starts,
      seen: Object.fromEntries(seen),
    };
  }

  async function run(call: CallState, signal: AbortSignal): Promise<NewEvent[]> {
    const change = { tool_call_id: call.id, tool: call.tool, state: "running" as const, attempt: call.starts + 1 };
    record([{ type: "tool_state_change", data: change }]);
    const startedAt = Date.now();
    const onProgress = (update: unknown) => {
      const { log } = update as { log: string };
      options.emit({ type: "tool_log", data: { tool: call.tool, tool_call_id: call.id, log } });
    };
    let settled: Settled;
    try {
      const deadlineMs = call.timeoutMs + executorGraceMs;
      const result = await options.tools.ask("run", request(call), { deadlineMs, signal, onProgress });
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
      const found = await options.tools.ask("probe", request(call), { deadlineMs, signal });
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

  function letGo(): void {
    const controllers = [...underWay.values()];
    underWay.clear();
    for (const controller of controllers) controller.abort();
  }

  function interrupt(reason: "user" | "signal"): void {
    if (state.turn === null) return;
    if (underWay.has("model") && written.text !== "") {
      options.emit({ type: "assistant_stream_end", data: { retracted: false } });
    }
    record(onInterrupt(state, reason, written.text));
    letGo();
    awake = true;
  }

  function resume(): void {
    const turn = state.turn;
    const running = turn?.calls.filter((call) => call.status === "running") ?? [];
    record([
      {
        type: "resume_complete",
        data: {
          restored_count: state.history.length,
          calls_adopted: running.filter((call) => call.onCrash === "adopt").length,
          unfinished_turn: turn !== null || state.queue.length > 0,
        },
      },
    ]);
    awake = true;
  }

  return {
    operate(operation) {
      switch (operation.type) {
        case "user_input":
        case "steer": {
          const via = operation.type === "steer" ? "steer" : "input";
          record(onUserInput(state, operation.text, options.newId(), via));
          awake = true;
          break;
        }
        case "resume":
          resume();
          break;
        case "exec_approval":
          record(onApprovals(state, operation.approvals));
          awake = true;
          break;
        case "interrupt":
          interrupt(operation.reason ?? "user");
          break;
        case "compact":
          record([{ type: "compact_requested", data: {} }]);
          awake = true;
          break;
        case "undo":
          interrupt("user");
          advance();
          record(onUndo(state));
          break;
        case "set_model":
          record([{ type: "model_changed", data: { model: operation.model } }]);
          break;
      }
    },
    guard(guard) {
      if (state.turn === null || guard.turn !== state.turn.number) return;
      record([{ type: "guard_raised", data: { guard } }]);
      advance();
    },
    advance,
    wake() {
      awake = true;
      advance();
    },
    abandon() {
      awake = false;
      underWay.get("model")?.abort();
      underWay.clear();
    },
  };
}

/** What is said of a model call that its caller did not survive. */
function modelLost(attempts: number): Failure & { attempts: number; latencyMs: number } {
  const message = "The part of the program that calls the model died each time that it tried this call.";
  const hint = "The session is saved, so send the message again. log.jsonl in the session's folder says more.";
  return { code: "LLM_LOST", message, hint, attempts, latencyMs: 0 };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
