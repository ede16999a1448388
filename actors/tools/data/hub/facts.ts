// What the Hub says of a data set's repository: its license, its tags, who may read it.
import { HttpError } from "../../../http/errors.ts";
import { hubFailure } from "../../../hub/failure.ts";
import { apiPath, type Repo } from "../../../hub/repo.ts";
import { asCount, asList, asObject, asText } from "../../../shape.ts";
import { grouped, oneLine } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import type { Asking } from "./viewer.ts";

/** What is known of a repository. */
export interface RepoFacts {
  /** Its name today, which may not be the one that was asked for. */
  id: string;
  gated: "auto" | "manual" | null;
  isPrivate: boolean;
  isDisabled: boolean;
  /** For people and models, a line each. */
  lines: string[];
}

const freshMs = 5 * 60_000;

/** Asks the Hub. Throws `ToolError` with what its refusal means. */
export async function repoFacts(repo: Repo, { door, signal, onWait, onStale }: Asking): Promise<RepoFacts> {
  const { hub } = door.services;
  try {
    const answer = await door.expect(`${hub}/api/${apiPath(repo)}`, { signal, onWait, keep: { freshMs } });
    if (answer.staleSince !== null) onStale(answer.staleSince);
    return read(asObject(await answer.json()) ?? {}, repo);
  } catch (error) {
    if (!(error instanceof HttpError) || error.status === null) throw error;
    const { message, hint, refusal } = hubFailure(error, `the data set ${repo.id}`, door.has("hub"), hub);
    throw new ToolError(/not_found|entry/.test(refusal) ? "NOT_FOUND" : "FORBIDDEN", message, hint);
  }
}

function read(body: Record<string, unknown>, repo: Repo): RepoFacts {
  const gated = body.gated === "auto" || body.gated === "manual" ? body.gated : null;
  const id = asText(body.id) || repo.id;
  const tags = asList(body.tags).filter((tag) => typeof tag === "string");
  const valued = (prefix: string) =>
    tags.filter((tag) => tag.startsWith(`${prefix}:`)).map((tag) => tag.slice(prefix.length + 1));
  const license = valued("license");
  const parts = [
    license.length > 0 ? `license ${license.join(", ")}` : "no license stated",
    ...named("tasks", valued("task_categories")),
    ...named("languages", valued("language")),
    ...counted("downloads a month", asCount(body.downloads)),
    ...counted("likes", asCount(body.likes)),
    ...(asText(body.lastModified) === "" ? [] : [`changed ${asText(body.lastModified).slice(0, 10)}`]),
  ];
  const lines = [parts.map((part) => oneLine(part, 160)).join("; ")];
  if (id.toLowerCase() !== repo.id.toLowerCase()) lines.push(`Renamed: ${repo.id} is ${id} now; use that name.`);
  if (gated !== null)
    lines.push(
      `Gated (${gated === "auto" ? "access is granted at once on request" : "its owner decides on each request"}); jobs need the token of somebody with access.`,
    );
  if (body.private === true) lines.push("Private.");
  return { id, gated, isPrivate: body.private === true, isDisabled: body.disabled === true, lines };
}

function named(what: string, values: string[]): string[] {
  if (values.length === 0) return [];
  return [`${what} ${values.slice(0, 6).join(", ")}${values.length > 6 ? `, … (${values.length})` : ""}`];
}

function counted(what: string, count: number | null): string[] {
  return count === null ? [] : [`${grouped(count)} ${what}`];
}
