// The bytes of a file on GitHub. Small ones come with the answer; larger ones are fetched, and the largest streamed, so
// that a page of them costs a page of memory.
import { asCount, asText } from "../../../shape.ts";
import { shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import type { ByteSource } from "../../files/page.ts";
import type { Desk } from "../desk.ts";
import { fullName, type Repo } from "../names.ts";

/** Bytes up to which a file is fetched whole, and kept: a blob never changes. */
export const mostWholeBytes = 15 * 1024 * 1024;
const blobFreshMs = 30 * 24 * 3_600_000;
/** Bytes of a file that GitHub's API gives. */
const mostApiBytes = 100 * 1024 * 1024;

/** A file's content. */
export interface Content {
  size: number;
  /** The beginning, `length` bytes of it or fewer. */
  sample(length: number): Promise<Buffer>;
  /** The bytes in order, to be read once. */
  source: ByteSource;
  /** All of it. Throws `TOO_LARGE`. */
  whole(): Promise<Buffer>;
  close(): Promise<void>;
}

function inMemory(bytes: Buffer): Content {
  return {
    size: bytes.length,
    sample: async (length) => bytes.subarray(0, length),
    source: async (into, position) => bytes.copy(into, 0, position, position + into.length),
    whole: async () => bytes,
    close: async () => undefined,
  };
}

function streamed(pieces: AsyncIterable<Uint8Array>, size: number): Content {
  const iterator = pieces[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  let isDone = false;
  const hold = async (length: number) => {
    while (held.length < length && !isDone) {
      const { done, value } = await iterator.next();
      if (done === true) isDone = true;
      else held = Buffer.concat([held, value]);
    }
  };
  return {
    size,
    async sample(length) {
      await hold(length);
      return held.subarray(0, length);
    },
    async source(into) {
      await hold(1);
      const count = held.copy(into);
      held = held.subarray(count);
      return count;
    },
    async whole() {
      const message = `The file has ${shownBytes(size)}; it can be read as text only, in parts.`;
      throw new ToolError("TOO_LARGE", message, "Download it with bash, or read a smaller one.");
    },
    async close() {
      await iterator.return?.(undefined);
    },
  };
}

/** The content of a file as `contents` describes it. */
export async function contentOf(desk: Desk, repo: Repo, file: Record<string, unknown>): Promise<Content> {
  const size = asCount(file.size) ?? 0;
  if (asText(file.encoding) === "base64" && (size === 0 || asText(file.content) !== "")) {
    return inMemory(Buffer.from(asText(file.content), "base64"));
  }
  if (asText(file.sha) === "") {
    throw new ToolError("UNAVAILABLE", "GitHub's answer does not say what the file holds.", "Try again later.");
  }
  if (size > mostApiBytes) {
    const message = `The file has ${shownBytes(size)}; GitHub's API gives ${shownBytes(mostApiBytes)} at most.`;
    throw new ToolError("TOO_LARGE", message, "Clone the repository with bash and look there.");
  }
  const { door, signal, log } = desk.context;
  const url = `${door.services.github}/repos/${fullName(repo)}/git/blobs/${encodeURIComponent(asText(file.sha))}`;
  const isKept = size <= mostWholeBytes;
  const answer = await door.expect(url, {
    headers: { accept: "application/vnd.github.raw+json" },
    signal,
    onWait: log,
    ...(isKept ? { keep: { freshMs: blobFreshMs } } : {}),
  });
  if (!isKept) return streamed(answer.bytes(), size);
  const { bytes } = await answer.head(mostWholeBytes + 1024);
  return inMemory(Buffer.from(bytes));
}
