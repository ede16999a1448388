// A folder of a repository as a list. Pure.
import { asCount, asText } from "../../../shape.ts";
import { grouped, oneLine, shownBytes } from "../../cap.ts";

/** Entries that are shown, and those that GitHub gives of one folder. */
const mostShown = 400;
const mostGiven = 1_000;

/** What an entry is. A submodule is called a file there, for the sake of old clients, and leads to a tree elsewhere. */
function kindOf(entry: Record<string, unknown>): "dir" | "symlink" | "submodule" | "file" {
  const type = asText(entry.type);
  if (type === "dir" || type === "symlink" || type === "submodule") return type;
  const isElsewhere = entry.download_url === null && asText(entry.git_url).includes("/git/trees/");
  return isElsewhere ? "submodule" : "file";
}

function line(entry: Record<string, unknown>): string {
  const name = oneLine(asText(entry.name), 200);
  switch (kindOf(entry)) {
    case "dir":
      return `${name}/`;
    case "submodule":
      return `${name}  (submodule: a repository of its own)`;
    case "symlink":
      return `${name}  (symbolic link)`;
    case "file":
      return `${name}  ${shownBytes(asCount(entry.size) ?? 0)}`;
  }
}

/** The entries, folders first, and what is left out. */
export function folderListing(entries: readonly Record<string, unknown>[]): string {
  const sorted = [...entries].sort(
    (a, b) => Number(kindOf(b) === "dir") - Number(kindOf(a) === "dir") || (asText(a.name) < asText(b.name) ? -1 : 1),
  );
  const lines = sorted.slice(0, mostShown).map((entry) => `  ${line(entry)}`);
  const left = sorted.length - lines.length;
  if (entries.length === 0) lines.push("  (nothing in it)");
  if (left > 0) lines.push(`  … ${grouped(left)} more`);
  if (entries.length >= mostGiven) lines.push(`  GitHub lists ${grouped(mostGiven)} entries of a folder at most.`);
  return lines.join("\n");
}
