// Tables of Markdown as aligned text: results of experiments are often tables, and Slack has none.

const separator = /^[ \t]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$/;

/** Whether a table begins at a line: a line with cells, and below it one of dashes with as many. */
export function isTable(lines: readonly string[], at: number): boolean {
  const head = lines[at] ?? "";
  const below = lines[at + 1] ?? "";
  if (!head.includes("|") || !below.includes("-") || !separator.test(below)) return false;
  return cellsOf(head).length === cellsOf(below).length;
}

function cellsOf(line: string): string[] {
  const inner = line
    .trim()
    .replace(/^\|/, "")
    .replace(/(?<!\\)\|$/, "");
  return inner.split(/(?<!\\)\|/).map((cell) =>
    cell
      .trim()
      .replaceAll("\\|", "|")
      .replace(/\*\*|`/g, ""),
  );
}

/** The lines of a table, the second of which is that of dashes, with their columns aligned. */
export function alignTable(lines: readonly string[]): string[] {
  const marks = cellsOf(lines[1] ?? "");
  const rows = lines.filter((_, index) => index !== 1).map(cellsOf);
  const widths = marks.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const shown = rows.map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? "";
        return marks[column]?.endsWith(":") ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  const rule = widths.map((width) => "-".repeat(width)).join("  ");
  return [shown[0] ?? "", rule, ...shown.slice(1)];
}
