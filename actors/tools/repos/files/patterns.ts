// Patterns of paths in a repository.
import { pathMatcher, plainGlob } from "../../search/globs.ts";

/** Whether any of the patterns means a path; without patterns, each does. A name alone means it in any folder. */
export async function anyMatcher(patterns: readonly string[] | undefined): Promise<(path: string) => boolean> {
  const given = (patterns ?? []).filter((pattern) => pattern.trim() !== "");
  if (given.length === 0) return () => true;
  const tests = await Promise.all(given.map(pathMatcher));
  return (path) => tests.some((matches) => matches(path));
}

/**
 * The paths that a pattern means where something is to be deleted: the path itself if there is one, else those that
 * match as a whole. A name alone means the one at the root: too little may go by mistake, never too much.
 */
export async function pathsMeant(pattern: string, paths: readonly string[]): Promise<string[]> {
  const exact = pattern.trim().replace(/^(?:\.?\/)+/, "");
  if (paths.includes(exact)) return [exact];
  const { default: picomatch } = await import("picomatch");
  const matches = picomatch(plainGlob(exact), { dot: true });
  return paths.filter((path) => matches(path));
}
