// One writer per journal. `lock/<epoch>` names the owner of that epoch and the highest number counts. Taking over means
// making the next number, which the file system grants to exactly one, so a stale lock is never deleted to be taken and
// two takers cannot both win. The winner then unlinks the lower numbers: an older writer sees that its own file has no
// name any more and stops.
import {
  closeSync,
  fstatSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { codeOf, RuntimeError } from "../actor/errors.ts";
import { fileMode, folderMode, lockFolder, newFile } from "./layout.ts";
import { isAlive, type Owner, self } from "./owner.ts";

/** A held lock. */
export interface Lock {
  /** One more than that of the owner before. */
  readonly epoch: number;
  /** False once a newer owner has taken over, noticed within `leaseMs`. Throws the platform's error. */
  isHeld(): boolean;
  /** Gives the journal free. The file stays, empty, to remember the epoch. */
  release(): void;
}

/** Milliseconds for which a look at the own lock file is good: an fstat for each record would double its cost. */
const leaseMs = 1;
/** Takers that lose a race look again; so many rounds cannot be lost by honest ones. */
const maxRounds = 100;

/** Locks a journal, or throws `LOCKED` with `{ pid, dir }` when a living process holds it. */
export function acquireLock(dir: string): Lock {
  const folder = lockFolder(dir);
  mkdirSync(folder, { recursive: true, mode: folderMode });
  for (let round = 0; round < maxRounds; round += 1) {
    const newest = newestEpoch(folder);
    const owner = livingOwner(folder, newest);
    if (owner !== null) throw locked(dir, owner.pid);
    const stale = newest > 0 && !wasReleased(folder, newest);
    const lock = claim(folder, newest + 1);
    if (lock === null) continue;
    if (stale) outlastLease();
    return lock;
  }
  throw new RuntimeError("LOCKED", `Too many programs are opening ${dir} at once. Close them and try again.`, {
    data: { pid: null, dir },
  });
}

/** The number of the living process that holds a journal, or null. */
export function journalOwner(dir: string): number | null {
  const folder = lockFolder(dir);
  return livingOwner(folder, newestEpoch(folder))?.pid ?? null;
}

/** Makes the lock file of an epoch, whole from its first instant. Null when somebody else was faster. */
function claim(folder: string, epoch: number): Lock | null {
  const draft = join(folder, `.${process.pid}-${process.hrtime.bigint()}-${Math.random().toString(36).slice(2)}`);
  const path = join(folder, String(epoch));
  const fd = openSync(draft, newFile, fileMode);
  let won = false;
  try {
    writeSync(fd, JSON.stringify(self()));
    won = linked(draft, path);
    rmSync(draft, { force: true });
    // A slow taker may make a number that was in use and is gone by now; a higher one then exists.
    if (won && newestEpoch(folder) !== epoch) {
      rmSync(path, { force: true });
      won = false;
    }
    if (won) removeOthers(folder, epoch);
  } finally {
    rmSync(draft, { force: true });
    if (!won) closeSync(fd);
  }
  return won ? heldLock(fd, epoch) : null;
}

function heldLock(fd: number, epoch: number): Lock {
  let lookedAt = performance.now();
  return {
    epoch,
    isHeld() {
      const now = performance.now();
      if (now - lookedAt < leaseMs) return true;
      if (fstatSync(fd).nlink === 0) return false;
      lookedAt = now;
      return true;
    },
    release() {
      ftruncateSync(fd, 0);
      closeSync(fd);
    },
  };
}

/** An older owner that lives after all, where this process cannot see it, must have looked before we read or write. */
function outlastLease(): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2 * leaseMs);
}

/** False when the name is taken, or when a winner has swept the draft away. */
function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    const code = codeOf(error);
    if (code === "EEXIST" || code === "ENOENT") return false;
    throw error;
  }
}

/** Fences older owners and sweeps up drafts that their makers did not live to remove. */
function removeOthers(folder: string, epoch: number): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(".") || Number(name) < epoch) rmSync(join(folder, name), { force: true });
  }
}

/** The highest epoch of a lock folder; 0 when there is none. */
function newestEpoch(folder: string): number {
  const epochs = namesIn(folder).filter((name) => /^[1-9]\d*$/.test(name));
  return epochs.reduce((newest, name) => Math.max(newest, Number(name)), 0);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function wasReleased(folder: string, epoch: number): boolean {
  return statSync(join(folder, String(epoch)), { throwIfNoEntry: false })?.size === 0;
}

/** An empty file was released, an unreadable one did not survive a power cut: neither has an owner. */
function livingOwner(folder: string, epoch: number): Owner | null {
  if (epoch === 0) return null;
  try {
    const owner: unknown = JSON.parse(readFileSync(join(folder, String(epoch)), "utf8"));
    return isOwner(owner) && isAlive(owner) ? owner : null;
  } catch {
    return null;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== "object" || value === null || !("pid" in value) || !("start" in value)) return false;
  return Number.isSafeInteger(value.pid) && typeof value.start === "string";
}

function locked(dir: string, pid: number): RuntimeError {
  const who = pid === process.pid ? "this very program" : `process ${pid}`;
  const hint =
    pid === process.pid ? "Close it first." : `Close that program, or end it with \`kill ${pid}\`, and try again.`;
  return new RuntimeError("LOCKED", `${dir} is already open in ${who}. ${hint}`, { data: { pid, dir } });
}
