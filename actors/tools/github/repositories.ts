// A repository as GitHub describes it, and repositories that are named like one.
import { asCount, asList, asObject, asObjects, asText } from "../../shape.ts";
import { grouped, oneLine } from "../cap.ts";
import { ToolError } from "../errors.ts";
import { type Desk, noteMove } from "./desk.ts";
import { isRefused } from "./failure.ts";
import { fullName, type Repo } from "./names.ts";

/** What is known of a repository. */
export interface Repository {
  fullName: string;
  description: string;
  branch: string;
  language: string;
  stars: number;
  forks: number;
  topics: string[];
  pushedAt: string;
  isArchived: boolean;
  isFork: boolean;
}

/** Reads one from an answer. */
export function repositoryOf(value: unknown): Repository {
  const entry = asObject(value) ?? {};
  return {
    fullName: asText(entry.full_name),
    description: asText(entry.description),
    branch: asText(entry.default_branch),
    language: asText(entry.language),
    stars: asCount(entry.stargazers_count) ?? 0,
    forks: asCount(entry.forks_count) ?? 0,
    topics: asList(entry.topics).filter((topic): topic is string => typeof topic === "string"),
    pushedAt: asText(entry.pushed_at).slice(0, 10),
    isArchived: entry.archived === true,
    isFork: entry.fork === true,
  };
}

/** A repository in words. */
export function repositoryLine(repository: Repository): string {
  const { description, language, stars, forks, topics, pushedAt, isArchived, isFork } = repository;
  const facts = [
    `${grouped(stars)} stars`,
    `${grouped(forks)} forks`,
    language,
    pushedAt === "" ? "" : `pushed ${pushedAt}`,
    isArchived ? "ARCHIVED" : "",
    isFork ? "a fork" : "",
    topics.slice(0, 5).join(", "),
  ];
  const line = `${repository.fullName} · ${facts.filter((fact) => fact !== "").join(" · ")}`;
  return description === "" ? line : `${line}\n   ${oneLine(description, 160)}`;
}

/** The words of a name that a search for it is made of; what would be an operator is left out. */
function searchWords(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, " ").trim();
}

/** Repositories named like one: of its owner first, else of anybody. */
async function similar(desk: Desk, { owner, name }: Repo): Promise<Repository[]> {
  for (const q of [`${searchWords(name)} user:${owner} fork:true`, `${searchWords(name)} in:name`]) {
    try {
      const { data } = await desk.github.rest.search.repos({ q, sort: "stars", order: "desc", per_page: 8 });
      const found = asObjects(data.items).map(repositoryOf);
      if (found.length > 0) return found;
    } catch (error) {
      desk.context.signal.throwIfAborted();
      // An owner that does not exist cannot be searched in; a limit must not hide that the repository is missing.
      if (!isRefused(error, 422)) return [];
    }
  }
  return [];
}

/** The error for a repository that is not there, with those that may be meant. */
export async function missingRepository(desk: Desk, repo: Repo): Promise<ToolError> {
  const near = await similar(desk, repo);
  const token = desk.hasToken ? "or the token may not see it" : "or it is private (the user can set GITHUB_TOKEN)";
  const hint =
    near.length === 0
      ? "Check the name."
      : `Similar ones: ${near.map((one) => `${one.fullName} (${grouped(one.stars)} stars)`).join(", ")}.`;
  return new ToolError("NOT_FOUND", `GitHub has no repository ${fullName(repo)}, ${token}.`, hint);
}

/** Asks for a repository. Tells of a move and of an archive; throws `NOT_FOUND` with those that may be meant. */
export async function describeRepository(desk: Desk, repo: Repo): Promise<Repository> {
  return desk.about(`the repository ${fullName(repo)}`, async () => {
    try {
      const { data } = await desk.github.rest.repos.get({ owner: repo.owner, repo: repo.name });
      const found = repositoryOf(data);
      noteMove(desk, repo, found.fullName);
      if (found.isArchived) desk.note(`${found.fullName} is archived: nobody maintains it.`);
      return found;
    } catch (error) {
      if (isRefused(error, 404)) throw await missingRepository(desk, repo);
      throw error;
    }
  });
}
