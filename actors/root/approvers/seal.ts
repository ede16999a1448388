// What makes a button the button of one question: nobody can guess it, and it fits no other session, call or arguments.
import { createHmac, randomBytes } from "node:crypto";
import type { Json } from "../../events.ts";
import { canonicalJson, sha256 } from "../audit/entry.ts";

/** A new seal for a question. Its key is thrown away: two questions about the same call have different ones. */
export function newSeal(session: string, callId: string, args: Json): string {
  const about = JSON.stringify([session, callId, argumentsHash(args)]);
  return createHmac("sha256", randomBytes(32)).update(about).digest("base64url");
}

/** SHA-256 of the arguments, as the audit has it. */
export function argumentsHash(args: Json): string {
  return sha256(canonicalJson(args));
}

/** Characters of a call's id that a button carries as they are: Slack takes 2,000 of all that it carries. */
const idChars = 200;

/** What a question about a call is called in its buttons. */
export function questionName(callId: string): string {
  return callId.length > idChars ? sha256(callId) : callId;
}
