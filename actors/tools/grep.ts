// The tool that searches in files.
import { basename, dirname, join } from "node:path";
import * as z from "zod/mini";
import { grouped, headOf } from "./cap.ts";
import { defineTool, type ToolContext } from "./contract.ts";
import { ToolError } from "./errors.ts";
import { requireFile, statOrNull } from "./files/open.ts";
import { wantsHidden } from "./search/globs.ts";
import { readPattern } from "./search/pattern.ts";
import { firstFiles, type GrepCounts, type GrepLine, type GrepQuery } from "./search/query.ts";
import { countMatches, matchingLines } from "./search/ripgrep.ts";

const timeoutMs = 60_000;
const defaultLimit = 100;
const maxLimit = 1_000;
const maxContext = 20;
const maxLineChars = 400;

const input = z.strictObject({
  pattern: z
    .string()
    .check(
      z.describe(
        "Regular expression, matched within each line. Put a backslash before ( ) [ ] { } . * + ? ^ $ | to find them as they are.",
      ),
    ),
  path: z._default(z.string(), ".").check(z.describe("The folder or file to search. Default: the workspace.")),
  glob: z.optional(z.string().check(z.describe("Search only files with such paths, for example *.py or src/**/*.ts."))),
  ignore_case: z._default(z.boolean(), false).check(z.describe("Letter case does not matter.")),
  context: z._default(z.int(), 0).check(z.describe("Lines to show before and after each match, 20 at most.")),
  output: z
    ._default(z.enum(["content", "files", "count"]), "content")
    .check(z.describe("content: the matching lines; files: only the paths; count: matching lines for each file.")),
  limit: z.optional(z.int().check(z.describe("Matching lines, or files, to show at most. Default 100."))),
});

type Input = z.infer<typeof input>;

async function queryOf(args: Input): Promise<GrepQuery> {
  const pattern = readPattern(args.pattern, args.ignore_case);
  const isFolder = (await statOrNull(args.path))?.isDirectory() ?? false;
  if (!isFolder) await requireFile(args.path);
  return {
    root: isFolder ? args.path : dirname(args.path),
    file: isFolder ? null : basename(args.path),
    pattern,
    glob: args.glob ?? null,
    hidden: args.glob !== undefined && wantsHidden(args.glob),
    context: Math.min(Math.max(args.context, 0), maxContext),
    limit: limitOf(args),
  };
}

function limitOf(args: Input): number {
  return Math.min(args.limit === undefined || args.limit <= 0 ? defaultLimit : args.limit, maxLimit);
}

/** An engine: ripgrep where it is there and can express the pattern, else the pool. */
function engineFor(query: GrepQuery, context: ToolContext) {
  const program = query.pattern.rust === null ? null : context.ripgrep;
  const { signal } = context;
  return {
    async count(): Promise<{ found: GrepCounts; usesRipgrep: boolean }> {
      const found = program === null ? null : await countMatches(program, query, signal, timeoutMs);
      if (found !== null) return { found, usesRipgrep: true };
      return { found: await context.pool<GrepCounts>("countMatches", query), usesRipgrep: false };
    },
    async lines(files: string[], usesRipgrep: boolean): Promise<GrepLine[]> {
      if (usesRipgrep && program !== null) return matchingLines(program, query, files, signal, timeoutMs);
      return context.pool<GrepLine[]>("matchingLines", { query, files });
    },
  };
}

/** Lines up to the limit of matches. */
function limited(lines: readonly GrepLine[], limit: number): GrepLine[] {
  let matches = 0;
  const end = lines.findIndex((line) => {
    if (line.isMatch) matches += 1;
    return matches > limit;
  });
  return end === -1 ? [...lines] : lines.slice(0, end);
}

function render(lines: readonly GrepLine[], shown: (file: string) => string): string[] {
  const text: string[] = [];
  let before: GrepLine | null = null;
  for (const line of lines) {
    if (before?.file !== line.file) text.push(...(before === null ? [] : [""]), shown(line.file));
    else if (line.line !== before.line + 1 && lines.some((each) => !each.isMatch)) text.push("--");
    const cut = line.text.length > maxLineChars ? `${headOf(line.text, maxLineChars)}… [line cut]` : line.text;
    text.push(`${line.line}${line.isMatch ? ":" : "-"}${cut}`);
    before = line;
  }
  return text;
}

function nothing(args: Input, shown: string): string {
  const bar = /\\\|/.test(args.pattern) ? " A \\| finds a bar itself; write | for alternatives." : "";
  const glob = args.glob === undefined ? "" : ` in files like ${args.glob}`;
  return `Nothing matches ${args.pattern} in ${shown === "." ? "the workspace" : shown}${glob}.${bar}`;
}

/** Searches the contents of files. */
export const grep = defineTool<Input>({
  name: "grep",
  description: [
    "Searches file contents for a regular expression and answers with path, line number and line, ordered by path; says how many more there are.",
    "Use it instead of grep or rg in bash. Ask for output files or count first when much may match.",
    "What .gitignore and .ignore name is passed over unless path names it, so are .git, hidden files (unless glob begins a name with a dot), binary files and files over 64 MB. Symbolic links are not followed.",
    "A match lies within one line. Lookaround and backreferences work, but are slower.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "pure",
  touches: (args) => [{ kind: "read", path: args.path }],
  title: (args) =>
    `Search ${args.pattern}${args.path === "." ? "" : ` in ${args.path}`}${args.glob === undefined ? "" : ` (${args.glob})`}`,
  timeoutMs: () => timeoutMs,

  async run(args, context) {
    const query = await queryOf(args);
    const engine = engineFor(query, context);
    const { found, usesRipgrep } = await engine.count();
    const counts = found.counts.filter(([file]) => context.closed(join(query.root, file)) === null);
    const shown = (file: string) => context.shown(join(query.root, file));
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    const data = { files: counts.length, lines: total };
    const tail = found.truncated ? ["[not every file was looked at; search a smaller folder]"] : [];
    if (total === 0) return { ok: true, text: [nothing(args, context.shown(args.path)), ...tail].join("\n"), data };
    if (args.output !== "content") {
      const listed = counts.slice(0, query.limit);
      const text = listed.map(([file, count]) => (args.output === "count" ? `${shown(file)}:${count}` : shown(file)));
      const left = counts.length - listed.length;
      if (left > 0) text.push(`[${grouped(left)} more files; narrow the search or raise limit]`);
      if (args.output === "count") text.push(`[${grouped(total)} matching lines in ${grouped(counts.length)} files]`);
      return { ok: true, text: [...text, ...tail].join("\n"), data };
    }
    const lines = limited(await engine.lines(firstFiles(counts, query.limit), usesRipgrep), query.limit);
    const matches = lines.filter((line) => line.isMatch).length;
    if (matches === 0) throw new ToolError("STALE", "The files changed while they were searched.", "Search again.");
    const text = render(lines, shown);
    if (matches < total) {
      text.push(
        `[${grouped(matches)} of ${grouped(total)} matching lines in ${grouped(counts.length)} files shown; narrow the search or raise limit]`,
      );
    }
    return { ok: true, text: [...text, ...tail].join("\n"), data };
  },
});
