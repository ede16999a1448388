// Tables of a LaTeXML page as Markdown. LaTeXML writes them as tables or, inside running text, as spans.
import { type Element, elementsOf, hasClass } from "./dom.ts";
import { inline } from "./inline.ts";

/** Columns of a table that are shown; a wider one is a mistake of the conversion. */
const mostColumns = 60;

/** Whether an element is a table of the paper. */
export function isTabular(element: Element): boolean {
  return hasClass(element, "ltx_tabular") || (element.localName === "table" && !hasClass(element, "ltx_eqn_table"));
}

function rowsOf(element: Element): Element[] {
  return elementsOf(element).flatMap((child) => {
    if (child.localName === "tr" || hasClass(child, "ltx_tr")) return [child];
    const isGroup =
      /^(thead|tbody|tfoot)$/.test(child.localName) || hasClass(child, "ltx_thead", "ltx_tbody", "ltx_tfoot");
    return isGroup ? rowsOf(child) : [];
  });
}

function spanOf(cell: Element, name: "colspan" | "rowspan"): number {
  const span = Number.parseInt(cell.getAttribute(name) ?? "1", 10);
  return Number.isFinite(span) ? Math.min(Math.max(span, 1), mostColumns) : 1;
}

/** The cells of a table, cells that span others followed by empty ones, so that columns stay columns. */
function gridOf(table: Element): string[][] {
  /** For each column, how many rows a cell above still takes. */
  const taken: number[] = [];
  return rowsOf(table).map((row) => {
    const cells: string[] = [];
    const fill = () => {
      while (cells.length < mostColumns && (taken[cells.length] ?? 0) > 0) {
        taken[cells.length] = (taken[cells.length] ?? 0) - 1;
        cells.push("");
      }
    };
    for (const cell of elementsOf(row)) {
      fill();
      const text = inline(cell).replaceAll("|", "\\|");
      for (let index = 0; index < spanOf(cell, "colspan") && cells.length < mostColumns; index += 1) {
        taken[cells.length] = spanOf(cell, "rowspan") - 1;
        cells.push(index === 0 ? text : "");
      }
    }
    fill();
    return cells;
  });
}

/** The table as Markdown; what has one column only is set in lines, for it is no table but a layout. */
export function markdownTable(table: Element): string {
  const grid = gridOf(table).filter((row) => row.some((cell) => cell !== ""));
  const width = Math.max(0, ...grid.map((row) => row.length));
  if (width <= 1) return grid.map(([cell = ""]) => cell).join("\n");
  const lines = grid.map((row) => `| ${Array.from({ length: width }, (_, index) => row[index] ?? "").join(" | ")} |`);
  const rule = `|${" --- |".repeat(width)}`;
  return [lines[0] ?? "", rule, ...lines.slice(1)].join("\n");
}
