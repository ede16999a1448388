// An issue or a pull request as GitHub describes it: it numbers both in one row.
import { asObject, asText } from "../../../shape.ts";
import type { ClientContext } from "../client.ts";
import type { Desk } from "../desk.ts";
import { type Repo, readPlace } from "../names.ts";
import { at, shownNumber } from "./action.ts";

/** The one with this number. */
export async function issueAt(desk: Desk<ClientContext>, repo: Repo, number: number): Promise<Record<string, unknown>> {
  return desk.about(`the issue or pull request ${shownNumber(repo, number)}`, async () => {
    const { data } = await desk.github.rest.issues.get({ ...at(repo), issue_number: number });
    return asObject(data) ?? {};
  });
}

/** Where it is now: an issue can be moved to another repository, and a repository can be renamed. */
export function placeNow(issue: Record<string, unknown>, repo: Repo): Repo {
  return readPlace(asText(issue.html_url)) ?? repo;
}
