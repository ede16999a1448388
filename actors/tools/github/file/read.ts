// Reads a file of a repository, or lists a folder.
import { posix } from "node:path";
import { asObject, asObjects, asText } from "../../../shape.ts";
import { shownBytes } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { type Desk, noteMove, notesOf, openDesk } from "../desk.ts";
import { isRefused, refusedBy } from "../failure.ts";
import { fullName, pathWithin, type Repo, readPlace, requirePlace, requireRef } from "../names.ts";
import type { ReadFileArgs } from "../read-file.ts";
import { contentOf } from "./content.ts";
import { folderListing } from "./listing.ts";
import { missingFile } from "./missing.ts";
import { pageOf, type Range } from "./text.ts";

const usualLines = 300;
const mostLines = 2_000;
/** Milliseconds for which a branch is taken not to have moved; then one asks again, which costs nothing if it has not. */
const freshMs = 60_000;
/** Symbolic links that are followed for one file. */
const mostLinks = 4;

/** What is to be read. */
interface Wish {
  repo: Repo;
  path: string;
  ref: string | null;
  range: Range;
}

/** Reads the arguments; an address in place of the repository or of the path says the rest. Throws `BAD_ARGUMENTS`. */
function wishOf(args: ReadFileArgs): Wish {
  const inPath = /^(https?:\/\/|git@|github\.com\/)/i.test(args.path?.trim() ?? "") ? readPlace(args.path ?? "") : null;
  const place = inPath ?? requirePlace(args.repo);
  const path = pathWithin(inPath === null ? (args.path ?? place.path ?? "") : (inPath.path ?? ""));
  const ref = args.ref?.trim() || place.ref;
  const from = args.line_start ?? place.lines?.from ?? 1;
  const to = args.line_end ?? place.lines?.to;
  if (to !== undefined && to < from) {
    throw new ToolError("BAD_ARGUMENTS", `line_end (${to}) comes before line_start (${from}).`);
  }
  const count = to === undefined ? usualLines : Math.min(to - Math.max(from, 1) + 1, mostLines);
  const range = { from: Math.max(from, 1), count: Math.max(count, 1) };
  return { repo: place, path, ref: ref === null || /^head$/i.test(ref) ? null : requireRef(ref), range };
}

async function ask(desk: Desk, { repo, path, ref }: Wish): Promise<unknown> {
  return desk.about(`the file ${path} of ${fullName(repo)}`, async () => {
    try {
      const at = { owner: repo.owner, repo: repo.name, path, ...(ref === null ? {} : { ref }) };
      return (await desk.github.rest.repos.getContent(at)).data;
    } catch (error) {
      if (isRefused(error, 404)) throw await missingFile(desk, repo, path, ref);
      if (isRefused(error, 403) && /too.?large|up to \d+ ?MB/i.test(refusedBy(error)?.message ?? "")) {
        throw new ToolError("TOO_LARGE", `${path} is too large for GitHub's API.`, "Clone the repository with bash.");
      }
      throw error;
    }
  });
}

/** Where a symbolic link leads, from the root of the repository. Throws for one that leaves it. */
function target(path: string, link: string): string {
  const next = posix.normalize(posix.join(posix.dirname(path), link));
  if (!link.startsWith("/") && !next.startsWith("..")) return pathWithin(next);
  throw new ToolError("NOT_FOUND", `${path} is a symbolic link to ${link}, which is outside the repository.`);
}

/** The name that GitHub itself gives the repository, from the address of what it answered with. */
function nameIn(answer: unknown): string {
  const first = Array.isArray(answer) ? answer[0] : answer;
  const place = /^https?:\/\/[^/]+\/([^/]+\/[^/]+)\/(?:blob|tree)\//.exec(asText(asObject(first)?.html_url));
  return place?.[1] ?? "";
}

/** Reads it. */
export async function readFile(args: ReadFileArgs, context: ToolContext): Promise<ToolResult> {
  const desk = openDesk(context, freshMs);
  const wish = wishOf(args);
  let answer = await ask(desk, wish);
  for (let links = 0; asText(asObject(answer)?.type) === "symlink"; links += 1) {
    const link = asText(asObject(answer)?.target);
    if (links >= mostLinks) throw new ToolError("NOT_FOUND", `${wish.path} leads through too many symbolic links.`);
    desk.note(`${wish.path} is a symbolic link to ${link}.`);
    wish.path = target(wish.path, link);
    answer = await ask(desk, wish);
  }
  const repoName = nameIn(answer) || fullName(wish.repo);
  noteMove(desk, wish.repo, repoName);
  const name = `${repoName}${wish.ref === null ? "" : `@${wish.ref}`}: ${wish.path || "/"}`;
  const untrusted = `github.com/${repoName}`;

  if (Array.isArray(answer)) {
    const entries = asObjects(answer);
    const text = `[${name} · a folder of ${entries.length}]\n${folderListing(entries)}${notesOf(desk)}`;
    return { ok: true, text, data: { path: wish.path, entries: entries.length }, untrusted };
  }
  const file = asObject(answer) ?? {};
  const type = asText(file.type);
  if (type === "submodule") {
    const where = asText(file.submodule_git_url) || "another repository";
    const text = `[${name} · a submodule: ${where} at commit ${asText(file.sha)}]\nRead it there.${notesOf(desk)}`;
    return { ok: true, text, data: { path: wish.path, submodule: where }, untrusted };
  }
  if (type !== "file")
    throw new ToolError("NOT_A_FILE", `${name} is no file (${type || "GitHub does not say what it is"}).`);
  return desk.about(`the file ${wish.path} of ${repoName}`, async () => {
    const content = await contentOf(desk, readPlace(repoName) ?? wish.repo, file);
    try {
      const maxChars = Math.max(2_000, context.outputChars - 1_500);
      const page = await pageOf(content, wish.path, wish.range, maxChars, context.signal);
      const head = [name, shownBytes(content.size), ...page.facts].join(" · ");
      const next = page.next === null ? "" : `\n[Goes on: line_start ${page.next}.]`;
      return {
        ok: true,
        text: `[${head}]\n${page.text}${next}${notesOf(desk)}`,
        data: { path: wish.path, bytes: content.size, lines: page.lines, total_lines: page.totalLines },
        untrusted,
      };
    } finally {
      await content.close();
    }
  });
}
