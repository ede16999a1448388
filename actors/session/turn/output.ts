// The one terminal event of a call.
import type { DurableEvents, NewEvent } from "../../events.ts";

type Outcome = DurableEvents["tool_output"]["outcome"];

/** States how a call ended; `text` is what the model reads. */
export function output(
  call: { id: string; tool: string },
  outcome: Outcome,
  text: string,
  durationMs: number,
  rest: Partial<Pick<DurableEvents["tool_output"], "data" | "files" | "images" | "cost_usd" | "untrusted">> = {},
): NewEvent {
  return {
    type: "tool_output",
    data: {
      tool: call.tool,
      tool_call_id: call.id,
      output: text,
      success: outcome === "done",
      outcome,
      duration_ms: durationMs,
      ...rest,
    },
  };
}
