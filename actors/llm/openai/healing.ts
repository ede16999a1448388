// What is learnt from refusals of servers that do not know all of the dialect, so that each is met once.
import { saysOverflow } from "../failures.ts";
import { blamedParameter, statedBy } from "../sdk-error.ts";
import type { ReplayRule } from "./convert.ts";

/** What is known about one model at one server. */
export interface Learnt {
  /** Position in the effort ladder, by the effort that was wished for. */
  rung: Map<string, number>;
  replay: ReplayRule;
  /** Whether the last chunk is asked to carry the usage. */
  askUsage: boolean;
}

/** What is assumed at first. */
export function nothingLearnt(): Learnt {
  return { rung: new Map(), replay: "received", askUsage: true };
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
 * Learns from a refused request, which was sent with this effort value. Returns whether sending it again makes sense:
 * something will be different then.
 */
export function learn(known: Learnt, wish: string, sentEffort: string | null, error: unknown): boolean {
  const stated = statedBy(error);
  if (stated === null || (stated.status !== 400 && stated.status !== 422) || saysOverflow(stated.message)) return false;
  const blamed = `${blamedParameter(error)} ${stated.message}`;
  const aboutReplay = /reasoning_content|messages.{0,40}reasoning(?!_effort)/i.test(blamed);
  if (sentEffort !== null && !aboutReplay && /effort|thinking|reasoning/i.test(blamed)) {
    known.rung.set(wish, nextRung(known.rung.get(wish) ?? 0, stated.message));
    return true;
  }
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
