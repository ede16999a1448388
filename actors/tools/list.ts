// The tool that shows what a folder holds.
import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { grouped, shownBytes } from "./cap.ts";
import { defineTool, type ToolContext } from "./contract.ts";
import { requireFolder } from "./files/open.ts";
import { chainAbove, descend, type IgnoreChain, judge } from "./search/ignore.ts";

const defaultDepth = 2;
const maxDepth = 10;
/** Entries shown of one folder, and in all. */
const maxOfFolder = 100;
const maxEntries = 600;

const input = z.strictObject({
  path: z._default(z.string(), ".").check(z.describe("The folder. Default: the workspace.")),
  depth: z.optional(z.int().check(z.describe("Levels of folders to show, 1 to 10. Default 2."))),
});

type Input = z.infer<typeof input>;

interface Listing {
  lines: string[];
  ignored: number;
  entries: number;
  full: boolean;
}

async function describeEntry(path: string, name: string): Promise<string> {
  try {
    const stats = await lstat(path);
    if (stats.isDirectory()) return `${name}/`;
    if (stats.isSymbolicLink()) return `${name} -> ${await readlink(path)}`;
    if (stats.isFile()) return `${name}  ${shownBytes(stats.size)}`;
    return `${name}  (not a regular file)`;
  } catch {
    return `${name}  (gone)`;
  }
}

/** Adds a folder's entries, folders first, and goes down into folders while there is depth left. */
async function addFolder(
  listing: Listing,
  folder: string,
  above: IgnoreChain | null,
  level: number,
  depth: number,
  context: ToolContext,
): Promise<void> {
  context.signal.throwIfAborted();
  const indent = "  ".repeat(level);
  const all = await readdir(folder, { withFileTypes: true }).catch(() => null);
  if (all === null) {
    listing.lines.push(`${indent}(cannot be read)`);
    return;
  }
  const chain = descend(above, folder, new Set(all.map((entry) => entry.name)));
  const seen = all.filter((entry) => {
    const path = join(folder, entry.name);
    if (entry.name === ".git" || context.closed(path) !== null) return false;
    const isIgnored = judge(chain, path, entry.isDirectory()) === "ignored";
    if (isIgnored) listing.ignored += 1;
    return !isIgnored;
  });
  seen.sort((a, b) => Number(b.isDirectory()) - Number(a.isDirectory()) || (a.name < b.name ? -1 : 1));
  for (const [index, entry] of seen.entries()) {
    if (index >= maxOfFolder || listing.entries >= maxEntries) {
      listing.lines.push(`${indent}… ${grouped(seen.length - index)} more`);
      listing.full ||= listing.entries >= maxEntries;
      return;
    }
    const path = join(folder, entry.name);
    listing.entries += 1;
    listing.lines.push(indent + (await describeEntry(path, entry.name)));
    if (entry.isDirectory() && level + 1 < depth) await addFolder(listing, path, chain, level + 1, depth, context);
  }
}

/** Shows a folder as a tree. */
export const list = defineTool<Input>({
  name: "list",
  description: [
    "Shows a folder as a tree with file sizes, two levels deep unless depth says otherwise, folders first; 100 entries of one folder and 600 in all at most.",
    "What .gitignore and .ignore name is left out and counted; .git is left out. Symbolic links are shown with their target and not followed.",
    "Use it to get to know a project; to find files by name use glob.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "pure",
  touches: (args) => [{ kind: "read", path: args.path }],
  title: (args) => `List ${args.path}`,

  async run(args, context) {
    await requireFolder(args.path);
    const depth = Math.min(Math.max(args.depth ?? defaultDepth, 1), maxDepth);
    const listing: Listing = { lines: [], ignored: 0, entries: 0, full: false };
    await addFolder(listing, args.path, chainAbove(args.path), 0, depth, context);
    const tail: string[] = [];
    if (listing.entries === 0) tail.push("(nothing in it)");
    if (listing.ignored > 0) tail.push(`[${grouped(listing.ignored)} ignored entries left out]`);
    if (listing.full) tail.push(`[cut at ${maxEntries} entries; list a folder of it, or less depth]`);
    const name = context.shown(args.path);
    const lines = [`${name.endsWith("/") ? name : `${name}/`}`, ...listing.lines.map((line) => `  ${line}`), ...tail];
    return { ok: true, text: lines.join("\n"), data: { entries: listing.entries, ignored: listing.ignored } };
  },
});
