// Questions to approvers who are not at the terminal. The session owns its questions; a front says which of them are put
// to approvers, their answers enter as the same operation that the front's own do, and what the session makes of a
// question, by whomever, is said in its message. Nothing here holds up the session.
import { type BusEvent, codeOf, type System } from "../../../runtime/index.ts";
import type { Failure, NewEphemeral, SessionEvent } from "../../events.ts";
import {
  answersIn,
  type MessagingArgs,
  type NotifierProtocol,
  type PersonsAnswer,
  type QuestionProgress,
  type QuestionText,
} from "../../notifier/protocol.ts";
import type { Operation } from "../../operations.ts";
import { callOf, type SessionState } from "../../session/state.ts";
import { failureFor } from "../notify.ts";
import { leftOpen, outcomeOf } from "./outcome.ts";
import { questionText } from "./question.ts";
import { argumentsHash, newSeal, questionName } from "./seal.ts";

/** A question is asked again after so long: an ask of the runtime has to end some time. */
const askMs = 24 * 3_600_000;
/** Saying what became of a question, with all attempts. */
const settleMs = 60_000;
/** Deaths of the notifier over one question before it is given up. */
const mostDeaths = 3;

/** What consulting needs. */
export interface ConsultParts {
  session: { id: string; folder: string };
  /** Who answers where nobody is named, in words. */
  here: string;
  /** The destinations that questions are put to. */
  destinations: readonly string[];
  state(): Readonly<SessionState>;
  bus: { tap(listener: (event: BusEvent) => void): unknown };
  emit(event: NewEphemeral): void;
  /** Hands an operation to the session, as fronts do. */
  operate(operation: Operation): Promise<unknown>;
}

/** What a front can do about approvers. */
export interface Consulting {
  /**
   * Puts a call that waits for a person to the approvers, and returns at once; null: there are none. `waitMs`: how long
   * the caller will wait, for people to read; null: for ever. The promise resolves once no answer can come from anywhere.
   */
  consult(callId: string, waitMs: number | null): Promise<void> | null;
  /** Says in the messages of open questions that the program ends; takes at most so long. */
  rest(limitMs: number): Promise<void>;
}

/** The destinations that have approvers. */
export function approverDestinations(messaging: MessagingArgs | null): string[] {
  return Object.entries(messaging?.destinations ?? {}).flatMap(([name, destination]) =>
    answersIn(destination) === null ? [] : [name],
  );
}

/** A question at one destination. */
interface Open {
  readonly destination: string;
  readonly seal: string;
  readonly text: QuestionText;
  posted: string | null;
  settled: boolean;
}

/** Makes it; the notifier is told nothing before the first question. */
export function createConsulting(system: System, parts: ConsultParts): Consulting {
  const { session, destinations, state, emit } = parts;
  if (destinations.length === 0) return { consult: () => null, rest: async () => undefined };
  const notifier = system.ref<NotifierProtocol>("notifier");
  /** By call. */
  const open = new Map<string, Open[]>();
  const settling = new Set<Promise<void>>();
  /** Failures that were told since a destination last took or sent something, so that each is told once. */
  const warned = new Set<string>();

  function warn(destination: string, failure: Failure): void {
    const about = `${destination} ${failure.code}`;
    if (warned.has(about)) return;
    warned.add(about);
    emit({ type: "notification_failed", data: { destination, event_type: "approval_answer", ...failure } });
  }

  /** Something has arrived there again: the next failure is news. */
  function arrived(destination: string): void {
    for (const about of warned) if (about.startsWith(`${destination} `)) warned.delete(about);
  }

  /** Has the session take an answer. False: it could not be put on record, and the question is as open as before. */
  async function take(callId: string, hash: string, destination: string, answer: PersonsAnswer): Promise<boolean> {
    const call = callOf(state(), callId);
    // What was shown is what is allowed, or nothing.
    if (call?.status !== "approval" || argumentsHash(call.arguments) !== hash) return true;
    const by = { via: "slack", user_id: answer.user.id, user_name: answer.user.name } as const;
    const decision = { tool_call_id: callId, approved: answer.approved, by };
    try {
      await parts.operate({ type: "exec_approval", approvals: [{ ...decision, scope: "once" }] });
      return true;
    } catch (error) {
      warn(destination, { code: codeOf(error) ?? "NOT_RECORDED", message: `An answer was not recorded: ${error}` });
      return false;
    }
  }

  /** Asks at one destination until there is an answer, or the question is settled. Resolves when none can come. */
  async function ask(callId: string, hash: string, one: Open): Promise<void> {
    const { destination, seal, text } = one;
    const onProgress = (update: unknown) => {
      const progress = update as QuestionProgress;
      if (progress.kind === "unreachable") {
        const { kind: _, ...failure } = progress;
        warn(destination, failure);
        return;
      }
      one.posted = progress.id;
    };
    for (let deaths = 0; !one.settled; ) {
      const posted = one.posted === null ? {} : { posted: one.posted };
      try {
        const question = { destination, question: questionName(callId), seal, text, ...posted };
        const answer = await notifier.ask("question", question, { deadlineMs: askMs, onProgress });
        arrived(destination);
        if (await take(callId, hash, destination, answer)) return never();
      } catch (error) {
        if (one.settled) break;
        const code = codeOf(error);
        if (code === "ASK_TIMEOUT") continue;
        if (code === "ACTOR_GONE" && deaths++ < mostDeaths) continue;
        warn(destination, failureFor(error));
        return;
      }
    }
    return never();
  }

  function settle(callId: string, outcome: string): void {
    const asked = open.get(callId);
    if (asked === undefined) return;
    open.delete(callId);
    for (const one of asked) {
      one.settled = true;
      const { destination, seal, text, posted } = one;
      const message = { destination, seal, text, outcome, ...(posted === null ? {} : { posted }) };
      const telling = notifier.ask("settle", message, { deadlineMs: settleMs }).then(
        () => undefined,
        (error: unknown) => warn(destination, failureFor(error)),
      );
      settling.add(telling);
      void telling.then(() => settling.delete(telling));
    }
  }

  parts.bus.tap(({ type, data, durable }) => {
    if (!durable || open.size === 0) return;
    const outcome = outcomeOf({ type, data } as Pick<SessionEvent, "type" | "data">, parts.here);
    if (outcome !== null) settle(outcome.callId, outcome.words);
  });

  return {
    consult(callId, waitMs) {
      const call = callOf(state(), callId);
      if (call?.status !== "approval" || open.has(callId)) return never();
      const text = questionText(call, [`Session ${session.id} in ${session.folder}`]);
      const hash = argumentsHash(call.arguments);
      const asked = destinations.map((destination): Open => {
        const seal = newSeal(session.id, callId, call.arguments);
        return { destination, seal, text, posted: null, settled: false };
      });
      open.set(callId, asked);
      for (const { destination } of asked) {
        emit({
          type: "approval_asked",
          data: { destination, tool_call_id: callId, title: text.title, wait_ms: waitMs },
        });
      }
      return Promise.all(asked.map((one) => ask(callId, hash, one))).then(() => undefined);
    },
    async rest(limitMs) {
      for (const callId of [...open.keys()]) settle(callId, leftOpen);
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limitMs);
      });
      await Promise.race([Promise.all(settling), late]);
      clearTimeout(timer);
    },
  };
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
