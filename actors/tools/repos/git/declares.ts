// What each operation touches and how it is called, before anything is looked at.
import type { Access } from "../../../events.ts";
import { oneLine } from "../../cap.ts";
import type { Input } from "./input.ts";

/** What a call touches. `target`: the repository's id, `host`: the Hub's. What others can see is declared as such. */
export function touched(args: Input, target: string, host: string): Access[] {
  const publish = (what: Extract<Access, { kind: "publish" }>["what"], of = target): Access => ({
    kind: "publish",
    host,
    target: of,
    what,
  });
  const remove = (what: string): Access => ({ kind: "delete", host, target, what });
  const said = args.comment === undefined ? [] : [publish("message")];
  const other = args.to_repo ?? target;
  const opened = (of: string) => (args.private === false ? [publish("visibility_public", of)] : []);
  switch (args.operation) {
    case "repo_info":
    case "list_refs":
    case "list_commits":
    case "list_prs":
    case "list_discussions":
    case "get_pr":
      return [{ kind: "network", host }];
    case "create_branch":
    case "create_tag":
      return [publish("other")];
    case "delete_branch":
      return [remove("branch")];
    case "delete_tag":
      return [remove("tag")];
    case "create_pr":
    case "create_discussion":
    case "comment_pr":
      return [publish("message")];
    case "change_pr_status":
    case "close_pr":
      return [publish("other"), ...said];
    case "merge_pr":
      return [publish("merge"), ...said];
    case "create_repo":
      return [publish("create_repo"), ...opened(target)];
    case "update_repo":
      return args.private === false ? opened(target) : [publish("other")];
    case "move_repo":
      return [publish("other"), publish("other", other)];
    case "duplicate_repo":
      return [publish("create_repo", other), ...opened(other)];
    case "delete_repo":
      return [remove("repo")];
  }
}

/** One line for people. */
export function titleOf(args: Input): string {
  const place = `${args.repo_type} ${args.repo_id}`;
  const number = `#${args.pr_num ?? "?"}`;
  const shown = (text: string | undefined) => oneLine(text ?? "?", 60);
  switch (args.operation) {
    case "repo_info":
      return `Look at ${place}`;
    case "list_refs":
      return `List branches and tags of ${place}`;
    case "list_commits":
      return `List commits of ${place}`;
    case "create_branch":
      return `Create branch ${shown(args.branch)} of ${place}`;
    case "delete_branch":
      return `Delete branch ${shown(args.branch)} of ${place}`;
    case "create_tag":
      return `Create tag ${shown(args.tag)} of ${place}`;
    case "delete_tag":
      return `Delete tag ${shown(args.tag)} of ${place}`;
    case "list_prs":
      return `List pull requests of ${place}`;
    case "list_discussions":
      return `List discussions of ${place}`;
    case "get_pr":
      return `Read ${number} of ${place}`;
    case "create_pr":
      return `Open a draft pull request to ${place}: ${shown(args.title)}`;
    case "create_discussion":
      return `Open a discussion of ${place}: ${shown(args.title)}`;
    case "comment_pr":
      return `Comment on ${number} of ${place}`;
    case "change_pr_status":
      return `${args.new_status === "closed" ? "Close" : "Open"} ${number} of ${place}`;
    case "close_pr":
      return `Close ${number} of ${place}`;
    case "merge_pr":
      return `Merge ${number} of ${place}`;
    case "create_repo":
      return `Create the ${args.private === false ? "public" : "private"} ${place}`;
    case "update_repo": {
      const seen = args.private === undefined ? [] : [args.private ? "private" : "public"];
      const gate = args.gated === undefined ? [] : [`gated: ${args.gated}`];
      return `Make ${place} ${[...seen, ...gate].join(", ") || "?"}`;
    }
    case "move_repo":
      return `Move ${place} to ${shown(args.to_repo)}`;
    case "duplicate_repo":
      return `Copy ${place} to ${shown(args.to_repo)}`;
    case "delete_repo":
      return `Delete the ${place} for good`;
  }
}
