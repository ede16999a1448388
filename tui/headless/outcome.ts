// Why a call came to nothing, in one line.
import type { SessionEvent } from "../../actors/events.ts";

type ToolOutput = Extract<SessionEvent, { type: "tool_output" }>["data"];

/** The line with which a command's result says how it ended; what follows the first semicolon is for the model. */
const endOfCommand = /^(?:exit code \d+|stopped by signal \w+|timed out after [\d,.]+ s|cancelled|gone without)\b[^;]*/;

/**
 * The outcome and the line of the output that explains it best. Programs say last what went wrong; of other tools the
 * first line is the message.
 */
export function whyNotDone({ tool, outcome, output }: ToolOutput): string {
  const lines = output.split("\n").filter((line) => line.trim() !== "" && line !== "(no output)");
  const at = tool === "bash" ? lines.findLastIndex((line) => endOfCommand.test(line)) : -1;
  const end = endOfCommand.exec(lines[at] ?? "")?.[0];
  const [reason, detail] = end === undefined ? [outcome, lines[0]] : [end, lines[at - 1]];
  return detail === undefined ? reason : `${reason}: ${detail.trim()}`;
}
