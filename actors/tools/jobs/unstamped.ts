// What a job has pushed carries no mark of ours: only our own uploads set it. Where the next of them would, it is said.
import type { ToolContext } from "../contract.ts";
import { cardAt } from "../repos/card/card-at.ts";
import { allMadeHere } from "../repos/card/made-here.ts";
import { stamped } from "../repos/card/stamp.ts";
import { shownRepo } from "../repos/names.ts";
import { pushedTo, type Ran } from "./pushed.ts";

/** A line for each repository of the session's that the job has pushed to without the mark; empty for none. */
export async function unstamped(ran: Ran, context: ToolContext): Promise<string> {
  if (!context.artifactMetadata) return "";
  try {
    const pushed = pushedTo(await allMadeHere(context.door.services.hub, context), ran);
    const lines = await Promise.all(
      pushed.map(async (repo) => {
        const card = await cardAt(repo, "main", context);
        if (stamped(card, repo) === card) return "";
        return `\nThe job pushed to ${shownRepo(repo)}, and its card does not say that ml-intern made it: the next upload there with hf_repo_files, for example of README.md, adds that.`;
      }),
    );
    return lines.join("");
  } catch {
    // A remark is not worth a job's result.
    context.signal.throwIfAborted();
    return "";
  }
}
