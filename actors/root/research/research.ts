// The research actor: has sub-agents work on questions, several at a time. It runs on the loop, for all it does is to
// wait; what a sub-agent does, it does in a session of its own.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { BehaviourFactory, ChildSpec, SupervisorOptions } from "../../../runtime/index.ts";
import type { DurableEvents } from "../../events.ts";
import type { ResearchProtocol, ResearchRequest, ResearchResult } from "../../research/protocol.ts";
import { type AgentBooks, agentBooks } from "./books.ts";
import { createPlaces } from "./places.ts";
import { followQuestion, type Question } from "./question.ts";
import { openSubSession, type SubSession, type Surroundings } from "./sub-session.ts";

/** Sub-agents that work at the same time. */
const mostAtOnce = 4;

const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 5,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

/** A question that is being worked on. */
interface Running {
  readonly agentId: string;
  readonly control: AbortController;
  /** Whoever hears of its progress: the newest asker. */
  tell: (line: string) => void;
  result: Promise<ResearchResult> | null;
  sub: SubSession | null;
  question: Question | null;
}

/** Launches the actor, to be started by its first question. */
export async function superviseResearch(around: Surroundings, sessionDir: string): Promise<void> {
  const folder = join(sessionDir, "agents");
  const books = agentBooks(around.parent, folder);
  books.closeOpen();
  const child: ChildSpec<ResearchProtocol, null> = {
    id: "research",
    entry: researchFactory(around, folder, books),
    args: null,
    place: { at: "loop" },
    launch: "on_demand",
    restart: "permanent",
    shutdown: 500,
    mailbox: { capacity: 64, whenFull: "reject" },
    concurrency: 64,
  };
  await around.system.supervise("research", [child], supervision);
}

function researchFactory(
  around: Surroundings,
  folder: string,
  books: AgentBooks,
): BehaviourFactory<ResearchProtocol, null> {
  const { parent, options } = around;
  return (_args, context) => {
    const places = createPlaces(mostAtOnce);
    const running = new Map<string, Running>();

    // A question whose call has ended without us, as when its executor died just then, is not worked on further.
    const forget = parent.bus.tap(({ type, data }) => {
      if (type !== "tool_output") return;
      const one = running.get((data as DurableEvents["tool_output"]).tool_call_id);
      if (one !== undefined) interrupt(one);
    });

    function interrupt(one: Running): void {
      if (one.control.signal.aborted) return;
      one.control.abort(new Error("It was interrupted."));
      void one.question?.interrupt();
    }

    /** Works on a question once there is a place for it. */
    async function work(request: ResearchRequest, one: Running): Promise<ResearchResult> {
      if (places.waiting > 0) one.tell("waits until another sub-agent is done");
      const free = await places.take(one.control.signal);
      const { agentId } = one;
      const model = options.researchModel ?? parent.state.model;
      const capUsd = books.begin({ agentId, callId: request.callId, label: request.label, model });
      let outcome: DurableEvents["agent_ended"]["outcome"] = "failed";
      try {
        one.sub = await openSubSession(around, { id: agentId, dir: join(folder, agentId), model, capUsd });
        one.question = followQuestion(one.sub, { doing: (line) => progress(request, one, line) });
        if (one.control.signal.aborted) void one.question.interrupt();
        const result = await one.question.answer(request, agentId);
        outcome = one.control.signal.aborted ? "interrupted" : result.outcome;
        return result;
      } finally {
        // At the end of the program its turn stays open, for whoever takes the session up.
        if (!context.signal.aborted)
          books.end(agentId, request.callId, outcome, one.sub?.store ?? null, one.question?.work);
        await one.sub?.close();
        free();
      }
    }

    function progress({ callId, label }: ResearchRequest, { agentId, question, tell }: Running, doing: string): void {
      tell(doing);
      const { toolCalls = 0, promptTokens = 0, completionTokens = 0, costUsd = 0 } = question?.work ?? {};
      const about = { agent_id: agentId, tool_call_id: callId, label, doing };
      const figures = { tool_calls: toolCalls, tokens: promptTokens + completionTokens, cost_usd: costUsd };
      parent.emit({ type: "agent_progress", data: { ...about, ...figures } });
    }

    function start(request: ResearchRequest, agentId: string): Running {
      const control = new AbortController();
      const one: Running = { agentId, control, tell: () => undefined, result: null, sub: null, question: null };
      running.set(request.callId, one);
      return one;
    }

    return {
      tells: {},
      asks: {
        run(request, message) {
          const agentId = agentIdOf(request.followUp ?? request.callId);
          if (request.followUp !== null && !existsSync(join(folder, agentId))) {
            throw failure("AGENT_UNKNOWN", `There is no agent ${request.followUp}.`);
          }
          const known = running.get(request.callId);
          if (known === undefined && [...running.values()].some((other) => other.agentId === agentId)) {
            throw failure(
              "AGENT_BUSY",
              `The agent ${agentId} is at work on another question. Ask it when that is answered.`,
            );
          }
          const one = known ?? start(request, agentId);
          one.tell = (line) => message.progress({ log: line });
          const onAbort = () => {
            if (!context.signal.aborted) interrupt(one);
          };
          message.signal.addEventListener("abort", onAbort, { once: true });
          one.result ??= work(request, one).finally(() => running.delete(request.callId));
          return one.result;
        },
      },
      async stop() {
        forget();
        await Promise.all([...running.values()].map(({ sub }) => sub?.close()));
      },
    };
  };
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}

/** The name of a call's sub-agent, which is also that of its folder; ids of calls come from providers. */
export function agentIdOf(callId: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(callId)) return callId;
  return createHash("sha256").update(callId).digest("hex").slice(0, 16);
}
