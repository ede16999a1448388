// What is learnt from refusals of servers that do not know all of the dialect, so that each is met once.
import { saysNoTools, saysOverflow } from "../failures.ts";
import { allowedOutput, refusesName } from "../output-limit.ts";
import { blamedParameter, statedBy } from "../sdk-error.ts";
import type { ReplayRule } from "./convert.ts";
import type { LimitName } from "./dialect.ts";

/** What is known about one model at one server. */
export interface Learnt {
  /** Position in the effort ladder, by the effort that was wished for. */
  rung: Map<string, number>;
  replay: ReplayRule;
  /** Whether the last chunk is asked to carry the usage. */
  askUsage: boolean;
  /** What the limit of output tokens is called, and whether the other name has been refused. */
  limitName: LimitName;
  otherNameRefused: boolean;
  /** The most output tokens that it may be asked for. */
  maxOutput: number;
}

/** A request as it was sent. */
export interface Sent {
  wish: string;
  effort: string | null;
  /** The limit of output tokens; null when there was none. Lowered for this request when its prompt leaves less room. */
  limit: number | null;
}

/** What is assumed at first. */
export function nothingLearnt(limitName: LimitName): Learnt {
  return {
    rung: new Map(),
    replay: "received",
    askUsage: true,
    limitName,
    otherNameRefused: false,
    maxOutput: Number.POSITIVE_INFINITY,
  };
}

/**
 * The next position in an effort ladder for a server that refused with this message: one lower when it refused the
 * value, beyond the end (no effort at all) when it does not know the parameter.
 */
export function nextRung(at: number, message: string): number {
  const aboutValue = /value|one of|must be|should be|level/i.test(message);
  const unknown = /not support|unsupported|unknown|unrecogni[sz]ed|unexpected|extra|not permitted/i.test(message);
  return unknown && !aboutValue ? Number.POSITIVE_INFINITY : at + 1;
}

/**
 * Learns from a refused request. Returns whether sending it again makes sense: something will be different then. A
 * limit of output tokens is lowered or called by its other name, and never left out.
 */
export function learn(known: Learnt, sent: Sent, error: unknown): boolean {
  const { wish, effort: sentEffort } = sent;
  const stated = statedBy(error);
  if (stated === null || (stated.status !== 400 && stated.status !== 422)) return false;
  if (sent.limit !== null) {
    const allowed = allowedOutput(stated.message, sent.limit);
    if (allowed !== null) {
      sent.limit = allowed.tokens;
      if (!allowed.room) known.maxOutput = allowed.tokens;
      return true;
    }
    if (!known.otherNameRefused && refusesName(stated.message, blamedParameter(error), known.limitName)) {
      known.limitName = known.limitName === "max_tokens" ? "max_completion_tokens" : "max_tokens";
      known.otherNameRefused = true;
      return true;
    }
  }
  if (saysOverflow(stated.message)) return false;
  const blamed = `${blamedParameter(error)} ${stated.message}`;
  const aboutReplay = /reasoning_content|messages.{0,40}reasoning(?!_effort)/i.test(blamed);
  if (sentEffort !== null && !aboutReplay && /effort|thinking|reasoning/i.test(blamed)) {
    known.rung.set(wish, nextRung(known.rung.get(wish) ?? 0, stated.message));
    return true;
  }
  if (saysNoTools(stated.message)) return false;
  if (known.askUsage && /stream_options|include_usage/.test(blamed)) {
    known.askUsage = false;
    return true;
  }
  if (!/reasoning/i.test(blamed)) return false;
  // DeepSeek wants its reasoning back with every message; strict servers refuse to see the field at all.
  const wanted: ReplayRule = /must be (passed|provided|included)|required|missing/i.test(stated.message)
    ? "always"
    : "never";
  if (known.replay !== "received") return false;
  known.replay = wanted;
  return true;
}
