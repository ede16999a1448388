// The turn machine: what the user says. Like everything that decides here, a function of the state and the input that
// returns the events which state it; the fold then carries them into the state.
import type { NewEvent } from "../../events.ts";
import type { SessionState } from "../state.ts";
import { output } from "./output.ts";

/** Text of the user's arrives. Calls that wait for an approval are given up: the user went on without them. */
export function onUserInput(state: SessionState, text: string, inputId: string, via: "input" | "steer"): NewEvent[] {
  const waiting = state.turn?.calls.filter((call) => call.status === "approval") ?? [];
  const joins = waiting.length > 0 ? "steer" : via;
  return [
    {
      type: "user_message",
      data: { content: text, input_id: inputId, via: joins, queued: state.turn !== null || state.queue.length > 0 },
    },
    ...waiting.flatMap((call): NewEvent[] => [
      { type: "tool_state_change", data: { tool_call_id: call.id, tool: call.tool, state: "abandoned" } },
      output(call, "denied", "Not run: the user sent a new message instead of approving this call.", 0),
    ]),
  ];
}

/** Takes the newest input back out of the queue. */
export function onWithdraw({ queue }: SessionState): NewEvent[] {
  const input = queue.at(-1);
  return input === undefined ? [] : [{ type: "input_withdrawn", data: { input_id: input.inputId } }];
}

/** Takes back the newest turn. */
export function onUndo(state: SessionState): NewEvent[] {
  const inputId = state.marks.at(-1)?.inputId ?? null;
  return [{ type: "undo_complete", data: { turns: inputId === null ? 0 : 1, input_id: inputId } }];
}
