// Paths into one session's folder, in everything that its conversation says, turned into paths into another's.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Rewrites data, and remembers the files that it speaks of. */
export interface Mover {
  /** A copy of a record's data with its paths moved. */
  move(data: unknown): unknown;
  /** The files that were named, relative to the folder. */
  readonly files: ReadonlySet<string>;
}

/** The folder of a command: all that is left of it once it has ended. Of one that has not, its output alone. */
const concluded = "result.json";
const outputs = ["out", "out.kept", "cut.json"];

/** Makes the mover between two folders of sessions. */
export function createMover(from: string, to: string): Mover {
  const files = new Set<string>();
  const named = new RegExp(`${escaped(from)}/((?:calls|outputs)/[\\w.-]+)`, "g");

  function note(text: string): void {
    for (const [, path = ""] of text.matchAll(named)) {
      const file = path.replace(/\.+$/, "");
      if (file.startsWith("calls/")) for (const part of partsOf(join(from, file))) files.add(`${file}/${part}`);
      else files.add(file);
    }
  }

  function moveText(text: string): string {
    if (!text.includes(from)) return text;
    note(text);
    return text.replaceAll(from, () => to);
  }

  function move(value: unknown): unknown {
    if (typeof value === "string") return moveText(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(move);
    // What is replayed to a provider is signed or encrypted there: it stays as it is.
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [moveText(key), key === "native" ? item : move(item)]),
    );
  }

  return { move, files };
}

function partsOf(callDir: string): string[] {
  if (!existsSync(join(callDir, concluded))) return outputs.filter((name) => existsSync(join(callDir, name)));
  return readdirSync(callDir).filter((name) => !name.startsWith("."));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
