// File name patterns: `*`, `?`, `[…]`, `{a,b}` and `**`, over paths relative to the folder that is searched.

/** Whether a pattern itself asks for names that begin with a dot. */
export function wantsHidden(pattern: string): boolean {
  return /(?:^|\/|\{|,)\.[^./]/.test(pattern);
}

/** Takes what a path relative to the folder would not have off the pattern. */
export function plainGlob(pattern: string): string {
  return pattern
    .trim()
    .replace(/^(?:\.\/)+/, "")
    .replace(/\/$/, "/**");
}

/**
 * The part of a pattern that speaks of the file's own name, for engines that can sort out by name early; null when
 * there is none that is plain enough.
 */
export function nameGlob(pattern: string): string | null {
  const name = plainGlob(pattern).split("/").at(-1) ?? "";
  const slashInBraces = /\{[^}]*\//.test(pattern);
  return slashInBraces || name.includes("**") || !/^[\w.*?{},-]+$/.test(name) ? null : name;
}

/** A test for paths. A pattern without a slash speaks of the file's name in any folder. */
export async function pathMatcher(pattern: string): Promise<(path: string) => boolean> {
  const { default: picomatch } = await import("picomatch");
  const glob = plainGlob(pattern);
  const matches = picomatch(glob.includes("/") ? glob.replace(/^\//, "") : `**/${glob}`, { dot: true });
  return (path) => matches(path);
}
