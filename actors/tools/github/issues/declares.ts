// What each operation of github_issues touches and how it is called.
import type { Access } from "../../../events.ts";
import { shown } from "./action.ts";
import { type Input, isReading } from "./input.ts";

/** What a settled call touches. `host`: GitHub's. What is written is written in the user's name. */
export function touched({ operation, repo }: Input, host: string): Access[] {
  if (isReading(operation)) return [{ kind: "network", host }];
  const what = operation === "set_state" ? "other" : "message";
  return [{ kind: "publish", host, target: repo ?? "", what }];
}

/** Who will read it. */
function readers({ settled }: Input): string {
  return settled?.visibility === "public" || settled === undefined
    ? "public"
    : `seen by all of the ${settled.visibility} repository`;
}

/** One line for people. */
export function titleOf(args: Input): string {
  const repo = shown(args.repo);
  const number = args.number === undefined ? "" : `#${args.number}`;
  switch (args.operation) {
    case "search":
      return `Search ${args.kind === "pr" ? "pull requests" : "issues"}${args.repo === undefined ? "" : ` of ${repo}`} on GitHub: ${shown(args.query ?? "all")}`;
    case "get":
      return `Read ${repo}${number}`;
    case "diff":
      return `Read the diff of ${repo}${number || ` ${shown(args.sha ?? `${args.base ?? ""}...${args.head ?? "?"}`)}`}`;
    case "commits":
      return `Read ${args.sha === undefined ? "commits" : `commit ${shown(args.sha, 12)}`} of ${repo}`;
    case "releases":
      return `Read ${args.ref === undefined ? "releases" : `release ${shown(args.ref)}`} of ${repo}`;
    case "create_issue":
      return `Open an issue (${readers(args)}) in ${repo}: ${shown(args.title)}`;
    case "comment":
      return `Comment (${readers(args)}) on ${repo}${number}: ${shown(args.body)}`;
    case "create_pull":
      return `Open a ${args.draft === true ? "draft " : ""}pull request (${readers(args)}) to ${repo}: ${shown(args.title)}`;
    case "set_state":
      return `${args.state === "open" ? "Reopen" : "Close"} (${readers(args)}) ${repo}${number}`;
  }
}
