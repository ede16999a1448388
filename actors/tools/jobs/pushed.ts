// Which repositories a job has pushed to, as far as its log or what it ran says so. Pure.
import { type Repo, webPath } from "../../hub/repo.ts";

/** A job that has ended. */
export interface Ran {
  /** The text of its script, or its command. */
  source: string;
  log: string;
  /** It went through, so whatever it was to push is pushed. */
  isDone: boolean;
}

const pushing =
  /\b(?:push_to_hub|hub_model_id|upload_file|upload_folder|upload_large_folder|create_commit)\b|\b(?:hf|huggingface-cli) upload\b/;

const escaped = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Those of `repos` that the job has pushed to. */
export function pushedTo(repos: readonly Repo[], { source, log, isDone }: Ran): Repo[] {
  const pushes = isDone && pushing.test(source);
  return repos.filter((repo) => {
    // What an upload answers with: the address of its commit, or of the branch.
    const address = new RegExp(`https?://[^\\s/]+/${escaped(webPath(repo))}/(?:commit|tree)/`);
    const named = new RegExp(`(?<![\\w./-])${escaped(repo.id)}(?![\\w-]|\\.\\w|/)`);
    return address.test(log) || (pushes && named.test(source));
  });
}
