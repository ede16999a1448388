// What a session's state says, as the commands tell it.
import type { Effort } from "../../../actors/llm/protocol.ts";
import type { Agent } from "../../../actors/root/types.ts";
import { FrontError } from "../../errors.ts";
import type { Chat } from "../types.ts";
import type { Cost, RunningWork, Status } from "./outcome.ts";

/** What the session has spent. What is set aside for what is under way counts as perhaps charged. */
export function costOf({ agent }: Chat): Cost {
  const { money, totals } = agent.state;
  let open = 0;
  for (const reserved of money.open.values()) open += reserved ?? 0;
  return {
    spentUsd: money.spent / 1e6,
    assumedUsd: (money.assumed + open) / 1e6,
    unknown: money.unbounded,
    capUsd: money.cap === null ? null : money.cap / 1e6,
    ...totals,
  };
}

/** How hard the model is told to think. */
export function effortOf({ agent, options }: Chat): Effort {
  return agent.state.effort ?? options.effort;
}

/** Where the conversation stands. */
export function statusOf(chat: Chat): Status {
  const { state, sessionId } = chat.agent;
  return {
    sessionId,
    name: state.name,
    cwd: state.cwd,
    model: state.model,
    facts: state.facts,
    effort: effortOf(chat),
    approval: chat.approval,
    turns: state.turns,
    messages: state.history.length,
    tokens: state.measured?.tokens ?? null,
    queued: state.queue.length,
    busy: !chat.isSettled,
    cost: costOf(chat),
  };
}

/** An agent that can say which commands of its session run. */
interface KnowsJobs {
  jobs?: () => Promise<readonly { jobId: string; title: string; startedAt: number; background: boolean }[]>;
}

/** What runs for the session: commands in the background too, and calls of other tools. */
export async function workOf({ agent }: Chat): Promise<RunningWork[]> {
  const { jobs } = agent as Agent & KnowsJobs;
  if (jobs === undefined) throw new FrontError("JOBS_UNKNOWN", "This agent cannot say which commands run.");
  const commands = await jobs();
  const running = agent.state.turn?.calls.filter(({ status }) => status === "running") ?? [];
  const others = running.filter(
    ({ title }) => !commands.some((command) => !command.background && command.title === title),
  );
  return [
    ...others.map(({ id, title }) => ({ id, title, startedAt: null, background: false })),
    ...commands.map(({ jobId, title, startedAt, background }) => ({ id: jobId, title, startedAt, background })),
  ];
}
