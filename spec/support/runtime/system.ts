// Systems for the specs: started in one line, with everything that they do on record.
import {
  type ActorRef,
  type AnyChildSpec,
  createSystem,
  type Inspection,
  type Place,
  type Supervisor,
  type SupervisorOptions,
  type System,
  type SystemOptions,
} from "../../../runtime/index.ts";
import type { ProbeArgs, ProbeProtocol } from "./probe-protocol.ts";

export const places = ["loop", "thread", "process"] as const;

/** Supervision that restarts at once and often. */
export const eager: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 20,
  periodMs: 10_000,
  backoff: { minMs: 1, maxMs: 5, jitter: 0, resetAfterMs: 60_000 },
};

export const soon = { deadlineMs: 10_000 };

/** A bundled module beside this one. */
export function moduleUrl(name: string): URL {
  return new URL(`./${name}.js`, import.meta.url);
}

/** The child spec of a probe. */
export function probe(id: string, at: Place["at"] | Place, more: Partial<AnyChildSpec> = {}): AnyChildSpec {
  const args: ProbeArgs = { label: id };
  const place = typeof at === "string" ? { at } : at;
  return { id, entry: moduleUrl("runtime-probe").href, args, place, restart: "permanent", shutdown: 1_000, ...more };
}

export interface Recorded {
  system: System;
  supervisor: Supervisor;
  seen: Inspection[];
  ref(id: string): ActorRef<ProbeProtocol>;
  /** The observations of a kind. */
  of<K extends Inspection["kind"]>(kind: K): Extract<Inspection, { kind: K }>[];
}

const running = new Set<System>();

/** Starts a system with these children. */
export async function startSystem(
  children: readonly AnyChildSpec[],
  supervision: Partial<SupervisorOptions> = {},
  options: Partial<SystemOptions> = {},
): Promise<Recorded> {
  const seen: Inspection[] = [];
  const system = createSystem({
    hostEntry: moduleUrl("host"),
    tap: (observation) => seen.push(observation),
    ...options,
  });
  running.add(system);
  const supervisor = await system.supervise("spec", children, { ...eager, ...supervision });
  return {
    system,
    supervisor,
    seen,
    ref: (id) => system.ref<ProbeProtocol>(id),
    of: <K extends Inspection["kind"]>(kind: K) =>
      seen.filter((one): one is Extract<Inspection, { kind: K }> => one.kind === kind),
  };
}

/** Stops what a spec has started. */
export async function stopSystems(): Promise<void> {
  const all = [...running];
  running.clear();
  await Promise.all(all.map((system) => system.stop()));
}

/** Makes an actor busy; resolves when it is, with the function that releases it. */
export function keepBusy(ref: ActorRef<ProbeProtocol>): Promise<() => void> {
  const release = new AbortController();
  return new Promise((resolve, reject) => {
    const onProgress = () => resolve(() => release.abort());
    ref.ask("hold", null, { ...soon, signal: release.signal, onProgress }).catch(reject);
  });
}

/** Waits until something holds; fails after ten seconds. */
export async function until(condition: () => boolean | Promise<boolean>, what = "the condition"): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`${what} did not come about in time`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** What a promise rejects with; fails when it does not. */
export async function rejection(promise: Promise<unknown>): Promise<Error & Record<string, unknown>> {
  try {
    await promise;
  } catch (error) {
    return error as Error & Record<string, unknown>;
  }
  throw new Error("The promise was fulfilled, but it should have been rejected.");
}
