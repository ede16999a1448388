// A look at a program right after it was written: a mistake that would show in minutes, on a machine that costs, shows now.

/** Characters of a program that are looked at. */
const mostChars = 1_000_000;

/** A line for the model about a Python file that does not parse; empty for one that does, and for all other files. */
export async function syntaxRemark(path: string, text: string): Promise<string> {
  if (!path.endsWith(".py") || text.length > mostChars) return "";
  const { factsOf } = await import("../python/facts.ts");
  const { error } = factsOf(text);
  return error === null ? "" : `\nIt does not seem to parse as Python. Line ${error.line}: ${error.text}`;
}
