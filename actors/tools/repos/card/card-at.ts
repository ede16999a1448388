// The card of a repository as the Hub has it.
import { filePart, type Repo, revisionPart, webPath } from "../../../hub/repo.ts";
import type { LookContext } from "../../contract.ts";
import { ifThere } from "../failure.ts";

/** A card is small; what is larger is not read for its head. */
export const mostCardBytes = 1 << 20;
export const cardFile = "README.md";

/** Its text at a commit or on a branch, or null. */
export async function cardAt(
  repo: Repo,
  revision: string,
  { door, signal }: Pick<LookContext, "door" | "signal">,
): Promise<string | null> {
  const url = `${door.services.hub}/${webPath(repo)}/resolve/${revisionPart(revision)}/${filePart(cardFile)}`;
  return await ifThere(async () => (await door.expect(url, { signal })).text(mostCardBytes));
}
