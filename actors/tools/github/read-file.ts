// The tool that reads files and folders of repositories on GitHub.
import * as z from "zod/mini";
import { oneLine } from "../cap.ts";
import { defineTool } from "../contract.ts";
import { fromOutside } from "../outside.ts";

const input = z.strictObject({
  repo: z.string().check(z.describe("owner/name, or an address, which may go on to the file and its lines.")),
  path: z.optional(z.string().check(z.describe("File or folder. Empty: the top folder."))),
  ref: z.optional(z.string().check(z.describe("Branch, tag or commit. Default: the main branch."))),
  line_start: z.optional(z.int().check(z.describe("First line, from 1."))),
  line_end: z.optional(z.int().check(z.describe("Last line. Without: 300 lines."))),
});

/** The arguments of a call. */
export type ReadFileArgs = z.infer<typeof input>;

/** A large file may come slowly. */
const callLimitMs = 120_000;

/** Reads files. */
export const githubReadFile = defineTool<ReadFileArgs>({
  name: "github_read_file",
  description: [
    "Reads a file of a repository on GitHub with line numbers, 300 lines from line_start unless line_end says otherwise; lists a folder.",
    "Notebooks come as their cells with outputs shortened; files of up to 100 MB are read in parts; binary files are named and not shown.",
    "A file, branch or repository that does not exist is answered with similar ones. The line numbers and the tab after them are not part of the file.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (_, { door }) => [{ kind: "network", host: new URL(door.services.github).host }],
  title: ({ repo, path, line_start }) =>
    `Read ${oneLine(`${repo}${path ? ` ${path}` : ""}`, 100)}${line_start === undefined ? "" : `:${line_start}`}`,
  timeoutMs: () => callLimitMs,

  async run(args, context) {
    const { readFile } = await import("./file/read.ts");
    return fromOutside("github.com", context.signal, () => readFile(args, context));
  },
});
