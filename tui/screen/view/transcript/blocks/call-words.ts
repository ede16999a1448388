// A call of a tool on one line: how it stands, which tool, what for, and what came of it.
import { oneLine } from "../../../../text/neutralise.ts";
import type { Row, Span, StyleId } from "../../../cells/types.ts";
import type { CallBlock } from "../../../model/blocks.ts";
import { callMs } from "../../../model/select.ts";
import { count, duration, money } from "../../../text/words.ts";
import { turning } from "../../marks.ts";
import { type Setting, twoEnded } from "../laid.ts";

type Outcome = NonNullable<CallBlock["result"]>["outcome"];

const outcomes: Record<Outcome, string> = {
  done: "",
  failed: "failed",
  denied: "not approved",
  forbidden: "forbidden",
  invalid: "invalid",
  over_budget: "over budget",
  cancelled: "cancelled",
  timeout: "timed out",
  unknown: "may have happened",
};

const statuses: Record<CallBlock["status"], string> = {
  asking: "will ask",
  approval: "needs approval",
  edited: "edited",
  waiting: "waits",
  running: "",
  cancelling: "cancelling",
  refused: "refused",
  rejected: "rejected",
  done: "",
  lost: "nobody knows how it ended",
};

/** Whether the line shows time that passes. */
export function isMoving({ status, result }: CallBlock): boolean {
  return result === null && (status === "running" || status === "cancelling");
}

/** The line of a call at a time, milliseconds since 1970. */
export function callLine(call: CallBlock, setting: Setting, now: number): Row {
  const { look, marks, open, width } = setting;
  const { theme } = look;
  const { sign, style } = signOf(call, setting, now);
  const title = oneLine(call.title, 300);
  const left: Span[] = [
    { text: `${open ? marks.open : marks.folded} `, style: theme.dim },
    { text: `${sign} `, style },
    { text: oneLine(call.tool, 60), style: theme.strong },
    { text: title === "" ? "" : `  ${title}`, style: theme.text },
  ];
  return twoEnded(left, factsOf(call, setting, now), width);
}

function signOf(call: CallBlock, { look, marks }: Setting, now: number): { sign: string; style: StyleId } {
  const { theme } = look;
  if (isMoving(call)) return { sign: turning(marks, now), style: theme.accent };
  switch (call.result?.outcome ?? call.status) {
    case "done":
      return { sign: marks.ok, style: theme.ok };
    case "asking":
    case "approval":
      return { sign: marks.asks, style: theme.warn };
    case "edited":
    case "waiting":
      return { sign: marks.waits, style: theme.dim };
    case "denied":
    case "refused":
    case "rejected":
    case "cancelled":
      return { sign: marks.stopped, style: theme.warn };
    case "unknown":
    case "lost":
      return { sign: marks.unknown, style: theme.warn };
    default:
      return { sign: marks.failed, style: theme.error };
  }
}

function factsOf(call: CallBlock, { look }: Setting, now: number): Span[] {
  const { theme } = look;
  const { result } = call;
  const facts: Span[] = [];
  const say = (text: string, style: StyleId): void => {
    if (text === "") return;
    facts.push({ text: facts.length === 0 ? text : `  ${text}`, style });
  };
  const wentWell = result === null || result.outcome === "done";
  const word = result === null ? statuses[call.status] : outcomes[result.outcome];
  say(word, wentWell ? theme.warn : theme.error);
  if (call.edited && call.status !== "edited") say("edited", theme.dim);
  if (call.attempt > 1) say(`start ${call.attempt}`, theme.warn);
  if (result !== null) {
    if (result.exitCode !== null && result.exitCode !== 0) say(`exit ${result.exitCode}`, theme.error);
    const { change, output, images } = result;
    if (change !== null && change.added !== null) say(`+${count(change.added)}`, theme.added);
    if (change !== null && change.removed !== null) say(`-${count(change.removed)}`, theme.removed);
    const lines = output.head.length + output.tail.length + output.hidden;
    if (change === null && lines > 1) say(`${count(lines)} lines`, theme.dim);
    if (images > 0) say(images === 1 ? "1 image" : `${images} images`, theme.dim);
    if (result.costUsd !== null) say(money(result.costUsd), theme.dim);
  } else if (call.silentMs > 0) say(`silent ${duration(call.silentMs)}`, theme.warn);
  const ms = callMs(call, now);
  if (ms !== null) say(duration(ms), theme.dim);
  return facts;
}
