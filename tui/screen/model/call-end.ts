// How a call has ended, as its block shows it.
import type { DurableEvents, Json } from "../../../actors/events.ts";
import { withoutMarks } from "../../text/outside.ts";
import type { CallBlock } from "./blocks.ts";
import { foldText } from "./fold-text.ts";
import type { At } from "./inputs.ts";
import { membersOf, numberIn } from "./json.ts";
import { emptyLog } from "./log.ts";
import type { CallResult } from "./results.ts";

type Output = DurableEvents["tool_output"];

/** The block with its end. */
export function callEnd(block: CallBlock, data: Output, at: At): CallBlock {
  const result = resultOf(cutOff(block, data, at), at);
  return { ...block, status: "done", silentMs: 0, progress: emptyLog, result };
}

/** The result of a call that was cut off says neither how long it ran nor what it had printed: that is known here. */
function cutOff({ startedAt, progress }: CallBlock, data: Output, at: At): Output {
  if (data.outcome !== "cancelled" || startedAt === null || data.duration_ms > 0) return data;
  const printed = [...progress.lines, ...(progress.open === "" ? [] : [progress.open])];
  return { ...data, duration_ms: Math.max(0, at.ts - startedAt), output: [...printed, data.output].join("\n") };
}

function resultOf(data: Output, at: At): CallResult {
  return {
    outcome: data.outcome,
    success: data.success,
    durationMs: data.duration_ms,
    endedAt: at.ts,
    exitCode: numberIn(data.data, "exit_code"),
    output: foldText(data.untrusted === undefined ? data.output : withoutMarks(data.output)),
    costUsd: data.cost_usd ?? null,
    untrusted: data.untrusted ?? null,
    change: changeIn(data.data),
    images: data.images?.length ?? 0,
  };
}

function changeIn(data: Json | undefined): CallResult["change"] {
  const { path, added, removed } = membersOf(data);
  if (typeof path !== "string" || added === undefined || removed === undefined) return null;
  return { path, added: numberIn(data, "added"), removed: numberIn(data, "removed") };
}
