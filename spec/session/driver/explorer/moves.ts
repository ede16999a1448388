// What happens to the explorer's session besides answers: the user, the watcher, deaths of actors and of the program.
import type { Json } from "../../../../actors/events.ts";
import type { ApprovalDecision, Operation } from "../../../../actors/operations.ts";
import type { CallState } from "../../../../actors/session/state.ts";
import type { Guard } from "../../../../actors/watcher/protocol.ts";
import type { Driven } from "../../../support/driver.ts";
import { inTheBooks } from "../stories.ts";
import { dearModel } from "./answers.ts";
import { changed } from "./calls.ts";
import type { Chance } from "./chance.ts";

/** The model that takes over in half of the histories. */
export const fallbackModel = "fall";

/** What the user does when nothing waits for an answer of theirs. */
export function operation(chance: Chance, session: Driven, isAlwaysCapped: boolean): Operation {
  const efforts = ["low", "high"] as const;
  const kind = chance.weighed([
    [25, "user_input"],
    [10, "steer"],
    [8, "interrupt"],
    [5, "undo"],
    [7, "compact"],
    [12, "set_model"],
    [3, "set_effort"],
    [3, "set_budget"],
    [2, "rename"],
    [4, "run_command"],
  ] as const);
  switch (kind) {
    case "user_input":
      return { type: kind, text: chance.text("u", 900) };
    case "steer":
      return { type: kind, text: chance.text("s", 300) };
    case "interrupt":
      return { type: kind, reason: chance.pick(["user", "signal"]) };
    case "undo":
    case "compact":
      return { type: kind };
    case "set_model": {
      const model = chance.pick(["m", "a", "b", dearModel, fallbackModel]);
      return { type: kind, model, ...(chance.sometimes(0.3) ? { effort: chance.pick(efforts) } : {}) };
    }
    case "set_effort":
      return { type: kind, effort: chance.pick(efforts) };
    case "set_budget":
      // Never below what is spent where the books are to be held against the budget.
      return isAlwaysCapped
        ? { type: kind, usd: inTheBooks(session) / 1e6 + chance.pick([0, 0.005, 0.02, 1, 20]) }
        : { type: kind, usd: chance.pick([null, 0, 0.01, 5, 100]) };
    case "run_command":
      return { type: kind, command: chance.text("c", 40) };
    case "rename":
      return { type: kind, name: "n" };
  }
}

/** A person's answers to some of the calls that wait. */
export function answersTo(
  chance: Chance,
  waiting: readonly CallState[],
  newMark: () => number,
): Extract<Operation, { type: "exec_approval" }> {
  const answered = waiting.filter(() => chance.sometimes(0.7));
  const approvals = answered.map(({ id, arguments: args }): ApprovalDecision => decision(chance, id, args, newMark));
  return { type: "exec_approval", approvals };
}

function decision(chance: Chance, id: string, args: Json, newMark: () => number): ApprovalDecision {
  const about = { tool_call_id: id };
  const kind = chance.weighed([
    [35, "approved"],
    [25, "refused"],
    [40, "changed"],
  ] as const);
  if (kind === "approved") return { ...about, approved: true, scope: chance.pick(["once", "session"]) };
  if (kind === "changed") return { ...about, approved: true, arguments: changed(chance, args, newMark()) };
  return { ...about, approved: false, ...(chance.sometimes(0.5) ? { feedback: "no" } : {}) };
}

/** A word of the watcher's about a turn. */
export function guardFor(chance: Chance, turn: number): Guard {
  return chance.pick<Guard>([
    { turn, kind: "stop", reason: "doom_loop", content: "c" },
    { turn, kind: "notice", reason: "doom_loop:1", content: "c" },
    { turn, kind: "forbid", reason: "no_progress:1", tool: "bash", content: "c" },
  ]);
}
