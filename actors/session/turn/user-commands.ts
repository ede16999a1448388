// The turn machine: commands that the user runs. They wait for no turn and none waits for them; what they printed joins
// the conversation before the next model call.
import type { NewEvent } from "../../events.ts";
import type { SessionState, UserCommand } from "../state.ts";
import { defined } from "./defined.ts";
import type { Settled } from "./on-calls.ts";
import type { Effect, UnderWay } from "./step.ts";

/** The commands that are to be under way and are not. */
export function dueCommands({ commands }: SessionState, underWay: UnderWay): Effect[] {
  const due = [...commands.values()].filter(({ id, ended }) => ended === null && !underWay.has(id));
  return due.map((command) => ({ kind: "command", key: command.id, command }));
}

/** The ended command that the model sees next, or null. */
export function commandToTell({ commands }: SessionState): NewEvent | null {
  for (const { id, ended } of commands.values()) {
    if (ended !== null) return { type: "user_command_told", data: { command_id: id } };
  }
  return null;
}

/** A command has come back. */
export function onCommandSettled({ id, command }: UserCommand, settled: Settled, durationMs: number): NewEvent[] {
  const about = { command_id: id, command, duration_ms: durationMs };
  if (settled.kind === "result") {
    const { text, ok, data, outcome, untrusted } = settled.result;
    const how = outcome ?? (ok ? "done" : "failed");
    const rest = defined({ data, untrusted });
    return [{ type: "user_command_ended", data: { ...about, output: text, success: ok, outcome: how, ...rest } }];
  }
  const output =
    settled.kind === "timeout" ? `Stopped after ${Math.round(settled.afterMs / 1000)} s.` : settled.failure.message;
  const outcome = settled.kind === "timeout" ? "timeout" : "failed";
  return [{ type: "user_command_ended", data: { ...about, output, success: false, outcome } }];
}

/** The user stops what they had run. */
export function onCommandsStopped({ commands }: SessionState): NewEvent[] {
  const running = [...commands.values()].filter(({ ended }) => ended === null);
  return running.map(({ id, command }) => ({
    type: "user_command_ended",
    data: {
      command_id: id,
      command,
      output: "(the user stopped it)",
      success: false,
      outcome: "cancelled",
      duration_ms: 0,
    },
  }));
}
