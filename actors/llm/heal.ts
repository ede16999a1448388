// One attempt at a server that may not know all of what it is asked for: a refusal that teaches something is followed by
// a request without what was refused.
import { toLlmError } from "./sdk-error.ts";
import type { Service } from "./service.ts";

/** Refusals that one attempt may learn from: all efforts and a few more, so that a server which refuses everything ends it. */
const mostHealings = 10;

/**
 * Sends until a request goes through or a refusal teaches nothing. `learn` tells whether the next request would be a
 * different one. Throws an `LlmError`, or the signal's reason when that fired.
 */
export async function sendHealed<T>(
  service: Service,
  signal: AbortSignal,
  send: () => Promise<T>,
  learn: (refusal: unknown) => boolean,
): Promise<T> {
  for (let healings = 0; ; healings++) {
    try {
      return await send();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (healings >= mostHealings || !learn(error)) throw toLlmError(service, error);
    }
  }
}
