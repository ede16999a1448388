// The tool that keeps the agent's plan.
import * as z from "zod/mini";
import type { PlanItem } from "../events.ts";
import { defineTool } from "./contract.ts";
import { ToolError } from "./errors.ts";

const item = z.object({
  id: z.string().check(z.describe("Short and unique, the same from call to call.")),
  content: z.string().check(z.describe("The step, in one line.")),
  status: z.enum(["pending", "in_progress", "completed"]),
});

const input = z.strictObject({
  todos: z
    .array(item)
    .check(z.describe("The whole plan, in order. It replaces the plan before it; an empty list clears it.")),
});

type Input = z.infer<typeof input>;

const marks = { completed: "[x]", in_progress: "[~]", pending: "[ ]" } as const;

/** What is wrong with a plan, or null. */
export function planProblem(todos: readonly PlanItem[]): string | null {
  const ids = todos.map((todo) => todo.id);
  const twice = [...new Set(ids.filter((id, index) => ids.indexOf(id) !== index))];
  if (twice.length > 0) return `The id ${twice.join(", ")} is used more than once.`;
  const running = todos.filter((todo) => todo.status === "in_progress");
  if (running.length > 1) return `${running.length} steps are in progress (${running.map(({ id }) => id).join(", ")}).`;
  const blank = todos.findIndex((todo) => todo.content.trim() === "" || todo.id.trim() === "");
  return blank >= 0 ? `Step ${blank + 1} has no id or no content.` : null;
}

/** The plan as text: `[x]` done, `[~]` in progress, `[ ]` to do. */
export function planText(todos: readonly PlanItem[]): string {
  if (todos.length === 0) return "The plan is empty.";
  const done = todos.filter((todo) => todo.status === "completed").length;
  const lines = todos.map((todo) => `${marks[todo.status]} ${todo.id}. ${todo.content}`);
  return `${lines.join("\n")}\n${done}/${todos.length} done`;
}

/** Replaces the plan. */
export const plan = defineTool<Input>({
  name: "plan_tool",
  description: [
    "Keeps the plan of a task with three or more steps, for you and for the user who watches. Each call gives the whole plan anew.",
    "Have at most one step in progress; set a step to completed as soon as it is fully done, and never when it failed or was left half done.",
    "Not for single-step tasks. Answers with the plan and how much of it is done.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: () => [],
  title: (args) => {
    const done = args.todos.filter((todo) => todo.status === "completed").length;
    return `Plan: ${done}/${args.todos.length} done`;
  },

  async run({ todos }) {
    const problem = planProblem(todos);
    if (problem !== null) {
      throw new ToolError(
        "BAD_ARGUMENTS",
        problem,
        "Each id must be unique, each step needs a content, and at most one may be in_progress. Send the whole plan again.",
      );
    }
    return { ok: true, text: planText(todos), plan: todos };
  },
});
