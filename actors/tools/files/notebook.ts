// A Jupyter notebook as text: its cells with their sources, and their outputs shortened.
import { cleanTerminal } from "../terminal.ts";

/** Lines and characters of one output that are shown. */
const maxOutputLines = 30;
const maxOutputChars = 3_000;

/** Text in a notebook is one string or a list of them (nbformat 4). */
function joined(value: unknown): string {
  if (typeof value === "string") return value;
  return Array.isArray(value) ? value.filter((part) => typeof part === "string").join("") : "";
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function shortened(text: string): string {
  const clean = cleanTerminal(text).trimEnd();
  const lines = clean.split("\n");
  if (lines.length <= maxOutputLines && clean.length <= maxOutputChars) return clean;
  const kept = lines.slice(0, maxOutputLines).join("\n").slice(0, maxOutputChars);
  return `${kept}\n[output shortened: ${lines.length} lines, ${clean.length} characters in all]`;
}

function outputText(value: unknown): string {
  const output = record(value);
  if (output.output_type === "stream") return shortened(joined(output.text));
  if (output.output_type === "error") {
    const trace = joined(Array.isArray(output.traceback) ? output.traceback.map((line) => `${String(line)}\n`) : "");
    return shortened(trace || `${String(output.ename)}: ${String(output.evalue)}`);
  }
  const data = record(output.data);
  const plain = joined(data["text/plain"]);
  const images = Object.keys(data).filter((type) => type.startsWith("image/"));
  return [shortened(plain), ...images.map((type) => `[${type}]`)].filter(Boolean).join("\n");
}

/** Renders a notebook, or null when the text is not one. Pure. */
export function renderNotebook(text: string): string | null {
  let notebook: Record<string, unknown>;
  try {
    notebook = record(JSON.parse(text));
  } catch {
    return null;
  }
  if (!Array.isArray(notebook.cells)) return null;
  const cells = notebook.cells.map((value, index) => {
    const cell = record(value);
    const count = typeof cell.execution_count === "number" ? ` (run ${cell.execution_count})` : "";
    const parts = [`# --- cell ${index + 1}: ${String(cell.cell_type)}${count}`, joined(cell.source)];
    const outputs = Array.isArray(cell.outputs) ? cell.outputs.map(outputText).filter(Boolean) : [];
    if (outputs.length > 0) parts.push(`# --- output of cell ${index + 1}`, ...outputs);
    return parts.join("\n");
  });
  return `${cells.join("\n\n")}\n`;
}
