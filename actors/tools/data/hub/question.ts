// A condition for rows, as the viewer takes it: checked before it is sent, for its own answer to a mistake says little.
import type { Column } from "../../../data/columns.ts";
import { nearest } from "../../coerce.ts";
import { ToolError } from "../../errors.ts";

const words = new Set(
  "and or not in is null like ilike between true false asc desc cast as varchar integer double bigint length lower upper contains regexp_matches starts_with ends_with array_length len trim abs escape date timestamp similar to".split(
    " ",
  ),
);

/** Checks a condition against the columns that there are. Throws `BAD_ARGUMENTS` with what is wrong. */
export function checkWhere(where: string, columns: readonly Column[]): void {
  const hint = `Write columns in double quotes and texts in single ones, for example "${columns[0]?.name ?? "label"}" = 'x' AND "n" > 3.`;
  const bad = (message: string) => new ToolError("BAD_ARGUMENTS", message, hint);
  const texts = where.replace(/'(?:[^']|'')*'/g, "''");
  if (texts.replaceAll("''", "").includes("'"))
    throw bad("A single quote in where is not closed (double one within a text).");
  if (/;|--|\/\*/.test(texts)) throw bad("where is one condition, without ; and comments.");
  const quoted = [...texts.matchAll(/"((?:[^"]|"")*)"/g)].map(([, name = ""]) => name.replaceAll('""', '"'));
  const rest = texts.replace(/"(?:[^"]|"")*"/g, " ");
  if (rest.includes('"')) throw bad("A double quote in where is not closed.");
  const bare = [...rest.matchAll(/[A-Za-z_]\w*/g)]
    .map(([name]) => name)
    .filter((name) => !words.has(name.toLowerCase()));
  const names = columns.map(({ name }) => name);
  for (const name of [...quoted, ...bare.filter((word) => !quoted.includes(word))]) {
    if (names.length === 0 || names.includes(name)) continue;
    const near = nearest(name, names);
    const meant =
      near.length > 0
        ? `Did you mean ${near.map((one) => `"${one}"`).join(" or ")}?`
        : `The columns are: ${names.slice(0, 40).join(", ")}.`;
    throw new ToolError("BAD_ARGUMENTS", `There is no column ${JSON.stringify(name)}.`, meant);
  }
}
