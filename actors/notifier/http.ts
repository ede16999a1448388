// What HTTP itself says about a request that failed, the same for every service.
import { retryAfterOf } from "../http/wait.ts";
import { type Failed, GatewayError } from "./errors.ts";

/** What a status other than success means. `host` is named to people; the rest of an address may be a secret. */
export function failedWith(host: string, status: number, retryAfter: string | null): Failed {
  if (status === 429) {
    const retryAfterMs = retryAfterOf(new Headers({ "retry-after": retryAfter ?? "" }), Date.now());
    return {
      code: "NOTIFY_RATE_LIMITED",
      message: `${host} limits the rate of messages (429).`,
      hint: "Send less often.",
      isRetriable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (status >= 500) {
    return { code: "NOTIFY_SERVER_ERROR", message: `${host} failed (${status}).`, isRetriable: true };
  }
  if (status === 401 || status === 403) {
    return {
      code: status === 401 ? "NOTIFY_UNAUTHORIZED" : "NOTIFY_FORBIDDEN",
      message: `${host} does not accept the token (${status}).`,
      hint: "Check the token of this destination in the configuration.",
      isRetriable: false,
    };
  }
  return {
    code: "NOTIFY_REFUSED",
    message: `${host} refused the message (${status}).`,
    hint: "Check the address of this destination in the configuration.",
    isRetriable: false,
  };
}

/** What a request that got no answer means. */
export function unreached(host: string, error: unknown): Failed {
  if (error instanceof Error && error.name === "TimeoutError") {
    return { code: "NOTIFY_TIMEOUT", message: `${host} did not answer in time.`, isRetriable: true };
  }
  return {
    code: "NOTIFY_UNREACHABLE",
    message: `${host} cannot be reached${reasonOf(error)}.`,
    hint: "Check the network, and the address of this destination in the configuration.",
    isRetriable: true,
  };
}

/** Throws what a gateway throws for a failure. */
export function fail(failed: Failed): never {
  throw new GatewayError(failed);
}

/** The system's code behind a failed fetch, for example `ECONNREFUSED`; its messages may hold the address. */
function reasonOf(error: unknown): string {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if ("code" in inner && typeof inner.code === "string" && /^E[A-Z_]+$/.test(inner.code)) return ` (${inner.code})`;
  }
  return "";
}
