// Notices running calls of which nothing is heard. The output of a call can come ten thousand times a second, so who
// spoke when is kept here, on the loop where it passes by; the watcher only judges, and only when there is a silence.
import type { ActorRef, BusEvent } from "../../runtime/index.ts";
import type { DurableEvents, EphemeralEvents } from "../events.ts";
import { callOf } from "../session/state.ts";
import type { RunningCall, SilentCall, WatcherProtocol } from "../watcher/protocol.ts";
import type { Store } from "./store.ts";

/** Time that passes evenly and does not count while the machine sleeps; in milliseconds. */
export interface Clock {
  now(): number;
  /** Calls `run` once after a delay, unless what is returned is called before. Does not keep the process alive. */
  after(delayMs: number, run: () => void): () => void;
}

/** The clock of this process. */
export const processClock: Clock = {
  now: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** How often silent calls are looked at, and the least silence for which the watcher is woken. */
const lookMs = 60_000;
const judgeDeadlineMs = 30_000;

interface Heard {
  tool: string;
  title: string;
  /** When the call started or was last heard of. */
  at: number;
  /** Length of the present silence when it was last reported; 0 when it was not. */
  reportedMs: number;
}

/** Emits `call_silent` for calls that run on without a sign of life, until the session is shut down. */
export function reportSilence(watcher: ActorRef<WatcherProtocol>, store: Store, clock: Clock): void {
  const running = new Map<string, Heard>();
  let callOff: (() => void) | null = null;

  function onState({ tool_call_id: id, tool, state }: DurableEvents["tool_state_change"]): void {
    if (state !== "running") return;
    const title = callOf(store.state, id)?.title ?? tool;
    running.set(id, { tool, title, at: clock.now(), reportedMs: 0 });
    callOff ??= clock.after(lookMs, look);
  }

  function onLog({ tool_call_id: id }: EphemeralEvents["tool_log"]): void {
    const heard = id === null ? undefined : running.get(id);
    if (heard === undefined) return;
    heard.at = clock.now();
    heard.reportedMs = 0;
  }

  function rest(): void {
    callOff?.();
    callOff = null;
  }

  function look(): void {
    callOff = clock.after(lookMs, look);
    const now = clock.now();
    const silent: RunningCall[] = [];
    for (const [id, { tool, title, at, reportedMs }] of running) {
      // A timer may fire a fraction early.
      const silentMs = Math.ceil(now - at);
      if (silentMs < lookMs) continue;
      silent.push({ tool, tool_call_id: id, title, silent_ms: silentMs, reported_ms: reportedMs });
    }
    if (silent.length === 0) return;
    // A watcher that dies over it is asked again at the next look.
    watcher.ask("silent", silent, { deadlineMs: judgeDeadlineMs }).then(report, () => undefined);
  }

  function report(calls: readonly SilentCall[]): void {
    for (const call of calls) {
      const heard = running.get(call.tool_call_id);
      // It has ended or spoken since.
      if (heard === undefined || Math.ceil(clock.now() - heard.at) < call.silent_ms) continue;
      heard.reportedMs = call.silent_ms;
      store.emit({ type: "call_silent", data: call });
    }
  }

  store.bus.tap(({ type, data }: BusEvent) => {
    if (type === "tool_log") onLog(data as EphemeralEvents["tool_log"]);
    else if (type === "tool_state_change") onState(data as DurableEvents["tool_state_change"]);
    else if (type === "tool_output") {
      running.delete((data as DurableEvents["tool_output"]).tool_call_id);
      if (running.size === 0) rest();
    } else if (type === "shutdown") {
      running.clear();
      rest();
    }
  });
}
