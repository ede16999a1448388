// The folder to work in.
import { realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { FrontError } from "../errors.ts";

/** The real path of the folder that was named, or of the current one. Throws a `FrontError` when it is not there. */
export function workFolder(flag: string | null): string {
  const path = resolve(here(), flag ?? ".");
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return realpathSync(path);
  throw new FrontError("CWD_MISSING", `${path} is no folder.`, "Create it, or name another with --cwd.");
}

function here(): string {
  try {
    return process.cwd();
  } catch {
    throw new FrontError("CWD_MISSING", "The working folder is gone.", "Go to one that is there, and start again.");
  }
}
