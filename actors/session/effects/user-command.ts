// The effect of a command that the user runs: a call of `bash` like the model's own, in the same place and with the same
// walls, that nobody has to approve since the user wrote it.
import { codeOf } from "../../../runtime/errors.ts";
import type { NewEvent } from "../../events.ts";
import type { ToolProgress } from "../../tools/protocol.ts";
import type { UserCommand } from "../state.ts";
import type { Settled } from "../turn/on-calls.ts";
import { onCommandSettled } from "../turn/user-commands.ts";
import type { EffectOptions } from "./effects.ts";

const tool = "bash";
/** As long as `bash` lets anything run, in seconds: the user sees it and can stop it. */
const mostSeconds = 36_000;
const prepareDeadlineMs = 60_000;
/** Time beyond the command's own limit before it is given up. */
const graceMs = 15_000;
/** Deaths of the executor over one command before it is given up. */
const mostDeaths = 3;

/**
 * Makes what runs them. A command that lives on while its executor dies is attached to again. Once `life` has ended none
 * is begun; one that runs by then runs on, for whoever takes the session up.
 */
export function createUserCommands({ tools, emit }: Pick<EffectOptions, "tools" | "emit">, life: AbortSignal) {
  const deaths = new Map<string, number>();

  async function ask({ id, command }: UserCommand, signal: AbortSignal): Promise<Settled> {
    const call = { id, tool, arguments: { command, timeout: mostSeconds } };
    const check = { deadlineMs: prepareDeadlineMs, signal: AbortSignal.any([signal, life]) };
    const [prepared] = await tools.ask("prepare", { calls: [call] }, check);
    if (prepared?.ok !== true) {
      return {
        kind: "failed",
        failure: { code: "BAD_ARGUMENTS", message: prepared?.error ?? "It could not be read." },
      };
    }
    const onProgress = (update: unknown) => {
      const told = update as ToolProgress;
      if ("log" in told) emit({ type: "tool_log", data: { tool, tool_call_id: id, log: told.log } });
    };
    const request = { ...call, arguments: prepared.arguments, attempt: (deaths.get(id) ?? 0) + 1, seen: {} };
    const deadlineMs = prepared.timeoutMs + graceMs;
    return { kind: "result", result: await tools.ask("run", request, { deadlineMs, signal, onProgress }) };
  }

  return async (command: UserCommand, signal: AbortSignal): Promise<NewEvent[]> => {
    const startedAt = Date.now();
    let settled: Settled;
    try {
      settled = await ask(command, signal);
    } catch (error) {
      if (signal.aborted || life.aborted) return [];
      const code = codeOf(error);
      const died = (deaths.get(command.id) ?? 0) + 1;
      deaths.set(command.id, died);
      if (code === "ACTOR_GONE" && died < mostDeaths) return [];
      const message = error instanceof Error ? error.message : String(error);
      settled = { kind: "failed", failure: { code: code ?? "TOOL_FAILED", message } };
    }
    deaths.delete(command.id);
    return signal.aborted ? [] : onCommandSettled(command, settled, Date.now() - startedAt);
  };
}
