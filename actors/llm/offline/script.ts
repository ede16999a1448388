// A policy as a script that is replayed: it yields the moves it wants to make and gets back what came of them. What
// the conversation already shows is fed in; the first move that it does not show is the next reply. So there is no
// state to lose, and a policy reads from top to bottom like the work it does.
import type { Json, PlanItem, ToolCall } from "../../events.ts";

/** A call that the script wants. The step names it within its task and must be unique there. */
export interface Action {
  step: string;
  tool: string;
  arguments: { [key: string]: Json };
}

/** What came of an action. */
export interface Outcome {
  ok: boolean;
  text: string;
}

/** One reply: what is said, the calls, and the plan as it stands from now on. */
export interface Move {
  say: string;
  actions: Action[];
  plan?: PlanItem[];
}

/** A policy or a part of one. A yielded move answers with one outcome for each of its actions, in order. */
export type Script<T> = Generator<Move, T, Outcome[]>;

/** What a script wants to say and do next. Without calls it is the end of the turn. */
export interface Next {
  text: string;
  calls: ToolCall[];
}

/** Where a script is replayed: the outcomes by call id, and the tools that can be called. */
export interface Log {
  /** Begins each call id of this task; letters, digits, `_` and `-`. */
  prefix: string;
  outcomes: ReadonlyMap<string, Outcome>;
  tools: ReadonlySet<string>;
}

/**
 * Replays a script up to the first move whose outcomes are not on the log. A move is on the log when any of its calls
 * has an outcome; a call of it without one counts as failed. Moves without a call that can be made are passed over.
 */
export function replay(script: Script<string>, log: Log): Next {
  let plans = 0;
  let step = script.next();
  while (!step.done) {
    const { say, actions, plan } = step.value;
    const wanted = actions.map((action) => ({ ...action, id: `${log.prefix}${action.step}` }));
    const planId = `${log.prefix}plan-${++plans}`;
    const calls: ToolCall[] = wanted.map(({ id, tool, arguments: given }) => ({ id, tool, arguments: given }));
    if (plan !== undefined && log.tools.has("plan_tool")) {
      const todos = plan.map(({ id, content, status }) => ({ id, content, status }));
      calls.unshift({ id: planId, tool: "plan_tool", arguments: { todos } });
    }
    const seen = calls.some((call) => log.outcomes.has(call.id));
    if (!seen && calls.length > 0) return { text: say, calls };
    step = script.next(wanted.map(({ id }) => log.outcomes.get(id) ?? { ok: false, text: "The call has no result." }));
  }
  return { text: step.value, calls: [] };
}
