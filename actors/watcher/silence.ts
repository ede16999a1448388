// When a running call has been silent for so long that the user should know: first after five minutes, then each time
// that the silence has doubled. The request says all there is to know, so the answer outlives any restart.
import type { RunningCall, SilentCall } from "./protocol.ts";

const firstMs = 5 * 60_000;

/** The length at which a silence is next worth a word, when it was last spoken of at `reportedMs`. */
function nextWord(reportedMs: number): number {
  if (reportedMs < firstMs) return firstMs;
  return firstMs * 2 ** (Math.floor(Math.log2(reportedMs / firstMs)) + 1);
}

/** Those of the running calls whose silence is due to be reported. */
export function silences(calls: readonly RunningCall[]): SilentCall[] {
  return calls
    .filter((call) => call.silent_ms >= nextWord(call.reported_ms))
    .map(({ tool, tool_call_id, title, silent_ms }) => ({ tool, tool_call_id, title, silent_ms }));
}
