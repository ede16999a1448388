// The tool by which the agent sends a message to people. It is on offer only where a destination allows it.
import * as z from "zod/mini";
import { type OutgoingMessage, sendAgain } from "../notifier/protocol.ts";
import { defineTool, type ToolScope } from "./contract.ts";
import { describeError, ToolError } from "./errors.ts";

/** Milliseconds for all destinations: four attempts with their pauses, behind a few messages that wait. */
const timeoutMs = 180_000;

const input = z.strictObject({
  destinations: z
    .array(z.string().check(z.minLength(1)))
    .check(z.minLength(1), z.describe("Names of destinations; each gets the message.")),
  message: z.string().check(z.minLength(1), z.describe("The message, in Markdown. Short: people read it on a phone.")),
  title: z.optional(z.string().check(z.describe("One line above the message."))),
  severity: z
    ._default(z.enum(["info", "success", "warning", "error"]), "info")
    .check(z.describe("How much it matters.")),
});

type Input = z.infer<typeof input>;

/** The names that a call means, each once. Throws for one that the agent may not send to. */
function named(args: Input, { destinations }: ToolScope): string[] {
  const names = [...new Set(args.destinations.map((name) => name.trim()))];
  const wrong = names.filter((name) => !Object.hasOwn(destinations, name));
  if (wrong.length === 0) return names;
  const hint = `You can send to: ${Object.keys(destinations).join(", ")}.`;
  throw new ToolError("NOT_FOUND", `You cannot send to ${wrong.join(", ")}.`, hint);
}

/** Sends a message to people. */
export const notify = defineTool<Input>({
  name: "notify",
  description: [
    "Sends a message to people who are not at the terminal, to all named destinations.",
    "Only when the user has asked to be told of something; the program by itself tells them of the end of a turn, of errors and of calls that need an approval.",
    "Never send credentials. Answers with one line for each destination: sent, or why not.",
  ].join(" "),
  input,
  conditional: true,
  onCrash: "keyed",
  touches: (args, scope) =>
    named(args, scope).map((target) => ({
      kind: "publish",
      host: scope.destinations[target] ?? target,
      target,
      what: "message",
    })),
  title: (args) => `Send a message to ${args.destinations.join(", ")}: ${args.title ?? args.message}`,
  timeoutMs: () => timeoutMs,

  async run(args, context) {
    const { message: body, title = null, severity } = args;
    const send = async (destination: string) => {
      const key = `${context.callId}:${destination}`;
      const message: OutgoingMessage = { destination, severity, title, body, metadata: {}, key, origin: "agent" };
      try {
        await sendAgain(context.notifier, message, { deadlineMs: timeoutMs, signal: context.signal });
        return { destination, sent: true, line: `${destination}: sent` };
      } catch (error) {
        context.signal.throwIfAborted();
        return { destination, sent: false, line: `${destination}: not sent. ${reasonOf(error)}` };
      }
    };
    const outcomes = await Promise.all(named(args, context).map(send));
    return {
      ok: outcomes.every(({ sent }) => sent),
      text: outcomes.map(({ line }) => line).join("\n"),
      data: { destinations: outcomes.map(({ destination, sent }) => ({ destination, sent })) },
    };
  },
});

/** The notifier's errors carry their hint in their data. */
function reasonOf(error: unknown): string {
  const data = error instanceof Error && "data" in error ? (error.data as { hint?: unknown } | null) : null;
  const message = describeError(error);
  return typeof data?.hint === "string" ? `${message} ${data.hint}` : message;
}
