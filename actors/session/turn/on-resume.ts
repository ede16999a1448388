// The turn machine: a session is taken up again by a new process.
import type { NewEvent } from "../../events.ts";
import type { SessionState } from "../state.ts";

/** States what the new process found. */
export function onResume(state: SessionState): NewEvent[] {
  const running = state.turn?.calls.filter((call) => call.status === "running") ?? [];
  return [
    {
      type: "resume_complete",
      data: {
        restored_count: state.history.length,
        calls_adopted: running.filter((call) => call.onCrash === "adopt").length,
        unfinished_turn: state.turn !== null || state.queue.length > 0,
      },
    },
  ];
}
