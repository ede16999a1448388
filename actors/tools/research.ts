// The tool that sends a sub-agent to find something out. The research actor does the work; this is its face to the model.
import * as z from "zod/mini";
import { codeOf } from "../../runtime/errors.ts";
import type { ResearchProgress, ResearchRequest, ResearchResult } from "../research/protocol.ts";
import { grouped, oneLine } from "./cap.ts";
import { defineTool, type ToolContext } from "./contract.ts";
import { ToolError } from "./errors.ts";

/** Milliseconds that one question may take: an hour of reading. */
const timeoutMs = 3_600_000;
/** How often a sub-agent is asked again after the actor that looks after it was restarted. */
const maxReattachments = 5;

const input = z.strictObject({
  task: z
    .string()
    .check(
      z.minLength(1),
      z.describe("The question, whole: the sub-agent knows nothing else. Name what decision hangs on it."),
    ),
  context: z.optional(z.string().check(z.describe("What is known already, constraints, names and versions."))),
  follow_up: z.optional(z.string().check(z.describe("The agent id of an earlier answer: ask that one further."))),
});

type Input = z.infer<typeof input>;

async function ask(request: ResearchRequest, context: ToolContext): Promise<ResearchResult> {
  const onProgress = (update: unknown) => context.log((update as ResearchProgress).log);
  for (let times = 0; ; times += 1) {
    try {
      return await context.research.ask("run", request, { deadlineMs: timeoutMs, signal: context.signal, onProgress });
    } catch (error) {
      if (codeOf(error) === "AGENT_UNKNOWN") {
        throw new ToolError("NOT_FOUND", `There is no agent ${request.followUp}.`, "Ask anew, without follow_up.");
      }
      // The sub-agent's session is on disk: it goes on where it was.
      if (codeOf(error) !== "ACTOR_GONE" || times >= maxReattachments) throw error;
    }
  }
}

/** The answer as the model reads it: with what stands against it said first. */
function textOf(result: ResearchResult): string {
  const unread = result.sources.filter(({ wasRead }) => !wasRead);
  const warnings = [
    ...(result.outcome === "done"
      ? []
      : [`Not finished: ${result.reason}. What follows is what was found until then.`]),
    ...(unread.length === 0
      ? []
      : [
          `Named as sources, but not among what was read: ${unread.map(({ number, name }) => (number === null ? name : `[${number}] ${name}`)).join(", ")}. Check them before you rely on them.`,
        ]),
  ];
  const figures = `[agent ${result.agentId}: ${grouped(result.toolCalls)} look-ups, ${grouped(result.tokens)} tokens; ask it further with follow_up]`;
  return [...warnings, result.answer.trim() || "It has found nothing.", figures].join("\n\n");
}

/** Has a sub-agent find something out. */
export const research = defineTool<Input>({
  name: "research",
  description: [
    "Sends a sub-agent with a context of its own to find something out: it reads papers, docs, datasets, repositories, code and the web, and answers with recipes and sources.",
    "Use it for questions that take more than a few look-ups, so that their pages do not fill this conversation; ask several independent questions in parallel calls. It cannot write, run, spend or publish anything.",
    "Answers with Markdown: the answer, a table of recipes, sources (checked against what it has read), and an agent id for follow_up.",
  ].join(" "),
  input,
  onCrash: "adopt",
  touches: () => [],
  title: (args) => `Research: ${oneLine(args.task, 100)}`,
  timeoutMs: () => timeoutMs + 60_000,

  async run(args, context) {
    const { task, context: known, follow_up: followUp } = args;
    const request: ResearchRequest = {
      callId: context.callId,
      label: oneLine(task, 60),
      task: known === undefined ? task : `${known.trim()}\n\n${task}`,
      followUp: followUp ?? null,
    };
    const result = await ask(request, context);
    return {
      ok: result.outcome !== "failed",
      text: result.outcome === "failed" ? `The research failed: ${result.reason}.` : textOf(result),
      data: {
        agent_id: result.agentId,
        outcome: result.outcome,
        recipes: result.recipes,
        sources: result.sources.map(({ number, name, wasRead }) => ({ number, name, was_read: wasRead })),
        tool_calls: result.toolCalls,
        tokens: result.tokens,
      },
      untrusted: "what a sub-agent has read",
    };
  },
});
