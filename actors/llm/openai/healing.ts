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
 * Learns from a refused request, which was sent with this effort value. Returns whether sending it again makes sense:
 * something will be different then.
 */
export function learn(known: Learnt, wish: string, sentEffort: string | null, error: unknown): boolean {
  const stated = statedBy(error);
  if (stated === null || (stated.status !== 400 && stated.status !== 422) || saysOverflow(stated.message)) return false;
  const blamed = `${blamedParameter(error)} ${stated.message}`;
  if (sentEffort !== null && /effort|thinking|reasoning(?!_content)/i.test(blamed)) {
    known.rung.set(wish, (known.rung.get(wish) ?? 0) + 1);
    return true;
  }
  if (known.askUsage && /stream_options|include_usage/.test(blamed)) {
    known.askUsage = false;
    return true;
  }
  if (!/reasoning/.test(blamed)) return false;
  // DeepSeek wants its reasoning back with every message; strict servers refuse to see the field at all.
  const wanted: ReplayRule = /must be (passed|provided|included)|required|missing/i.test(stated.message)
    ? "always"
    : "never";
  if (known.replay !== "received") return false;
  known.replay = wanted;
  return true;
}
