// Who the token belongs to, and for whom it may act.
import type { Door } from "../http/types.ts";
import { asObject, asObjects, asText } from "../shape.ts";

/** The owner of the token. */
export interface Whoami {
  name: string;
  /** Organisations of the owner's, by name, and whether each can pay. */
  orgs: { name: string; canPay: boolean | null }[];
  canPay: boolean | null;
  isPro: boolean;
  /** `read`, `write` or `fineGrained`; null when the Hub does not say. */
  role: string | null;
}

/** The endpoint has a strict limit of its own, so its answer is kept for so long; in milliseconds. */
const freshMs = 10 * 60_000;

/** Asks the Hub. Throws what the door throws; a 401 means that the token is not accepted. */
export async function whoami(door: Door, signal: AbortSignal): Promise<Whoami> {
  const url = `${door.services.hub}/api/whoami-v2`;
  const answer = await door.expect(url, { signal, keep: { freshMs } });
  const body = asObject(await answer.json());
  const truth = (value: unknown): boolean | null => (typeof value === "boolean" ? value : null);
  const role = asText(asObject(asObject(body?.auth)?.accessToken)?.role);
  return {
    name: asText(body?.name),
    orgs: asObjects(body?.orgs).map((org) => ({ name: asText(org.name), canPay: truth(org.canPay) })),
    canPay: truth(body?.canPay),
    isPro: body?.isPro === true,
    role: role === "" ? null : role,
  };
}
