// What a run begins with: the session's unfinished work, the user's prompt, or a word in the user's place.
import type { AnsweredBy } from "../../actors/events.ts";
import type { Agent } from "../../actors/root/types.ts";
import type { CallState } from "../../actors/session/state.ts";
import { isResumable } from "../sessions/summary.ts";
import { oneLine } from "../text/neutralise.ts";
import type { People } from "./people.ts";
import type { HeadlessRun } from "./run.ts";

/** What is sent in the user's place when the newest turn ended before its work was done. */
const goOn = "Go on where you stopped.";

const refusal =
  "Nobody is there to approve it in this run. Do without it if you can; otherwise say at the end what you need and why.";

/** What this run sends: the user's words, or, when there is nothing to finish but a turn that ended early, ours. */
export function promptOf(run: HeadlessRun): string | null {
  const { prompt, newestEnd } = run;
  const { turn, queue } = run.agent.state;
  const isCutOff = turn === null ? queue.length > 0 : turn.interrupting === null;
  if (prompt !== null || isCutOff) return prompt;
  // A turn whose interruption an earlier process had begun ends as interrupted at once.
  if (turn === null && !isResumable(newestEnd)) return null;
  const end = turn === null ? newestEnd : "interrupted";
  run.output.write(run.printer.notice(`The last turn had ended early (${end}), so this is sent: ${goOn}`));
  return goOn;
}

/** Hands the session its work. False when there is none. Rejects when it could not be put on record. */
export async function begin(run: HeadlessRun, prompt: string | null, people: People): Promise<boolean> {
  const { agent, options } = run;
  // Who was told to end before anything has begun begins nothing.
  if (run.signals.first !== null) return true;
  if (prompt === null && agent.state.turn === null && agent.state.queue.length === 0) return false;
  // Nobody sends a second message here: what a server offers that was never seen is known now or of no use.
  const newcomers = prompt === null ? [] : agent.mcp.newcomers();
  if (newcomers.length > 0) {
    const limitMs = options.limits.mcpFirstWaitMs;
    const names = newcomers.map((name) => oneLine(name, 40)).join(", ");
    const words = `Asking MCP servers that were never used what they offer, for at most ${limitMs / 1000} s: ${names}.`;
    run.output.write(run.printer.notice(words));
    await agent.mcp.meet(limitMs);
  }
  if (options.session.kind === "resume") {
    const waiting = agent.state.turn?.calls.filter((call) => call.status === "approval") ?? [];
    await agent.operate({ type: "resume" });
    // New input gives up what waits for an approval; without any, this run has to answer.
    const passes = ({ gate }: CallState) => options.approval === "auto" && !(gate.verdict === "ask" && gate.always);
    if (prompt === null) {
      const passed = waiting.filter(passes).map(({ id }) => id);
      if (passed.length > 0) await answer(agent, passed, true);
      await people.ask(waiting.filter((call) => !passes(call)).map(({ id }) => id));
    }
  }
  if (prompt !== null && run.signals.first === null) await agent.operate({ type: "user_input", text: prompt });
  return true;
}

/** Answers calls that wait for an approval; `by`: where it was not the run itself that decided so. */
export function answer(agent: Agent, ids: string[], approved: boolean, by?: AnsweredBy): Promise<void> {
  const rest = { ...(approved ? {} : { feedback: refusal }), ...(by === undefined ? {} : { by }) };
  const approvals = ids.map((tool_call_id) => ({ tool_call_id, approved, ...rest }));
  return agent.operate({ type: "exec_approval", approvals });
}
