// The catalogue of slash commands, and what becomes of a line that begins with a slash.

import { credentialOf } from "../../config/credentials/names.ts";
import { mcpCommands } from "../../mcp/slash.ts";
import { nearest } from "../../text/nearest.ts";
import { failureOf } from "../failure.ts";
import type { Chat } from "../types.ts";
import { conversationCommands } from "./conversation.ts";
import { frontCommands } from "./front.ts";
import { isKeyCommand, keyCommands } from "./keys.ts";
import { modelCommands } from "./model.ts";
import type { Command, CommandOutcome } from "./outcome.ts";
import { sessionCommands } from "./sessions.ts";

const help: Command = {
  name: "help",
  args: "",
  summary: "these commands",
  run: async () => ({ kind: "help", commands }),
};

const leaving: readonly Command[] = ["quit", "exit"].map((name) => ({
  name,
  args: "",
  summary: "leave; the session can be taken up again",
  run: async () => ({ kind: "quit" as const }),
}));

/** Every command, in the order of help. */
export const commands: readonly Command[] = [
  help,
  ...modelCommands,
  ...conversationCommands,
  ...sessionCommands,
  ...mcpCommands,
  ...keyCommands,
  ...frontCommands,
  ...leaving,
];

/** What a line of the user's is. `text` is what is to be sent. */
export type Line =
  | { kind: "nothing" }
  | { kind: "text"; text: string }
  | { kind: "shell"; command: string }
  | { kind: "command"; command: Command; rest: string }
  | { kind: "unknown"; name: string };

/**
 * Reads a line. `/name` is a command, `!ls` runs `ls`; `//` and `!!` stand for a text that begins with one of them. The bare words `quit` and `exit` leave, as they do elsewhere.
 */
export function readLine(line: string): Line {
  const trimmed = line.trim();
  if (trimmed === "") return { kind: "nothing" };
  if (trimmed.startsWith("//") || trimmed.startsWith("!!")) return { kind: "text", text: trimmed.slice(1) };
  if (trimmed.startsWith("!")) {
    const command = trimmed.slice(1).trim();
    return command === "" ? { kind: "nothing" } : { kind: "shell", command };
  }
  const bare = /^(?:quit|exit)$/i.test(trimmed) ? `/${trimmed}` : trimmed;
  const [, name, rest = ""] = /^\/(\S*)\s*([\s\S]*)$/.exec(bare) ?? [];
  if (name === undefined) return { kind: "text", text: line };
  const command = commands.find((candidate) => candidate.name === name.toLowerCase());
  return command === undefined ? { kind: "unknown", name } : { kind: "command", command, rest: rest.trim() };
}

/** Whether a line may hold a secret, and so is kept nowhere: words behind a command that wants a key's name. */
export function mayBeSecret(line: string): boolean {
  const read = readLine(line);
  return read.kind === "command" && isKeyCommand(read.command) && read.rest !== "" && credentialOf(read.rest) === null;
}

/** Runs a command. What it throws is a refusal: the conversation goes on. */
export async function runCommand(chat: Chat, command: Command, rest: string): Promise<CommandOutcome> {
  try {
    if (rest !== "" && command.args === "") return refusal(`/${command.name} takes no words.`, "");
    if (rest === "" && /^[A-Z]/.test(command.args)) {
      return refusal(`/${command.name} needs a word.`, `Like this: /${command.name} ${command.args}`);
    }
    return await command.run(chat, rest);
  } catch (error) {
    return { kind: "refused", failure: failureOf(error, "COMMAND_FAILED") };
  }
}

/** What is said of a command that there is none of. */
export function unknownCommand(name: string): CommandOutcome {
  const guess = nearest(
    name.toLowerCase(),
    commands.map((command) => command.name),
  );
  const other = guess === null ? "See: /help" : `Did you mean /${guess}?`;
  return refusal(`There is no command /${name}.`, `${other} To send the line as it is: //${name} …`);
}

function refusal(message: string, hint: string): CommandOutcome {
  return { kind: "refused", failure: { code: "USAGE", message, ...(hint === "" ? {} : { hint }) } };
}
