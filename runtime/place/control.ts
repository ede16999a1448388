// The control port of a host: comlink, from the system to the host only, and never a call without an end.

import { createRequire } from "node:module";
import type { EncodedError } from "../actor/codec.ts";
import { RuntimeError } from "../actor/errors.ts";
import { gone } from "../actor/failures.ts";
import type { Birth } from "../actor/incarnation.ts";
import type { ActorId } from "../actor/types.ts";

/** What a host does when the system asks. */
export interface HostControl {
  /** Starts an actor from its module. */
  start(birth: Birth, entry: string): Promise<{ ok: true } | { ok: false; error: EncodedError }>;
  /** Ends an actor in good order; false when it took longer than `limitMs`. */
  stop(id: ActorId, limitMs: number): Promise<boolean>;
  stats(): HostStats | Promise<HostStats>;
}

/** What a host says about itself. */
export interface HostStats {
  heapBytes: number;
  actors: { id: ActorId; waiting: number; inHand: number }[];
}

/** As much of a message port as comlink uses. */
export interface ControlEndpoint {
  postMessage(message: unknown): void;
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void;
  removeEventListener(type: string, listener: (event: { data: unknown }) => void): void;
}

/** Makes an endpoint of anything that sends values and emits the ones it receives. */
export function controlEndpoint(
  post: (message: unknown) => void,
  listen: (listener: (message: unknown) => void) => () => void,
): ControlEndpoint {
  const stops = new Map<unknown, () => void>();
  return {
    postMessage: post,
    addEventListener(_type, listener) {
      stops.set(
        listener,
        listen((data) => listener({ data })),
      );
    },
    removeEventListener(_type, listener) {
      stops.get(listener)?.();
      stops.delete(listener);
    },
  };
}

type Comlink = typeof import("comlink");

/** Loaded on first use; required, as importing a CommonJS module takes several milliseconds longer. */
function comlink(): Comlink {
  return createRequire(import.meta.url)("comlink") as Comlink;
}

/** The host's control, as the system calls it. Calls must be guarded: to a dead host they never settle. */
export function wrapControl(endpoint: ControlEndpoint): HostControl {
  const remote = comlink().wrap<HostControl>(endpoint as never);
  // A remote takes any property for a call, `then` included, so it must not be what a promise resolves with.
  return {
    start: async (birth, entry) => remote.start(birth, entry),
    stop: async (id, limitMs) => remote.stop(id, limitMs),
    stats: async () => remote.stats(),
  };
}

/** Lets the system call a host's control. */
export function exposeControl(control: HostControl, endpoint: ControlEndpoint): void {
  comlink().expose(control, endpoint as never);
}

/**
 * Ends a call in time: rejects with `ACTOR_GONE` when the host exits and with `ASK_TIMEOUT` after `limitMs`.
 */
export async function guarded<T>(
  call: Promise<T>,
  host: string,
  exited: Promise<unknown>,
  limitMs: number,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const message = `The host "${host}" did not answer within ${limitMs} ms.`;
    timer = setTimeout(() => reject(new RuntimeError("ASK_TIMEOUT", message)), limitMs);
  });
  const dead = exited.then((): never => {
    throw gone(host, "normal");
  });
  try {
    return await Promise.race([call, late, dead]);
  } finally {
    clearTimeout(timer);
  }
}
