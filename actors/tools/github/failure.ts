// What a refusal of GitHub means.
import { HttpError } from "../../http/errors.ts";
import { asObject, asText } from "../../shape.ts";
import { ToolError } from "../errors.ts";

/** A refusal, as Octokit throws it. */
interface Refused {
  status: number;
  message: string;
  headers: Record<string, unknown>;
}

/** The refusal in an error, or null where it is none of GitHub's. */
export function refusedBy(error: unknown): Refused | null {
  const thrown = asObject(error);
  if (thrown === null || typeof thrown.status !== "number" || thrown.response === undefined) return null;
  const response = asObject(thrown.response);
  const said = asText(asObject(response?.data)?.message) || asText(thrown.message);
  return { status: thrown.status, message: said.slice(0, 300), headers: asObject(response?.headers) ?? {} };
}

/** Whether GitHub answered with this status. */
export function isRefused(error: unknown, ...statuses: number[]): boolean {
  const refused = refusedBy(error);
  return refused !== null && statuses.includes(refused.status);
}

const moreWithToken =
  "Without a token there are 60 requests an hour and 10 searches a minute; the user can set GITHUB_TOKEN for 5,000 and 30.";

function limit(words: string, minutes: number | null, hasToken: boolean): ToolError {
  const wait = minutes === null ? "Come back in a few minutes." : `Come back in ${minutes} min.`;
  return new ToolError("UNAVAILABLE", words, hasToken ? wait : `${wait} ${moreWithToken}`);
}

/** The failure in words for a model. `subject`: what was asked for, for example "the repository o/r". */
export function githubFailure(error: unknown, subject: string, hasToken: boolean): unknown {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (!(inner instanceof HttpError)) continue;
    if (inner.code !== "HTTP_RATE_LIMITED") return inner;
    const minutes = inner.retryAfterMs === null ? null : Math.ceil(inner.retryAfterMs / 60_000);
    return limit(`GitHub's limit on requests is reached (${inner.said || inner.status}).`, minutes, hasToken);
  }
  const refused = refusedBy(error);
  if (refused === null) return error;
  const { status, message, headers } = refused;
  const said = message === "" ? "" : ` (${message})`;
  const isLimit = status === 429 || headers["x-ratelimit-remaining"] === "0" || /rate limit|abuse/i.test(message);
  if ((status === 403 || status === 429) && isLimit) {
    return limit(`GitHub's limit on requests is reached${said}.`, null, hasToken);
  }
  const token = hasToken
    ? "The token may lack the right to see it."
    : "If it is private, the user has to set GITHUB_TOKEN.";
  switch (status) {
    case 401:
      return new ToolError(
        "UNAVAILABLE",
        `GitHub does not accept the token${said}.`,
        "The user has to renew GITHUB_TOKEN.",
      );
    case 403:
    case 451:
      return new ToolError("UNAVAILABLE", `GitHub does not permit it${said}.`, token);
    case 404:
      return new ToolError("NOT_FOUND", `GitHub has no ${subject.replace(/^the /, "")}.`, `Check the name. ${token}`);
    case 409:
      return new ToolError("NOT_FOUND", `${subject} is empty${said}.`);
    case 422:
      return new ToolError("UNAVAILABLE", `GitHub refuses the request for ${subject}${said}.`);
    default:
      return new ToolError("UNAVAILABLE", `GitHub failed (${status})${said}.`, "Try again later.");
  }
}
