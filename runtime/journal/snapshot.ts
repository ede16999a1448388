import { closeSync, openSync, readFileSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { codeOf } from "../actor/errors.ts";
import { fileMode, readOnly, rewrite, snapshotPath } from "./layout.ts";

/** A state folded from a journal, and the seq of the last record in it. */
export interface Snapshot<State = unknown> {
  seq: number;
  state: State;
}

/** The seq comes first, so that it can be read without the state. */
const head = /^\{"seq":(\d+),"state":/;
const headBytes = 64;

/**
 * Stores the snapshot of a journal in place of the one before. It is not forced to the disk: a torn one is noticed and
 * costs a replay, nothing more. Throws the platform's error.
 */
export function saveSnapshot(dir: string, snapshot: Snapshot): void {
  const path = snapshotPath(dir);
  const draft = `${path}.new`;
  const bytes = Buffer.from(`{"seq":${snapshot.seq},"state":${JSON.stringify(snapshot.state) ?? "null"}}\n`);
  try {
    const fd = openSync(draft, rewrite, fileMode);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/**
 * The stored snapshot, or null when there is none or it is bad. Load it while the journal is open: opening throws away
 * a snapshot of records that the journal has lost.
 */
export function loadSnapshot(dir: string): Snapshot | null {
  try {
    const value: unknown = withFile(snapshotPath(dir), (fd) => JSON.parse(readFileSync(fd, "utf8")));
    return isSnapshot(value) ? value : null;
  } catch {
    return null;
  }
}

/**
 * Deletes a snapshot that goes beyond the end of the journal. It must go at once: when the journal has grown past that
 * seq again, with other records, nobody could tell.
 */
export function discardSnapshotBeyond(dir: string, seq: number): void {
  const path = snapshotPath(dir);
  try {
    const found = withFile(path, (fd) => {
      const bytes = Buffer.alloc(headBytes);
      return head.exec(bytes.toString("latin1", 0, readSync(fd, bytes, 0, headBytes, 0)));
    });
    if (found === null || Number(found[1]) > seq) rmSync(path, { force: true });
  } catch (error) {
    if (codeOf(error) !== "ENOENT") rmSync(path, { force: true, recursive: true });
  }
}

function withFile<T>(path: string, use: (fd: number) => T): T {
  const fd = openSync(path, readOnly);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

function isSnapshot(value: unknown): value is Snapshot {
  return (
    typeof value === "object" && value !== null && "state" in value && "seq" in value && Number.isSafeInteger(value.seq)
  );
}
