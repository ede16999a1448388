// The session's own folder for temporary files, and a short name for it.

import { randomBytes } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * Programs make sockets below TMPDIR with names of some 35 characters, and a socket's path ends at 104 (macOS) or 108
 * (Linux, unix(7)). Longer folders than this get a short link.
 */
const comfortable = 64;

/** Where the folder is, and the name that commands know it by. */
export interface PrivateTmp {
  folder: string;
  name: string;
}

/** Makes the session's folder for temporary files (0700), beside its calls, and finds or makes its short name. */
export function privateTmp(callsDir: string): PrivateTmp {
  const session = dirname(callsDir);
  const folder = join(session, "tmp");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (folder.length <= comfortable) return { folder, name: folder };
  const record = join(session, "tmp.link");
  const known = readOrNull(record);
  if (known !== null && pointsTo(known, folder)) return { folder, name: known };
  // The name is not to be guessed, so nobody can lay it out beforehand in a folder that all may write to.
  const name = `/tmp/ml-intern-${randomBytes(6).toString("hex")}`;
  symlinkSync(folder, name);
  writeFileSync(record, name, { mode: 0o600 });
  return { folder, name };
}

/** Takes the short name away again, whoever made it. The folder stays with its session. */
export function dropShortName(callsDir: string): void {
  const session = dirname(callsDir);
  const name = readOrNull(join(session, "tmp.link"));
  if (name !== null && pointsTo(name, join(session, "tmp"))) rmSync(name);
}

function pointsTo(link: string, folder: string): boolean {
  try {
    return lstatSync(link).uid === process.getuid?.() && readlinkSync(link) === folder;
  } catch {
    return false;
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}
