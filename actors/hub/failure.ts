// What the Hub means by a refusal. It hides what is private behind the status of what is not there, and says more in a
// header than in the status.
import type { HttpError } from "../http/errors.ts";

/** Why the Hub refuses, for those who branch on it. */
export type HubRefusal =
  | "token_invalid"
  | "not_found_or_private"
  | "not_found"
  | "revision_not_found"
  | "entry_not_found"
  | "gated"
  | "disabled"
  | "forbidden"
  | "payment"
  | "exists"
  | "conflict"
  | "rate_limited"
  | "server"
  | "other";

/** A refusal, with words for people and models. */
export interface HubFailure {
  refusal: HubRefusal;
  message: string;
  hint: string;
}

/** The header in which the Hub names what is wrong. */
function codeOf(error: HttpError): string {
  return error.headers.get("x-error-code") ?? "";
}

function refusalOf(error: HttpError, hasToken: boolean): HubRefusal {
  const code = codeOf(error);
  const byCode: Record<string, HubRefusal> = {
    RepoNotFound: hasToken ? "not_found" : "not_found_or_private",
    RevisionNotFound: "revision_not_found",
    EntryNotFound: "entry_not_found",
    GatedRepo: "gated",
    DisabledRepo: "disabled",
  };
  if (error.code === "HTTP_RATE_LIMITED" || error.status === 429) return "rate_limited";
  // With a token, a missing repository is a 404 and a 401 means the token; the message tells the two apart.
  if (error.status === 401 && /invalid (credentials|username or password)/i.test(error.said)) return "token_invalid";
  const stated = byCode[code];
  if (stated !== undefined) return stated;
  if (error.status === 401) return "not_found_or_private";
  if (error.status === 402) return "payment";
  if (error.status === 403) return "forbidden";
  if (error.status === 404) return "not_found";
  if (error.status === 409) return "exists";
  if (error.status === 412) return "conflict";
  if (error.status !== null && error.status >= 500) return "server";
  return "other";
}

/** What a refusal of the Hub means for `subject` (for example "the dataset owner/name"). `hub`: its address. */
export function hubFailure(error: HttpError, subject: string, hasToken: boolean, hub: string): HubFailure {
  const refusal = refusalOf(error, hasToken);
  const said = error.said === "" ? "" : ` (${error.said})`;
  const login = `Set HF_TOKEN (${hub}/settings/tokens).`;
  const known: Partial<Record<HubRefusal, [message: string, hint: string]>> = {
    token_invalid: [`The Hub does not accept the token${said}.`, `Make a new one: ${hub}/settings/tokens`],
    not_found_or_private: [
      `${capital(subject)} does not exist, or is private or gated.`,
      hasToken ? "Check the name." : `Check the name. ${login}`,
    ],
    not_found: [`${capital(subject)} does not exist, or this token may not see it.`, "Check the name."],
    revision_not_found: [`${capital(subject)} has no such revision${said}.`, "List its branches and tags."],
    entry_not_found: [`${capital(subject)} has no such file${said}.`, "List its files."],
    gated: [
      `${capital(subject)} is gated: its owner grants access on request.`,
      hasToken
        ? "The user has to ask for access on its page."
        : `The user has to ask for access on its page, and to log in. ${login}`,
    ],
    disabled: [`${capital(subject)} was disabled by the Hub${said}.`, "Use another one."],
    forbidden: [
      `The Hub does not permit it${said}.`,
      hasToken ? `The token may lack the right: ${hub}/settings/tokens` : login,
    ],
    payment: [`The Hub wants payment${said}.`, `See ${hub}/settings/billing`],
    exists: [`${capital(subject)} exists already${said}.`, "Use it, or another name."],
    conflict: [`${capital(subject)} has changed in the meantime${said}.`, "Look at it again, then repeat."],
    server: [`The Hub failed (${error.status})${said}.`, "Try again later."],
  };
  const [message, hint] = known[refusal] ?? [error.message, error.hint ?? "Check the request."];
  return { refusal, message, hint };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
