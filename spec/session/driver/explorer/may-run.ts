// Whether a call may be run now, as the journal tells it: checked, allowed, shown to a person as it is, and not over.
import { isDeepStrictEqual } from "node:util";
import type { JournalEvent } from "../../../../actors/session/fold/fold.ts";
import type { RunRequest } from "../../../../actors/tools/protocol.ts";
import { planOf } from "./calls.ts";
import { type Broken, isAbout } from "./invariants.ts";

type EventOf<T extends JournalEvent["type"]> = Extract<JournalEvent, { type: T }>;

function isState(event: JournalEvent, state: EventOf<"tool_state_change">["data"]["state"]): boolean {
  return event.type === "tool_state_change" && event.data.state === state;
}

/** What the world knows of calls besides the journal. */
export interface Witness {
  /** How often each was run, by any process. */
  runs: ReadonlyMap<string, number>;
  /** Those that a person refused. */
  refused: ReadonlySet<string>;
}

export function mayRun(journal: readonly JournalEvent[], request: RunRequest, { runs, refused }: Witness): Broken {
  const { id, arguments: args } = request;
  if (journal.some((event) => event.type === "user_command" && event.data.command_id === id)) {
    const isOver = journal.some((event) => event.type === "user_command_ended" && event.data.command_id === id);
    return isOver ? "a command of the user's that is over does not run" : null;
  }
  const events = journal.filter((event) => isAbout(event, id));
  const at = events.findLastIndex((event) => event.type === "tool_call");
  const record = events[at];
  if (record?.type !== "tool_call") return "a call runs that is on record";
  const since = events.slice(at);
  if (events.some((event) => event.type === "tool_output")) return "a call that is over does not run";
  if (!isDeepStrictEqual(record.data.arguments, args)) return "a call runs as it is on record";
  if (record.data.gate.verdict === "refused") return "a call that was refused does not run";
  if (planOf(args).kind === "denied") return "a call that the policy denies does not run";
  // A refusal whose end of the call was lost with the process is asked for again.
  const word = events.findLast((event) => isState(event, "rejected") || isState(event, "approved"));
  const isRefused = word !== undefined && isState(word, "rejected");
  if (refused.has(id) || isRefused) return "a call that a person refused does not run";
  if (since.findLast((event) => event.type === "tool_state_change") === undefined) return "a start is on record first";
  if (!isState(since.at(-1) ?? record, "running")) return "a start is on record before it happens";
  if (record.data.on_crash === "effect" && (runs.get(id) ?? 0) > 0)
    return "a call that may have had an effect is not repeated";
  return record.data.gate.verdict === "ask" ? wasApproved(since, request) : null;
}

/** A person has seen the call as it is and approved it then. */
function wasApproved(since: readonly JournalEvent[], { id, arguments: args }: RunRequest): Broken {
  const shownAt = since.findIndex((event) => event.type === "approval_required");
  const shown = since[shownAt];
  if (shown?.type !== "approval_required") return "a call that is asked for was shown";
  const tool = shown.data.tools.find((one) => one.tool_call_id === id);
  if (!isDeepStrictEqual(tool?.arguments, args)) return "a call runs as it was shown";
  const isApproved = since.slice(shownAt).some((event) => isState(event, "approved"));
  return isApproved ? null : "a call that is asked for runs when it was approved";
}
