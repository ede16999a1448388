// ripgrep as a search engine: the same questions as scan.ts, the same answers, sooner.
import { accessSync, constants } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ToolError } from "../errors.ts";
import { nameGlob, pathMatcher } from "./globs.ts";
import { chainAbove } from "./ignore.ts";
import { byPath, type GrepCounts, type GrepLine, type GrepQuery, maxFileBytes } from "./query.ts";

/** Bytes of answer that are taken from the program. */
const maxOutputBytes = 64 << 20;
/** Characters of a line that the program gives; longer ones are cut for display anyway. */
const maxColumns = 2_000;

/** Where ripgrep usually is. The thread has no PATH of its own. */
function usualFolders(): string[] {
  const path = process.env.PATH?.split(":") ?? [];
  const usual = [
    "/usr/local/bin",
    "/usr/bin",
    "/bin",
    "/opt/homebrew/bin",
    "/snap/bin",
    "/home/linuxbrew/.linuxbrew/bin",
  ];
  return [...path, ...usual, join(homedir(), ".cargo/bin"), join(homedir(), ".local/bin")].filter((folder) =>
    folder.startsWith("/"),
  );
}

/** The ripgrep program, absolute, or null when there is none in the usual places. */
export function findRipgrep(folders: readonly string[] = usualFolders()): string | null {
  for (const folder of folders) {
    const program = join(folder, "rg");
    try {
      accessSync(program, constants.X_OK);
      return program;
    } catch {
      // Not here.
    }
  }
  return null;
}

/** Arguments that make ripgrep see the files that a walk sees, whatever its own settings are. */
function walkArguments(root: string, hidden: boolean): string[] {
  return [
    "--no-config",
    "--no-messages",
    "--no-require-git",
    "--no-ignore-global",
    "--no-ignore-exclude",
    "--no-follow",
    "--glob=!.git",
    ...(hidden ? ["--hidden"] : ["--no-hidden"]),
    ...(chainAbove(root) === null ? ["--no-ignore-parent"] : []),
  ];
}

interface Answer {
  text: string;
  truncated: boolean;
}

/** Runs ripgrep. Null when it refuses the question. */
async function ask(
  program: string,
  root: string,
  args: string[],
  signal: AbortSignal,
  timeoutMs: number,
): Promise<Answer | null> {
  const { execa } = await import("execa");
  const result = await execa(program, args, {
    cwd: root,
    stdin: "ignore",
    env: { LC_ALL: "C.UTF-8" },
    extendEnv: false,
    reject: false,
    timeout: timeoutMs,
    cancelSignal: signal,
    forceKillAfterDelay: 200,
    maxBuffer: maxOutputBytes,
    stripFinalNewline: false,
  });
  signal.throwIfAborted();
  if (result.timedOut)
    throw new ToolError("TIMEOUT", "The search took too long.", "Search a smaller folder or fewer files.");
  const isPartial = result.isMaxBuffer;
  if (!isPartial && result.exitCode === undefined)
    throw new ToolError("SYSTEM", `ripgrep did not run: ${result.shortMessage}`);
  if (result.exitCode === 2 && result.stdout === "") return null;
  return { text: result.stdout, truncated: isPartial };
}

function searchArguments(query: GrepQuery): string[] {
  return [
    "--crlf",
    `--max-filesize=${maxFileBytes}`,
    ...(query.pattern.ignoreCase ? ["--ignore-case"] : ["--case-sensitive"]),
    "--regexp",
    query.pattern.rust ?? "",
  ];
}

/** Counts the matching lines of each file. Null when ripgrep cannot use the pattern. */
export async function countMatches(
  program: string,
  query: GrepQuery,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<GrepCounts | null> {
  const name = query.glob === null ? null : nameGlob(query.glob);
  const types = name === null ? [] : ["--type-add", `asked:${name}`, "--type", "asked"];
  const where =
    query.file === null
      ? [...walkArguments(query.root, query.hidden), ...types, "./"]
      : ["--no-config", "--no-messages", "--text", `./${query.file}`];
  const args = ["--count", "--null", "--with-filename", ...searchArguments(query), ...where];
  const answer = await ask(program, query.root, args, signal, timeoutMs);
  if (answer === null) return null;
  const fits = query.glob === null || query.file !== null ? () => true : await pathMatcher(query.glob);
  const counts: GrepCounts["counts"] = [];
  // With --crlf ripgrep ends its own lines with CR LF too.
  for (const [, file = "", count] of answer.text.matchAll(/([^\0]+)\0(\d+)\r?\n/g)) {
    const path = file.replace(/^\.\//, "");
    if (fits(path)) counts.push([path, Number(count)]);
  }
  return { counts: byPath(counts), truncated: answer.truncated };
}

/** The matching lines of these files, with those around them. */
export async function matchingLines(
  program: string,
  query: GrepQuery,
  files: readonly string[],
  signal: AbortSignal,
  timeoutMs: number,
): Promise<GrepLine[]> {
  if (files.length === 0) return [];
  const args = [
    "--no-config",
    "--no-messages",
    "--line-number",
    "--no-heading",
    "--null",
    "--with-filename",
    "--color=never",
    "--text",
    `--max-columns=${maxColumns}`,
    "--max-columns-preview",
    `--max-count=${query.limit}`,
    `--context=${query.context}`,
    ...searchArguments(query),
    ...files.map((file) => `./${file}`),
  ];
  const answer = await ask(program, query.root, args, signal, timeoutMs);
  const byFile = new Map<string, GrepLine[]>();
  for (const [, path = "", line, mark, text = ""] of (answer?.text ?? "").matchAll(
    /(?:^|\n)(?:--\r?\n)?([^\0\n]+)\0(\d+)([:-])([^\n]*)/g,
  )) {
    const file = path.replace(/^\.\//, "");
    const lines = byFile.get(file) ?? [];
    lines.push({
      file,
      line: Number(line),
      text: text.endsWith("\r") ? text.slice(0, -1) : text,
      isMatch: mark === ":",
    });
    byFile.set(file, lines);
  }
  return files.flatMap((file) => byFile.get(file) ?? []);
}
