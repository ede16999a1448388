import { constants } from "node:fs";
import { join } from "node:path";

// Nothing in the folder of a journal is opened through a symbolic link: it may lie where others can write.
const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW, O_RDONLY, O_RDWR, O_TRUNC } = constants;

/** Flags to open a file for reading. */
export const readOnly = O_RDONLY | O_NOFOLLOW;
/** Flags to open a file for reading and appending; makes it when it is missing. */
export const appendable = O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW;
/** Flags to make a file that must not exist yet. */
export const newFile = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
/** Flags to write a file from its beginning, whatever it held. */
export const rewrite = O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW;

/** Mode of files: the owner's alone. */
export const fileMode = 0o600;
/** Mode of folders: the owner's alone. */
export const folderMode = 0o700;

/** The lines of a journal. */
export const journalPath = (dir: string): string => join(dir, "journal.jsonl");
/** The folder of lock files, one per epoch. */
export const lockFolder = (dir: string): string => join(dir, "lock");
/** The folder of strings that are too long for a line. */
export const blobFolder = (dir: string): string => join(dir, "blobs");
/** The newest snapshot. */
export const snapshotPath = (dir: string): string => join(dir, "snapshot.json");
/** Where the n-th tail that a repair cut off is kept. */
export const tornPath = (dir: string, n: number): string => join(dir, `journal.torn-${n}`);
