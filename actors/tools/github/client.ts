// The client of GitHub's API: Octokit over the door. The door holds the token, repeats what may be repeated, keeps
// answers with their validators and waits for limits that end soon; here is what is peculiar to GitHub.
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import type { Door } from "../../http/types.ts";
import type { ToolContext } from "../contract.ts";

const Client = Octokit.plugin(throttling);

/** The client. */
export type GitHub = InstanceType<typeof Client>;

/** The version of the API that the answers are read as. */
const apiVersion = "2022-11-28";
/** Nothing that goes wrong with a request is for the terminal: the caller is told. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Makes a client for one call. `freshMs`: for so long an answer is not asked for again; afterwards it is confirmed by
 * its validators, which costs nothing of GitHub's limit.
 */
export function githubClient(context: Pick<ToolContext, "door" | "signal" | "log">, freshMs: number): GitHub {
  const { door, signal, log } = context;
  const through = door.fetchFor(signal, { onWait: log, attempts: 4, keep: { freshMs } });
  return new Client({
    baseUrl: door.services.github,
    log: silent,
    throttle: {
      // One line of requests for each GitHub that is asked.
      id: door.services.github,
      // The door has waited already where waiting was worth it.
      onRateLimit: () => false,
      onSecondaryRateLimit: () => false,
    },
    request: { fetch: withOwnHeaders(through) },
  });
}

/** The door says who asks; Octokit's own name is left out. */
function withOwnHeaders(through: typeof fetch): typeof fetch {
  return (input, init = {}) => {
    const headers = new Headers(init.headers);
    headers.delete("user-agent");
    headers.set("x-github-api-version", apiVersion);
    return through(input, { ...init, headers });
  };
}

/** What a run without a token should know. */
export function limitsWithout(door: Door): string {
  return door.has("github")
    ? ""
    : "Without a token GitHub answers 60 requests an hour and does not search in code; the user can set GITHUB_TOKEN.";
}
