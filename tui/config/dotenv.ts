// `.env` files: lines of NAME=value.

const assignment = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/;

/**
 * Reads the text of a `.env` file. Values may stand in single quotes (as they are) or double quotes (with `\n`, `\t`,
 * `\"` and `\\`); outside quotes a ` #` begins a comment. Lines that are no assignment are passed over.
 */
export function parseDotenv(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.replace(/^\ufeff/, "").split(/\r?\n/)) {
    const match = assignment.exec(line);
    if (match?.[1] !== undefined) values[match[1]] = unquote(match[2] ?? "");
  }
  return values;
}

const escapes: Record<string, string> = { n: "\n", r: "\r", t: "\t" };

function unquote(raw: string): string {
  const single = /^'([^']*)'/.exec(raw);
  if (single !== null) return single[1] ?? "";
  const double = /^"((?:[^"\\]|\\.)*)"/.exec(raw);
  if (double !== null) return (double[1] ?? "").replace(/\\(.)/g, (_, letter: string) => escapes[letter] ?? letter);
  return raw.replace(/(^|\s)#.*$/, "").trim();
}
