// The contract of the journal: an append-only file of JSON lines with one writer.

/** One line of a journal. `seq` counts from 1 without a gap; `ts` is milliseconds since 1970. */
export interface JournalRecord {
  seq: number;
  ts: number;
  type: string;
  data: unknown;
}

/** An open journal. All calls are synchronous: an append costs about as much as the write call itself. */
export interface Journal {
  /** The seq of the newest record; 0 for an empty journal. */
  readonly seq: number;
  /** Which opening of this journal this is; 1 for the first. A writer of an older epoch can no longer append. */
  readonly epoch: number;
  /** What opening had to cut: bytes of a torn or bad tail. They are kept in a file beside the journal. */
  readonly repairedBytes: number;
  /**
   * Writes one record and returns it. It is in the operating system's hands when this returns (it survives the death
   * of the process); `sync` forces it to the disk as well. Throws `FENCED` when a newer process has taken over, and
   * the platform's error (`ENOSPC`, …) when the write failed: then nothing was appended.
   */
  append(type: string, data: unknown, options?: { sync?: boolean }): JournalRecord;
  /** Forces everything appended so far to the disk. */
  sync(): void;
  /**
   * Records from a seq on (inclusive), in order, streamed from the file. Takes in what is appended while it runs, and
   * ends where the file ends at that moment. Throws `CORRUPT` when the file was changed by somebody else.
   */
  read(from: number): Iterable<JournalRecord>;
  /** Forces everything to the disk and gives the journal free for others. May be called twice. */
  close(): void;
}

/** How to open a journal. */
export interface OpenJournalOptions {
  /** Folder of the journal; created with mode 0700 when missing. Holds `journal.jsonl` (0600), `lock` and `blobs/`. */
  dir: string;
  /** Strings of the data longer than this are stored as blobs and put back by `read`. Default 16 KiB, at least 64. */
  blobBytes?: number;
  /** Milliseconds between grouped syncs of records that did not ask for one; 0 for none. Default 50. */
  syncEveryMs?: number;
  /**
   * Called during opening with each record that is already there, in order. Opening reads them all anyway, so this is
   * the cheap way to fold a journal.
   */
  onRecord?: (record: JournalRecord) => void;
  /** The clock, for tests. */
  now?: () => number;
}
