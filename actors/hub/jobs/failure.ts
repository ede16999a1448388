// What a refusal of the Jobs API means, in words for people and models.
import type { HttpError } from "../../http/errors.ts";
import { type HubFailure, hubFailure } from "../failure.ts";

/** The words by which the Hub speaks of missing credits where its status does not; a quota is something else. */
const credits =
  /\b(?:insufficient|not enough|out of|no|add|requires?|pre-?paid|exhausted)\b[^.]{0,40}\bcredits?\b|\bcredits?\b[^.]{0,30}\b(?:exhausted|required|limit)\b|payment required/i;

/** Explains a refusal. `namespace`: who was to pay. */
export function jobsFailure(
  error: HttpError,
  namespace: string,
  subject: string,
  hasToken: boolean,
  hub: string,
): HubFailure {
  const said = error.said === "" ? "" : ` (${error.said})`;
  if (error.status === 402 || ([400, 403].includes(error.status ?? 0) && credits.test(error.said))) {
    return {
      refusal: "payment",
      message: `${namespace} has no credits for jobs${said}. Nothing was started.`,
      hint: `The user has to add credits at ${hub}/settings/billing; do not try again before they say that they have.`,
    };
  }
  if (error.status === 403) {
    return {
      refusal: "forbidden",
      message: `The token may not do this for ${namespace}${said}.`,
      hint: `Jobs need a token with write access to that account: ${hub}/settings/tokens`,
    };
  }
  return hubFailure(error, subject, hasToken, hub);
}
