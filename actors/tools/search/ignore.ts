// Which files a search passes over: .gitignore and .ignore files with git's pattern rules (gitignore(5)), nested and
// negated, judged as ripgrep judges them.
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** One line of an ignore file. */
interface Rule {
  regex: RegExp;
  negated: boolean;
  foldersOnly: boolean;
}

function escaped(character: string): string {
  return /[A-Za-z0-9_]/.test(character) || character > "\x7f" ? character : `\\${character}`;
}

/** A bracket expression at `from`, as a regular expression, and where it ends; null when it has no end. */
function bracket(glob: string, from: number): { source: string; end: number } | null {
  let at = from + 1;
  const negated = glob[at] === "!" || glob[at] === "^";
  if (negated) at += 1;
  let body = "";
  for (let first = true; at < glob.length; first = false) {
    const character = glob[at] ?? "";
    if (character === "]" && !first) return { source: `[${negated ? "^/" : ""}${body}]`, end: at };
    if (character === "\\" && at + 1 < glob.length) at += 1;
    body += character === "-" ? "-" : escaped(glob[at] ?? "");
    at += 1;
  }
  return null;
}

/** A glob over a whole relative path; `*` and `?` stay within a name, `**` goes over folders. */
function globSource(glob: string): string {
  let source = "";
  let at = 0;
  while (at < glob.length) {
    const character = glob[at] ?? "";
    if (glob.startsWith("**/", at) && (at === 0 || glob[at - 1] === "/")) {
      source += "(?:.*/)?";
      at += 3;
    } else if (glob.startsWith("**", at) && at + 2 === glob.length && (at === 0 || glob[at - 1] === "/")) {
      source += ".+";
      at += 2;
    } else if (character === "*") {
      while (glob[at + 1] === "*") at += 1;
      source += "[^/]*";
      at += 1;
    } else if (character === "?") {
      source += "[^/]";
      at += 1;
    } else if (character === "[") {
      const found = bracket(glob, at);
      source += found?.source ?? "\\[";
      at = (found?.end ?? at) + 1;
    } else {
      if (character === "\\" && at + 1 < glob.length) at += 1;
      source += escaped(glob[at] ?? "");
      at += 1;
    }
  }
  return source;
}

function parseLine(line: string): Rule | null {
  if (line.startsWith("#")) return null;
  let text = line.endsWith("\\ ") ? line : line.trimEnd();
  const negated = text.startsWith("!");
  if (negated) text = text.slice(1);
  if (text === "" || text === "/") return null;
  const anchored = text.startsWith("/");
  if (anchored) text = text.slice(1);
  const foldersOnly = text.endsWith("/") && !text.endsWith("\\/");
  if (foldersOnly) text = text.slice(0, -1);
  const glob = anchored || text.includes("/") ? text : `**/${text}`;
  try {
    return { regex: new RegExp(`^${globSource(glob)}$`, "s"), negated, foldersOnly };
  } catch {
    return null;
  }
}

/** The rules of an ignore file's text. */
export function parseIgnore(text: string): Rule[] {
  return text
    .replace(/^\ufeff/, "")
    .split(/\r?\n/)
    .flatMap((line) => parseLine(line) ?? []);
}

type Verdict = "ignored" | "kept" | null;

/** What rules say of a path that is relative to their folder; the last one that matches counts. */
export function verdictOf(rules: readonly Rule[], path: string, isFolder: boolean): Verdict {
  for (let index = rules.length - 1; index >= 0; index--) {
    const rule = rules[index];
    if (rule === undefined || (rule.foldersOnly && !isFolder) || !rule.regex.test(path)) continue;
    return rule.negated ? "kept" : "ignored";
  }
  return null;
}

/** The ignore files of one folder, on top of those of the folders above it. */
export interface IgnoreChain {
  folder: string;
  ignore: Rule[];
  git: Rule[];
  /** A repository begins here: .gitignore files above it say nothing about what is in it. */
  isRepository: boolean;
  above: IgnoreChain | null;
}

function rulesOf(folder: string, name: string, names: ReadonlySet<string> | null): Rule[] {
  if (names !== null && !names.has(name)) return [];
  try {
    return parseIgnore(readFileSync(join(folder, name), "utf8"));
  } catch {
    return [];
  }
}

/** Adds a folder to the chain; `names` are those in it. */
export function descend(above: IgnoreChain | null, folder: string, names: ReadonlySet<string>): IgnoreChain {
  return {
    folder,
    ignore: rulesOf(folder, ".ignore", names),
    git: rulesOf(folder, ".gitignore", names),
    isRepository: names.has(".git"),
    above,
  };
}

function relativeTo(folder: string, path: string): string {
  return path.slice(folder.endsWith("/") ? folder.length : folder.length + 1);
}

/** What the chain says of an absolute path below its folder. `.ignore` files count before `.gitignore` files. */
export function judge(chain: IgnoreChain | null, path: string, isFolder: boolean): Verdict {
  for (let level = chain; level !== null; level = level.above) {
    const verdict = verdictOf(level.ignore, relativeTo(level.folder, path), isFolder);
    if (verdict !== null) return verdict;
  }
  for (let level = chain; level !== null; level = level.above) {
    const verdict = verdictOf(level.git, relativeTo(level.folder, path), isFolder);
    if (verdict !== null) return verdict;
    if (level.isRepository) return null;
  }
  return null;
}

function exists(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch (error) {
    return typeof error === "object" && error !== null && "code" in error && error.code === "EISDIR";
  }
}

/**
 * The chain of the folders above `root`. Null when they have no say, which is also so when `root` itself is ignored:
 * whoever asks for an ignored folder by name wants to see what is in it.
 */
export function chainAbove(root: string): IgnoreChain | null {
  const folders: string[] = [];
  for (let folder = root; dirname(folder) !== folder; folder = dirname(folder)) folders.unshift(dirname(folder));
  let chain: IgnoreChain | null = null;
  for (const [index, folder] of folders.entries()) {
    chain = {
      folder,
      ignore: rulesOf(folder, ".ignore", null),
      git: rulesOf(folder, ".gitignore", null),
      isRepository: exists(join(folder, ".git")),
      above: chain,
    };
    if (judge(chain, folders[index + 1] ?? root, true) === "ignored") return null;
  }
  return chain;
}
