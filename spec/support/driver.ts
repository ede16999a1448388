// The session's real driver, with its turn machine, fold, effects, compactor and model caller, over a journal in memory
// and actors that a spec plays itself. It can be taken up again as another process would, or as after its own death.
import type { NewEvent } from "../../actors/events.ts";
import type { LlmProtocol } from "../../actors/llm/protocol.ts";
import type { Operation } from "../../actors/operations.ts";
import { createDriver, type Driver, type DriverOptions } from "../../actors/session/driver.ts";
import { createCompactor } from "../../actors/session/effects/compaction.ts";
import { createModelCaller } from "../../actors/session/effects/model-call.ts";
import { apply, type JournalEvent } from "../../actors/session/fold/fold.ts";
import { emptyState, type SessionState } from "../../actors/session/state.ts";
import type { TurnLimits } from "../../actors/session/turn/limits.ts";
import { type AnyAsk, type AskName, type Asks, createAsks } from "./asks.ts";
import { allowed, wide } from "./turn.ts";

/** What a spec sets; everything usual otherwise. */
export interface DrivenOptions {
  limits?: Partial<TurnLimits>;
  judge?: DriverOptions["judge"];
}

const usual: TurnLimits = {
  maxIterations: 300,
  parallelTools: 8,
  context: wide,
  fallbackModel: null,
  allowUnknownPrice: false,
};

/**
 * Waits until the driver has done all that it can do by itself. Its work between two answers is nothing but promises,
 * and all of those have run when the loop takes its next turn.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The state that a journal stands for, as another process would fold it. */
export function refold(journal: readonly JournalEvent[]): SessionState {
  const state = emptyState();
  for (const event of journal) apply(state, structuredClone(event));
  return state;
}

/** A session of a model `m` that has just begun. */
export function driven(given: DrivenOptions = {}) {
  const { limits, judge = allowed } = given;
  let onAsk: (ask: AnyAsk) => void = () => {};
  let onEvent: (event: JournalEvent) => void = () => {};
  const asks = createAsks((ask) => onAsk(ask));
  const journal: JournalEvent[] = [];
  /** What a driver put on record after it had let go. */
  const late: JournalEvent[] = [];
  let state = emptyState();
  let ids = 0;
  let drivers = 0;
  let epoch = 0;
  let failure: unknown = null;

  function publish(event: NewEvent): void {
    const record = { ...event, seq: journal.length + 1, ts: 1_000 + journal.length } as JournalEvent;
    // The journal keeps text, and the fold gets the very record, as in the program.
    journal.push(JSON.parse(JSON.stringify(record)));
    apply(state, record);
    onEvent(record);
  }

  function create(): Driver {
    const number = ++drivers;
    const llm = asks.ref<LlmProtocol>("llm", number);
    return createDriver({
      state,
      publish(event) {
        publish(event);
        const record = journal.at(-1);
        if (number !== drivers && record !== undefined) late.push(record);
      },
      emit: () => {},
      sessionId: "s",
      effort: "medium",
      llm,
      summaryModel: null,
      model: createModelCaller({
        llm,
        sessionId: "s",
        preamble: () => ({ system: "", tools: [] }),
        stream: true,
        effort: "medium",
        emit: () => {},
      }),
      compactor: createCompactor({
        context: asks.ref("context", number),
        sessionId: "s",
        model: null,
        effort: "medium",
        jobs: async () => [],
      }),
      tools: asks.ref("tools", number),
      limits: { ...usual, ...limits },
      approval: "ask",
      judge,
      newId: () => `in${++ids}`,
      fail: (error) => {
        failure = error;
      },
    });
  }

  const beginProcess = () => publish({ type: "process_started", data: { epoch: ++epoch, pid: 1 } });
  publish({ type: "session_started", data: { version: 1, cwd: "/w", model: "m", created_by: "spec" } });
  beginProcess();
  let driver = create();

  return {
    asks,
    journal,
    late,
    publish,
    get state() {
      return state;
    },
    /** What the driver had no answer for, or null. */
    get failure() {
      return failure;
    },
    /** How many drivers this history has had: the number of the present one. */
    get drivers() {
      return drivers;
    },
    /** Hears of each request that is made, and of each event when it is in the journal and the state. */
    listen(asked: (ask: AnyAsk) => void, recorded: (event: JournalEvent) => void): void {
      onAsk = asked;
      onEvent = recorded;
    },
    /** The requests of this driver that wait for their answer. */
    waiting: () => asks.open().filter((ask) => ask.driver === drivers),
    types: () => journal.map((event) => event.type),
    /** The newest event of a type. Throws when there is none. */
    last<T extends JournalEvent["type"]>(type: T): Extract<JournalEvent, { type: T }> {
      const found = journal.findLast((event): event is Extract<JournalEvent, { type: T }> => event.type === type);
      if (found === undefined) throw new Error(`no ${type} in the journal`);
      return found;
    },
    /** An operation arrives. */
    async operate(operation: Operation): Promise<void> {
      driver.operate(operation);
      driver.advance();
      await settled();
    },
    /** A word of the watcher's arrives. */
    async guard(guard: Parameters<Driver["guard"]>[0]): Promise<void> {
      driver.guard(guard);
      await settled();
    },
    /** Answers the newest request of a name. */
    async answer<K extends AskName>(name: K, value: Asks[K][1]): Promise<void> {
      (asks.find(name) as { answer(value: Asks[K][1]): void }).answer(value);
      await settled();
    },
    /** Fails the newest request of a name. */
    async fail(name: AskName, code: string, data?: object): Promise<void> {
      asks.find(name).fail(code, data);
      await settled();
    },
    /**
     * Another process takes the session up; nothing is begun before it is told to. The one before it was ended when its
     * newest `unwritten` events were not yet in the journal.
     */
    nextProcess(unwritten = 0): void {
      journal.length -= unwritten;
      asks.forget();
      state = refold(journal);
      driver = create();
      beginProcess();
    },
    /** The driver dies and is started again in the same process; what it had asked for may still be answered. */
    async nextDriver(): Promise<void> {
      driver.abandon();
      state = refold(journal);
      driver = create();
      if (!state.halted) driver.wake();
      await settled();
    },
  };
}

export type Driven = ReturnType<typeof driven>;
