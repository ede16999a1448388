// What a button carries: which question it answers and how, under a seal that nobody can make who does not hold the
// session's key. A value of another question, of other arguments or of another session does not open this one. Pure.
import { createHmac, timingSafeEqual } from "node:crypto";

/** What a seal is bound to. */
export interface Sealed {
  session: string;
  callId: string;
  argumentsHash: string;
}

/** What stands in a value, to be believed once its seal was checked. */
export interface ReadValue {
  session: string;
  callId: string;
  approved: boolean;
  seal: string;
}

/** Slack takes at most this many characters. */
const mostChars = 2000;

function sealOf(key: string, { session, callId, argumentsHash }: Sealed, approved: boolean): string {
  const text = JSON.stringify([session, callId, argumentsHash, approved]);
  return createHmac("sha256", Buffer.from(key, "hex")).update(text).digest("hex");
}

/** The value of a button. `key` is the session's, in hex. */
export function buttonValue(key: string, question: Sealed, approved: boolean): string {
  return JSON.stringify([question.session, question.callId, approved, sealOf(key, question, approved)]);
}

/** What a value says, or null for one that is no value of ours. */
export function readValue(value: unknown): ReadValue | null {
  if (typeof value !== "string" || value.length > mostChars) return null;
  try {
    const parts: unknown = JSON.parse(value);
    if (!Array.isArray(parts) || parts.length !== 4) return null;
    const [session, callId, approved, seal] = parts as unknown[];
    if (typeof session !== "string" || typeof callId !== "string" || typeof seal !== "string") return null;
    return typeof approved === "boolean" ? { session, callId, approved, seal } : null;
  } catch {
    return null;
  }
}

/** Whether a value was made with this key for this question. */
export function isGenuine(key: string, question: Sealed, { approved, seal }: ReadValue): boolean {
  const expected = Buffer.from(sealOf(key, question, approved));
  const given = Buffer.from(seal);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
