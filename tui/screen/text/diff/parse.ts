// A unified diff as lines that know what they are and where they stand in their files.

/** A line of a diff. The numbers count from 1; null where the line is not in that file. */
export type DiffLine =
  | { kind: "context" | "added" | "removed"; before: number | null; after: number | null; text: string }
  /** The start of a hunk; `text` is what the diff says of the place, such as the function around it. */
  | { kind: "hunk"; text: string }
  /** The file that what follows is about. */
  | { kind: "file"; text: string }
  /** Anything else: what stands before the diff, what was left out of it. */
  | { kind: "note"; text: string };

const hunkHeader = /^@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@ ?(.*)$/s;

/** Reads a diff. Never fails: what is no part of a hunk is a note. A last line feed ends a line and opens none. */
export function parseDiff(text: string): DiffLine[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const parsed: DiffLine[] = [];
  let [before, after, beforeLeft, afterLeft] = [0, 0, 0, 0];
  for (const raw of lines) {
    const line = raw.endsWith("\r") ? raw.slice(0, -1) : raw;
    const header = hunkHeader.exec(line);
    const sign = line.charAt(0);
    // The counts of the header tell a removed line "-- x" from the name of a file.
    const inside = beforeLeft > 0 || afterLeft > 0;
    if (inside && sign === "-") {
      parsed.push({ kind: "removed", before: before++, after: null, text: line.slice(1) });
      beforeLeft -= 1;
    } else if (inside && sign === "+") {
      parsed.push({ kind: "added", before: null, after: after++, text: line.slice(1) });
      afterLeft -= 1;
    } else if (inside && (sign === " " || line === "")) {
      parsed.push({ kind: "context", before: before++, after: after++, text: line.slice(1) });
      beforeLeft -= 1;
      afterLeft -= 1;
    } else if (header !== null) {
      const [, from = "", removed = "1", to = "", added = "1", place = ""] = header;
      [before, beforeLeft, after, afterLeft] = [Number(from), Number(removed), Number(to), Number(added)];
      parsed.push({ kind: "hunk", text: place });
    } else if (sign === "\\") {
      parsed.push({ kind: "note", text: line.slice(1).trim() });
    } else {
      beforeLeft = 0;
      afterLeft = 0;
      addOther(parsed, line);
    }
  }
  return parsed;
}

/** Headers of files come as up to five lines, of which one tells enough. */
function addOther(parsed: DiffLine[], line: string): void {
  const last = parsed.at(-1);
  if (/^(?:diff --git |index [\da-f]+\.\.|--- )/.test(line)) {
    if (line.startsWith("--- ") && !line.startsWith("--- /dev/null")) parsed.push({ kind: "file", text: nameOf(line) });
    return;
  }
  if (!line.startsWith("+++ ")) {
    parsed.push({ kind: "note", text: line });
    return;
  }
  const name = nameOf(line);
  if (name === "/dev/null") return;
  if (last?.kind !== "file") parsed.push({ kind: "file", text: name });
  else if (last.text !== name) last.text = `${last.text} → ${name}`;
}

function nameOf(line: string): string {
  const path = line.slice(4).split("\t", 1)[0] ?? "";
  return path.replace(/^[ab]\//, "");
}
