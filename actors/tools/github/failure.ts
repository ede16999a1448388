// What a refusal of GitHub means.
import { HttpError } from "../../http/errors.ts";
import { asList, asObject, asText } from "../../shape.ts";
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
  const data = asObject(response?.data);
  const message = asText(data?.message) || asText(thrown.message);
  const said = [message, ...asList(data?.errors).map(problemOf)].filter((part) => part !== "").join("; ");
  return { status: thrown.status, message: said.slice(0, 500), headers: asObject(response?.headers) ?? {} };
}

/** One of the errors that GitHub lists where it refuses arguments: `{ resource, field, code, message }`, or a text. */
function problemOf(error: unknown): string {
  const problem = asObject(error);
  if (problem === null) return asText(error);
  const where = [problem.resource, problem.field].map(asText).filter(Boolean).join(".");
  return [where, asText(problem.message) || asText(problem.code).replaceAll("_", " ")].filter(Boolean).join(": ");
}

/**
 * What the token lacks, in words: a classic token's scopes are named in `x-accepted-oauth-scopes`, the permissions of a
 * fine-grained one in `x-accepted-github-permissions`, and an organisation that wants single sign-on in `x-github-sso`.
 */
function lackOf(headers: Record<string, unknown>): string {
  const sso = /url=(https:\/\/github\.com\/\S+)/.exec(asText(headers["x-github-sso"]))?.[1];
  if (sso !== undefined) return `The user has to let the token into the organisation: ${sso}`;
  const permissions = asText(headers["x-accepted-github-permissions"]).slice(0, 120);
  const scopes = asText(headers["x-accepted-oauth-scopes"]).slice(0, 120);
  // Only classic tokens have scopes; GitHub sends this header, perhaps empty, for them alone.
  const own = headers["x-oauth-scopes"];
  if (own !== undefined && scopes !== "") {
    return `GITHUB_TOKEN needs one of the scopes ${scopes}; it has ${asText(own).slice(0, 120) || "none"}.`;
  }
  if (permissions !== "") return `GITHUB_TOKEN needs the permission ${permissions} for this repository.`;
  return "";
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
      return new ToolError("UNAVAILABLE", `GitHub does not permit it${said}.`, lackOf(headers) || token);
    case 404:
      return new ToolError("NOT_FOUND", `GitHub has no ${subject.replace(/^the /, "")}.`, `Check the name. ${token}`);
    case 410: {
      const hint = "Issues are turned off there, or it was deleted: the README may say where to report.";
      return new ToolError("NOT_FOUND", `GitHub shows no more of ${subject}${said}.`, hint);
    }
    case 409:
      return new ToolError("NOT_FOUND", `${subject} is empty${said}.`);
    case 422:
      return new ToolError("UNAVAILABLE", `GitHub refuses the request for ${subject}${said}.`);
    default:
      return new ToolError("UNAVAILABLE", `GitHub failed (${status})${said}.`, "Try again later.");
  }
}
