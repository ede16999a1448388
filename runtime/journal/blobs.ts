// Long strings live in files of their own, named by their content; the line holds a marker in their place. Data may
// itself look like a marker, so keys of the marker's form get one more `$` on the way out and lose it on the way in.
import { closeSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { join } from "node:path";
import { codeOf } from "../actor/errors.ts";
import { blobFolder, fileMode, folderMode, readOnly, rewrite } from "./layout.ts";

/** `{"$blob": <sha256>, "bytes": <length>}` stands for a string. */
const markerKey = "$blob";
/** A blob for less would be longer than the string; and no string of a marker may become a blob itself. */
const leastBytes = 64;
const markerLike = /^\$+blob$/;

/** Whether JSON text may hold a marker or a key that looks like one. Cheap, and right whenever it says no. */
export function hasMarker(json: string): boolean {
  return json.includes('$blob"');
}

/** Turns data into the JSON of a line. */
export interface BlobWriter {
  /** `json` is the plain JSON of `data`. Throws the platform's error when a blob cannot be written. */
  encode(data: unknown, json: string): string;
}

/**
 * Makes the writer of one epoch. Strings of more than `blobBytes` bytes become blobs; `onWrite` learns of each file and
 * folder that has to be forced to the disk before the line that needs it.
 */
export function createBlobWriter(
  dir: string,
  epoch: number,
  blobBytes: number,
  onWrite: (path: string) => void,
): BlobWriter {
  const folder = blobFolder(dir);
  const limit = Math.max(blobBytes, leastBytes);

  function encodeValue(_key: string, value: unknown): unknown {
    if (typeof value === "string") return isLonger(value, limit) ? store(value) : value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.keys(value).some((key) => markerLike.test(key)) ? renameKeys(value, (key) => `$${key}`) : value;
  }

  function store(text: string): unknown {
    const bytes = Buffer.from(text, "utf8");
    // Half of a surrogate pair has no UTF-8; JSON escapes it, so such a string stays in the line.
    if (bytes.toString("utf8") !== text) return text;
    const name = sha256(bytes);
    const path = join(folder, name);
    if (sizeOf(path) !== bytes.length) write(path, bytes);
    return { [markerKey]: name, bytes: bytes.length };
  }

  function write(path: string, bytes: Buffer): void {
    mkdirSync(folder, { recursive: true, mode: folderMode });
    const draft = join(folder, `.new-${epoch}`);
    const fd = openSync(draft, rewrite, fileMode);
    try {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    } catch (error) {
      rmSync(draft, { force: true });
      throw error;
    } finally {
      closeSync(fd);
    }
    renameSync(draft, path);
    onWrite(path);
    onWrite(folder);
  }

  return {
    encode(data, json) {
      return isLonger(json, limit) || hasMarker(json) ? JSON.stringify(data, encodeValue) : json;
    },
  };
}

/** Puts the strings back into parsed data. A blob that is gone or damaged becomes a sentence that says so. */
export function restoreBlobs(dir: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => restoreBlobs(dir, item));
  if (markerKey in value && typeof value[markerKey] === "string") {
    return load(dir, value[markerKey], "bytes" in value ? value.bytes : undefined);
  }
  const plain = renameKeys(value, (key) => key.slice(1));
  return Object.fromEntries(Object.entries(plain).map(([key, item]) => [key, restoreBlobs(dir, item)]));
}

function load(dir: string, name: string, size: unknown): string {
  const lost = `[${size} bytes of text are lost: blobs/${name} of this session`;
  if (!/^[0-9a-f]{64}$/.test(name)) return `${lost} is no name of a blob]`;
  try {
    const fd = openSync(join(blobFolder(dir), name), readOnly);
    try {
      const bytes = readFileSync(fd);
      return sha256(bytes) === name ? bytes.toString("utf8") : `${lost} is damaged]`;
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    return `${lost} cannot be read (${codeOf(error) ?? error})]`;
  }
}

/** A copy in which the keys that look like the marker's are renamed, in the same order. */
function renameKeys(value: object, rename: (key: string) => string): object {
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [markerLike.test(key) ? rename(key) : key, item]),
  );
}

function isLonger(text: string, bytes: number): boolean {
  // A UTF-16 unit takes at most three bytes, so most strings need no counting.
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? -1;
}

function sha256(bytes: Buffer): string {
  // Loaded on first use: it costs a start some milliseconds, and most starts need no blob.
  return process.getBuiltinModule("node:crypto").createHash("sha256").update(bytes).digest("hex");
}
