// Commands that the user runs: shown as calls are, and part of no turn.

import { callEnd } from "./call-end.ts";
import { addBlock, openCall, putEnded } from "./draft.ts";
import type { Handlers } from "./handlers.ts";
import { endJob, startJob } from "./jobs.ts";
import { emptyLog } from "./log.ts";

/** What stands in the place of a tool's name. */
export const userTool = "!";

/** Handlers of the events of the user's own commands. */
export const onCommands: Handlers<"user_command" | "user_command_ended" | "user_command_told"> = {
  user_command(draft, { command_id: callId, command }, at) {
    addBlock(
      draft,
      {
        kind: "call",
        callId,
        tool: userTool,
        title: command,
        arguments: { command },
        touches: [{ kind: "run", path: draft.session.cwd }],
        gate: { verdict: "run" },
        status: "running",
        edited: false,
        attempt: 1,
        startedAt: at.ts,
        progress: emptyLog,
        silentMs: 0,
        preview: null,
        result: null,
      },
      at,
    );
    const block = openCall(draft, callId);
    if (block !== undefined) startJob(draft, block, at);
  },
  user_command_ended(draft, { command_id, ...ended }, at) {
    const block = openCall(draft, command_id);
    if (block === undefined) return;
    const output = { ...ended, tool: userTool, tool_call_id: command_id };
    putEnded(draft, callEnd(block, output, at));
    endJob(draft, output, at);
  },
  // It is on the screen already.
  user_command_told() {},
};
