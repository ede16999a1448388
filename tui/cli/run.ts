// The run command: a conversation, or a prompt that is run to its end. Either is loaded without the other.
import { beginAhead } from "../../actors/root/ahead.ts";
import { giveMemoryBack } from "../../runtime/memory.ts";
import { stateFolder } from "../config/paths.ts";
import { FrontError } from "../errors.ts";
import type { RunCommand } from "./arguments.ts";

/** Runs once and returns the exit code. Throws a `FrontError` for what is wrong before the agent has started. */
export async function runOnce(command: RunCommand): Promise<number> {
  const startedAt = performance.now();
  const stateDir = stateFolder(process.env);
  giveMemoryBack();
  if (isConversation(command)) {
    const { converse } = await import("./converse.ts");
    return converse(command, stateDir);
  }
  beginAhead();
  const { runToEnd } = await import("./to-end.ts");
  return runToEnd(command, stateDir, startedAt);
}

/** Whether the user wants to talk: with somebody at the terminal and no prompt, or because they said so. */
function isConversation({ plain, prompt, format }: RunCommand): boolean {
  if (plain && format !== "text") {
    throw new FrontError(
      "USAGE",
      "--plain writes text; --output-format belongs to a run to its end.",
      "Leave one out.",
    );
  }
  const isAttended = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return plain || (prompt === null && format === "text" && isAttended);
}
