// The driver: has under way what the turn machine asks for and puts on record what came of it. It decides nothing
// itself; its only memory is which effects are under way.
import type { CompactTrigger, NewEvent } from "../events.ts";
import type { McpOffer } from "../mcp/protocol.ts";
import type { Operation } from "../operations.ts";
import type { Guard } from "../watcher/protocol.ts";
import { createEffects, type EffectOptions } from "./effects/effects.ts";
import { callOf, type SessionState } from "./state.ts";
import { next } from "./turn/next.ts";
import { onUndo } from "./turn/on-input.ts";
import { onInterrupt } from "./turn/on-interrupt.ts";
import { onCompactStopped, onTryStopped } from "./turn/on-model.ts";
import { onOperation, wakes } from "./turn/on-operation.ts";
import { onToolsFound } from "./turn/on-tools.ts";
import type { Effect } from "./turn/step.ts";
import { dueCommands, onCommandsStopped } from "./turn/user-commands.ts";

export interface DriverOptions extends EffectOptions {
  /** Writes an event to the journal; `sync` forces it to the disk. The fold changes `state` before it returns. */
  publish: (event: NewEvent, sync: boolean) => void;
  newId: () => string;
  /** Ends the actor: the driver met something that it has no answer for. */
  fail: (error: unknown) => void;
}

export interface Driver {
  /** States what an operation means. Throws what the journal throws: then the operation did not happen. */
  operate(operation: Operation): void;
  /** Takes a word of the watcher's; one that comes after the turn's end is passed over. */
  guard(guard: Guard): void;
  /** Puts on record what MCP servers offer, where that is something else, and passes on what people should hear. */
  tools(offer: McpOffer): void;
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

const ends = new Set<NewEvent["type"]>(["turn_complete", "error", "interrupted", "session_terminated"]);
/** What goes on when a turn is ended: it is not part of it. */
const besideTurns = new Set<Effect["kind"]>(["facts", "try", "command"]);
/** What lives on without a driver, and is attached to by the next one. */
const outliving = new Set<Effect["kind"]>(["run", "command"]);

/** What must be on the disk, not only with the operating system, before what it announces happens. */
function mustSync(event: NewEvent, state: SessionState): boolean {
  if (event.type === "user_message" || ends.has(event.type)) return true;
  if (event.type !== "tool_state_change" || event.data.state !== "running") return false;
  const onCrash = callOf(state, event.data.tool_call_id)?.onCrash;
  return onCrash === "effect" || onCrash === "probe";
}

export function createDriver(options: DriverOptions): Driver {
  const { state } = options;
  const underWay = new Map<string, { effect: Effect; controller: AbortController }>();
  const written = { text: "" };
  let awake = false;
  const life = new AbortController();
  const carryOut = createEffects(options, record, written, life.signal);

  function record(events: readonly NewEvent[]): void {
    for (const event of events) options.publish(event, mustSync(event, state));
  }

  function advance(): void {
    // The user's own commands are part of no turn, so they go on also while one lies as it was cut off.
    for (const effect of dueCommands(state, underWay)) begin(effect);
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
    underWay.set(effect.key, { effect, controller });
    const finish = (events: readonly NewEvent[]) => {
      if (underWay.get(effect.key)?.controller !== controller) return;
      underWay.delete(effect.key);
      record(events);
      advance();
    };
    carryOut(effect, controller.signal).then(finish).catch(options.fail);
  }

  /** Whoever works on it need not go on: nobody waits for it any more. */
  function letGo(key: string): void {
    const letting = underWay.get(key);
    underWay.delete(key);
    letting?.controller.abort();
  }

  function isCompacting(trigger: CompactTrigger): boolean {
    const effect = underWay.get("compact")?.effect;
    return effect?.kind === "compact" && effect.trigger === trigger;
  }

  function interrupt(reason: "user" | "signal"): void {
    if (state.turn === null) {
      stopAtRest();
      return;
    }
    if (underWay.has("model") && written.text !== "") {
      options.emit({ type: "assistant_stream_end", data: { retracted: false } });
    }
    record(onInterrupt(state, reason, written.text));
    const isBeside = ({ kind }: Effect) => besideTurns.has(kind) || (kind === "compact" && isCompacting("switch"));
    for (const [key, { effect }] of [...underWay]) if (!isBeside(effect)) letGo(key);
    awake = true;
  }

  /** Stops what the user has begun without a turn. */
  function stopAtRest(): void {
    if (isCompacting("manual")) {
      letGo("compact");
      record(onCompactStopped(state));
      return;
    }
    const stopped = onCommandsStopped(state);
    for (const id of state.commands.keys()) letGo(id);
    record(stopped);
  }

  /** Gives up the model that is being tried, with what was made shorter for it. */
  function stopTrying(): void {
    letGo("try");
    if (isCompacting("switch")) letGo("compact");
    record(onTryStopped(state));
  }

  function operate(operation: Operation): void {
    switch (operation.type) {
      case "interrupt": {
        const { reason = "user" } = operation;
        // A turn is what is stopped first; where none runs, a model that is being tried is what the user waits for.
        const waitsForModel = state.turn === null && state.wanted !== null && !isCompacting("manual");
        if (waitsForModel && reason === "user") stopTrying();
        else interrupt(reason);
        return;
      }
      case "undo": {
        const inTurn = state.turn !== null;
        if (inTurn || isCompacting("manual")) interrupt("user");
        // In an idle session what waits in the queue must not begin before the newest turn is taken back.
        if (inTurn) advance();
        // It is at work on a conversation that will not be there any more.
        letGo("compact");
        record(onUndo(state));
        return;
      }
      default: {
        if (operation.type === "set_model") letGo("try");
        const willWake = wakes(state, operation);
        record(onOperation(state, operation, options.newId));
        awake ||= willWake;
      }
    }
  }

  return {
    operate,
    guard(guard) {
      if (state.turn === null || guard.turn !== state.turn.number) return;
      record([{ type: "guard_raised", data: { guard } }]);
      advance();
    },
    tools({ tools, notices }) {
      record(onToolsFound(state, tools));
      for (const log of notices) options.emit({ type: "tool_log", data: { tool: "system", tool_call_id: null, log } });
    },
    advance,
    wake() {
      awake = true;
      advance();
    },
    abandon() {
      awake = false;
      life.abort();
      for (const { effect, controller } of underWay.values()) if (!outliving.has(effect.kind)) controller.abort();
      underWay.clear();
    },
  };
}
