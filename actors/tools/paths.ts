// From what a model writes as a path to the one real path that is judged, shown and used.
import { lstatSync, readlinkSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, normalize, parse, relative, resolve, sep } from "node:path";
import { isSystemError, ToolError } from "./errors.ts";

/** Linux gives up after this many symbolic links in one path (path_resolution(7)). */
const maxLinks = 40;

/** The absolute path that a model's text stands for; `~` is the home folder. Links are not looked at. */
export function absolutePath(workspace: string, home: string, path: string): string {
  if (path.includes("\0")) throw new ToolError("BAD_ARGUMENTS", "A path cannot contain a null byte.");
  if (path.trim() === "") throw new ToolError("BAD_ARGUMENTS", "The path is empty.", "Use . for the workspace.");
  if (path === "~") return home;
  if (path.startsWith("~/")) return join(home, path.slice(2));
  return isAbsolute(path) ? normalize(path) : resolve(workspace, path);
}

/**
 * Resolves symbolic links as far as the path exists; also a link whose target is missing, so that a file made through
 * it is judged by where it really lands. Throws when the links go round in a circle.
 */
export function realPath(absolute: string): string {
  try {
    return realpathSync.native(absolute);
  } catch (error) {
    if (isSystemError(error, "ELOOP")) throw circle(absolute);
    if (!isSystemError(error, "ENOENT", "ENOTDIR", "EACCES")) throw error;
  }
  return walkLinks(absolute);
}

function circle(path: string): ToolError {
  return new ToolError("BAD_ARGUMENTS", `${path} is a symbolic link that leads back to itself.`);
}

function walkLinks(absolute: string): string {
  const { root } = parse(absolute);
  let done = root;
  let rest = absolute.slice(root.length).split(sep).filter(Boolean);
  let links = 0;
  while (rest.length > 0) {
    const [name = "", ...after] = rest;
    if (name === "..") {
      done = dirname(done);
      rest = after;
      continue;
    }
    const next = join(done, name);
    const target = linkTarget(next);
    if (target === null) {
      done = next;
      rest = after;
      continue;
    }
    links += 1;
    if (links > maxLinks) throw circle(absolute);
    const parts = target.split(sep).filter((part) => part !== "" && part !== ".");
    if (isAbsolute(target)) done = root;
    rest = [...parts, ...after];
  }
  return done;
}

function linkTarget(path: string): string | null {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : null;
  } catch {
    return null;
  }
}

/** The real, absolute path that a model's text stands for. */
export function resolveIn(workspace: string, home: string, path: string): string {
  return realPath(absolutePath(workspace, home, path));
}

/** A path as people read it: from the workspace where it lies inside, else absolute. */
export function shownPath(workspace: string, path: string): string {
  const from = relative(workspace, path);
  if (from === "") return ".";
  return from === ".." || from.startsWith(`..${sep}`) || isAbsolute(from) ? path : from;
}
