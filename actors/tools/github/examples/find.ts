// Finds files of a repository, or of an owner's best repositories, that show how something is done.
import { asObjects } from "../../../shape.ts";
import { grouped, oneLine, shownBytes } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { limitsWithout } from "../client.ts";
import { type Desk, notesOf, openDesk } from "../desk.ts";
import type { FindExamplesArgs } from "../find-examples.ts";
import { fullName, isOwner, isRepositoryName, type Repo, readPlace } from "../names.ts";
import { describeRepository, repositoryOf } from "../repositories.ts";
import { filesOf, type TreeFile } from "../tree.ts";
import { type CodeHit, searchCode } from "./code.ts";
import { bestExamples, likeness, rankOfFolder, type Scored } from "./score.ts";

const usualOwner = "huggingface";
const usualResults = 30;
const mostResults = 100;
const usualScore = 60;
/** Repositories of an owner that are looked into when none is named. */
const mostRepositories = 3;
/** Milliseconds for which GitHub's answers are taken as they were. */
const freshMs = 10 * 60_000;
/** Fragments of code that are shown of a file, and their characters. */
const mostFragments = 2;
const fragmentChars = 240;

interface Example {
  repo: string;
  path: string;
  size: number | null;
  score: number;
  fragments: string[];
}

/** The repository that is meant, or the owner alone. Throws `BAD_ARGUMENTS`. */
function target({ repo, org }: FindExamplesArgs): { owner: string; repo: Repo | null } {
  const owner = org?.trim() || usualOwner;
  const given = repo?.trim() ?? "";
  if (given === "" && isOwner(owner)) return { owner, repo: null };
  const place = readPlace(given);
  if (place !== null) return { owner: place.owner, repo: place };
  if (isOwner(owner) && isRepositoryName(given)) return { owner, repo: { owner, name: given } };
  const message = `${JSON.stringify(`${owner}/${given}`.slice(0, 120))} is no repository of GitHub.`;
  throw new ToolError("BAD_ARGUMENTS", message, "Write repo as owner/name, or org and repo.");
}

/** The owner's best repositories for the words. */
async function bestRepositories(desk: Desk, owner: string, keyword: string): Promise<Repo[]> {
  const words = keyword.replace(/[^\p{L}\p{N} -]+/gu, " ").trim();
  const ask = (query: string) =>
    desk.about(`the owner ${owner}`, () =>
      desk.github.rest.search.repos({ q: query, sort: "stars", order: "desc", per_page: mostRepositories }),
    );
  let { data } = await ask(`${words} user:${owner}`.trim());
  if (words !== "" && asObjects(data.items).length === 0) ({ data } = await ask(`user:${owner}`));
  const found = asObjects(data.items).map(repositoryOf);
  if (found.length === 0)
    throw new ToolError("NOT_FOUND", `GitHub shows no repositories of ${owner}.`, "Check the name.");
  return found.flatMap(({ fullName: name }) => readPlace(name) ?? []);
}

async function examplesIn(
  desk: Desk,
  repo: Repo,
  keyword: string,
  least: number,
): Promise<{ head: string; found: Example[] }> {
  const repository = await describeRepository(desk, repo);
  const name = repository.fullName || fullName(repo);
  const now = readPlace(name) ?? repo;
  const branch = repository.branch || "HEAD";
  const tree = await desk.about(`the files of ${name}`, () => filesOf(desk, now, branch, rankOfFolder));
  if (tree.left.length > 0) {
    const named = tree.left.slice(0, 8).join(", ");
    desk.note(`${name} is too large to be listed whole: ${tree.left.length} folders were not looked into (${named}).`);
  }
  const byPath = bestExamples(tree.files, keyword, least).map(({ file, score }: Scored<TreeFile>) => ({
    ...file,
    repo: name,
    score,
    fragments: [],
  }));
  const head = `${name} (${branch}, ${grouped(tree.files.length)} files, ${grouped(repository.stars)} stars)`;
  return { head, found: byPath };
}

/** Puts what was found in code beside what was found by paths: a file that has both goes up. */
function joined(byPath: readonly Example[], hits: readonly CodeHit[]): Example[] {
  const all = new Map(byPath.map((example) => [`${example.repo}/${example.path}`, example]));
  for (const { repo, path, fragments } of hits) {
    const key = `${repo}/${path}`;
    const known = all.get(key);
    // A file that only mentions the word counts for as much as it looks like an example.
    const score = known === undefined ? Math.round(45 + likeness(path) * 0.45) : Math.min(100, known.score + 10);
    all.set(key, { repo, path, size: known?.size ?? null, score, fragments });
  }
  return [...all.values()].sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
}

function line({ repo, path, size, score, fragments }: Example, isOne: boolean, position: number): string {
  const facts = [size === null ? "" : shownBytes(size), `score ${score}`, fragments.length > 0 ? "in code" : ""];
  const shown = fragments.slice(0, mostFragments).map((text) => `   > ${oneLine(text, fragmentChars)}`);
  const name = isOne ? path : `${repo}: ${path}`;
  return [`${position}. ${name} · ${facts.filter((fact) => fact !== "").join(" · ")}`, ...shown].join("\n");
}

/** Finds them. */
export async function findExamples(args: FindExamplesArgs, context: ToolContext): Promise<ToolResult> {
  const desk = openDesk(context, freshMs);
  const { owner, repo } = target(args);
  const keyword = args.keyword?.trim() ?? "";
  const least = Math.min(Math.max(args.min_score ?? usualScore, 1), 100);
  const most = Math.min(Math.max(args.max_results ?? usualResults, 1), mostResults);
  const repos = repo === null ? await bestRepositories(desk, owner, keyword) : [repo];
  const parts: { head: string; found: Example[] }[] = [];
  for (const one of repos) parts.push(await examplesIn(desk, one, keyword, least));
  const scope = repo === null ? `user:${owner}` : `repo:${parts[0]?.head.split(" ")[0] ?? fullName(repo)}`;
  const hits = keyword !== "" && desk.hasToken ? await searchCode(desk, keyword, scope) : [];
  const found = joined(
    parts.flatMap((part) => part.found),
    hits,
  );
  const shown = found.slice(0, most);
  desk.note(limitsWithout(context.door));
  const which = keyword === "" ? "Examples" : `Examples for "${keyword}"`;
  const head = `${which} in ${parts.map((part) => part.head).join("; ")}: ${grouped(found.length)}`;
  const left = found.length - shown.length;
  const none =
    keyword === ""
      ? "Nothing looks like an example; list a folder with github_read_file."
      : "None. Try another keyword, or none.";
  const [first] = shown;
  const how = first === undefined ? none : `Read one: github_read_file with repo ${first.repo}, path ${first.path}`;
  const lines = shown.map((example, index) => line(example, repo !== null, index + 1));
  return {
    ok: true,
    text:
      [head, ...lines, left > 0 ? `… ${grouped(left)} more with lower scores` : "", how]
        .filter((text) => text !== "")
        .join("\n") + notesOf(desk),
    data: {
      examples: shown.map((example) => ({ repo: example.repo, path: example.path, score: example.score })),
      found: found.length,
    },
    untrusted: `github.com/${repo === null ? owner : fullName(repo)}`,
  };
}
