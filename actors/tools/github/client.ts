// The client of GitHub's API: Octokit over the door. The door holds the token, repeats what may be repeated, keeps
// answers with their validators and waits for limits that end soon; here is what is peculiar to GitHub.
import { throttling } from "@octokit/plugin-throttling";
import { Octokit } from "@octokit/rest";
import type { Door } from "../../http/types.ts";
import type { LookContext, ToolContext } from "../contract.ts";

const Client = Octokit.plugin(throttling);

/** The client. */
export type GitHub = InstanceType<typeof Client>;

/** The version of the API that the answers are read as. */
const apiVersion = "2022-11-28";
/** Nothing that goes wrong with a request is for the terminal: the caller is told. */
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** What a client needs of a call. */
export type ClientContext = Pick<LookContext, "door" | "signal"> & Partial<Pick<ToolContext, "log">>;

/**
 * Makes a client for one call. `freshMs`: for so long an answer is not asked for again; afterwards it is confirmed by
 * its validators, which costs nothing of GitHub's limit. Null: no kept answer is taken, not even where GitHub fails.
 * What changes something is sent once: whether it was done is for the caller to look up before it is sent again.
 */
export function githubClient({ door, signal, log }: ClientContext, freshMs: number | null): GitHub {
  const onWait = log === undefined ? {} : { onWait: log };
  const reads = door.fetchFor(signal, { ...onWait, attempts: 4, ...(freshMs === null ? {} : { keep: { freshMs } }) });
  const writes = door.fetchFor(signal, { attempts: 1 });
  const through: typeof fetch = (input, init) =>
    /^(?:GET|HEAD)$/i.test(init?.method ?? "GET") ? reads(input, init) : writes(input, init);
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
