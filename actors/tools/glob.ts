// The tool that finds files by name.
import { join } from "node:path";
import * as z from "zod/mini";
import { grouped } from "./cap.ts";
import { defineTool } from "./contract.ts";
import { ToolError } from "./errors.ts";
import { requireFolder } from "./files/open.ts";
import { pathMatcher, wantsHidden } from "./search/globs.ts";
import { chainAbove } from "./search/ignore.ts";
import { maxFiles } from "./search/query.ts";
import { walkFiles } from "./search/walk.ts";

const maxShown = 500;
const timeoutMs = 60_000;

const input = z.strictObject({
  pattern: z
    .string()
    .check(
      z.describe(
        "For example **/*.py, src/*.{json,yaml}, train_*. Without a slash it speaks of the file's name in any folder.",
      ),
    ),
  path: z._default(z.string(), ".").check(z.describe("The folder to look in. Default: the workspace.")),
});

type Input = z.infer<typeof input>;

/** Finds files by a pattern of their paths. */
export const glob = defineTool<Input>({
  name: "glob",
  description: [
    "Finds files by name, with *, ?, […], {a,b} and ** for any folders. Answers with paths in order, 500 at most, and says how many more there are.",
    "What .gitignore and .ignore name is left out, so are .git and, unless the pattern itself begins a name with a dot, hidden files. Symbolic links are not followed.",
    "To look inside files use grep; to see what a folder holds use list.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "pure",
  touches: (args) => [{ kind: "read", path: args.path }],
  title: (args) => `Find ${args.pattern}${args.path === "." ? "" : ` in ${args.path}`}`,
  timeoutMs: () => timeoutMs,

  async run(args, context) {
    if (args.pattern.trim() === "")
      throw new ToolError("BAD_ARGUMENTS", "The pattern is empty.", "Use * for all files.");
    await requireFolder(args.path);
    const hidden = wantsHidden(args.pattern);
    const above = chainAbove(args.path);
    const { files, truncated } = await walkFiles(args.path, { hidden, above, maxFiles, signal: context.signal });
    const matches = await pathMatcher(args.pattern);
    const found = files.filter((file) => matches(file) && context.closed(join(args.path, file)) === null).sort();
    const shown = found.slice(0, maxShown).map((file) => context.shown(join(args.path, file)));
    const left = found.length - shown.length;
    const lines = [...shown];
    const where = context.shown(args.path);
    if (found.length === 0)
      lines.push(`No file matches ${args.pattern} in ${where === "." ? "the workspace" : where}.`);
    if (left > 0) lines.push(`[${grouped(left)} more; narrow the pattern or the path]`);
    if (truncated) lines.push(`[only the first ${grouped(maxFiles)} files were looked at; search a smaller folder]`);
    return { ok: true, text: lines.join("\n"), data: { files: found.length, shown: shown.length, truncated } };
  },
});
