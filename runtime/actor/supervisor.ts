// Supervision as in Erlang/OTP: which children are started again after an end, when, and when to give up.
import { countRestart, restartDelay } from "./backoff.ts";
import type { ActorId, AnyChildSpec, ExitReason, SupervisorOptions, Tap } from "./types.ts";

/** A child as its supervisor handles it. All calls are safe in any state. */
export interface Child {
  readonly spec: AnyChildSpec;
  readonly epoch: number;
  start(): void;
  /** Ends it in good order; messages for it wait from then on. Never rejects. */
  stop(): Promise<void>;
  /** It will not come back: whoever waits for it is told. */
  discard(): void;
}

/** The end of a child that nobody asked for. */
export interface ChildExit {
  child: Child;
  reason: ExitReason;
  error: Error;
}

/** Why a supervisor gave up. */
export interface Escalation {
  actor: ActorId;
  reason: ExitReason;
  error: Error;
}

/** A running supervisor. */
export interface Supervisor {
  readonly name: string;
  /** Resolves when the supervisor gave up: too many restarts, or a child that cannot be started. */
  readonly escalated: Promise<Escalation>;
  /** Stops the children in reverse order, each within its own limit. */
  stop(): Promise<void>;
}

/** The supervisor as the system drives it. */
export interface SupervisorCore extends Supervisor {
  launch(): void;
  /** A child is up. */
  started(child: Child): void;
  /** Children ended together, by one cause: that counts as one failure. */
  exited(exits: readonly ChildExit[]): void;
}

/** Start failures in a row after which a child counts as not startable. */
const maxBootFailures = 2;

interface Record {
  upSince: number | null;
  failures: number;
  bootFailures: number;
}

/** Creates a supervisor of children in their start order. */
export function createSupervisor(
  name: string,
  children: readonly Child[],
  options: SupervisorOptions,
  observe: Tap,
): SupervisorCore {
  const records = new Map<Child, Record>();
  const timers = new Set<NodeJS.Timeout>();
  let restarts: number[] = [];
  /** With `rest_for_one`: the first child of the restart under way, and which restart that is. */
  let restartingFrom = Number.POSITIVE_INFINITY;
  let round = 0;
  let ending: Promise<void> | null = null;
  let resolveEscalated: (escalation: Escalation) => void = () => undefined;
  const escalated = new Promise<Escalation>((resolve) => {
    resolveEscalated = resolve;
  });

  function recordOf(child: Child): Record {
    let record = records.get(child);
    if (record === undefined) {
      record = { upSince: null, failures: 0, bootFailures: 0 };
      records.set(child, record);
    }
    return record;
  }

  function noteFailure(exit: ChildExit): void {
    const record = recordOf(exit.child);
    const livedMs = record.upSince === null ? 0 : performance.now() - record.upSince;
    record.failures = livedMs >= options.backoff.resetAfterMs ? 1 : record.failures + 1;
    record.bootFailures = exit.reason === "boot" ? record.bootFailures + 1 : 0;
    record.upSince = null;
  }

  function exited(exits: readonly ChildExit[]): void {
    if (ending !== null) return;
    const failed = exits.filter(({ child, reason }) => returns(child.spec, reason) || discard(child));
    const [first] = failed;
    if (first === undefined) return;
    for (const exit of failed) noteFailure(exit);
    const hopeless = failed.find(({ child }) => recordOf(child).bootFailures >= maxBootFailures);
    restarts = countRestart(restarts, performance.now(), options.periodMs);
    if (hopeless !== undefined || restarts.length > options.intensity) {
      escalate(hopeless ?? first);
      return;
    }
    if (options.strategy === "one_for_one") for (const exit of failed) restartOne(exit);
    else restartRest(failed);
  }

  function discard(child: Child): false {
    child.discard();
    return false;
  }

  function announce(exit: ChildExit): number {
    const delayMs = restartDelay(options.backoff, recordOf(exit.child).failures, Math.random());
    const { child, reason } = exit;
    observe({ kind: "restarting", actor: child.spec.id, epoch: child.epoch + 1, delayMs, reason });
    return delayMs;
  }

  function restartOne(exit: ChildExit): void {
    after(announce(exit), () => exit.child.start());
  }

  /** Stops what was started after the failed child, in reverse order, and starts all of them again in order. */
  function restartRest(exits: readonly ChildExit[]): void {
    const first = exits.reduce((a, b) => (children.indexOf(b.child) < children.indexOf(a.child) ? b : a));
    const index = children.indexOf(first.child);
    const delayMs = announce(first);
    if (index >= restartingFrom) return;
    restartingFrom = index;
    const mine = ++round;
    const stopped = stopAll(children.slice(index + 1));
    after(delayMs, async () => {
      await stopped;
      if (mine !== round || ending !== null) return;
      restartingFrom = Number.POSITIVE_INFINITY;
      for (const child of children.slice(index)) {
        if (child === first.child || child.spec.restart !== "temporary") child.start();
        else child.discard();
      }
    });
  }

  function after(delayMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      timers.delete(timer);
      run();
    }, delayMs);
    timers.add(timer);
  }

  function escalate(exit: ChildExit): void {
    observe({ kind: "escalated", supervisor: name, actor: exit.child.spec.id, reason: exit.reason });
    resolveEscalated({ actor: exit.child.spec.id, reason: exit.reason, error: exit.error });
    void stop();
  }

  function stop(): Promise<void> {
    ending ??= stopAll(children).then(() => {
      for (const child of children) child.discard();
    });
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
    return ending;
  }

  return {
    name,
    escalated,
    stop,
    exited,
    launch() {
      for (const child of children) child.start();
    },
    started(child) {
      const record = recordOf(child);
      record.upSince = performance.now();
      record.bootFailures = 0;
    },
  };
}

/** Whether a child comes back after an end. */
function returns(spec: AnyChildSpec, reason: ExitReason): boolean {
  return spec.restart === "permanent" || (spec.restart === "transient" && reason !== "normal");
}

/** Stops children in reverse order, one after another. */
async function stopAll(children: readonly Child[]): Promise<void> {
  // One that is asleep is stopped as well: what the end of another leads to must not wake it.
  for (const child of children.toReversed()) await child.stop();
}
