// What the runtime keeps on the disk, for those who read and write it without running anything: this loads neither
// threads nor processes.
export { openJournal } from "./journal/journal.ts";
export { journalOwner } from "./journal/lock.ts";
export { readFirst, readJournal } from "./journal/reader.ts";
export { loadSnapshot, type Snapshot, saveSnapshot } from "./journal/snapshot.ts";
export type * from "./journal/types.ts";
