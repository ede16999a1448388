// Reads a file of a repository in ranges: what is shown is fetched, and little more, however large the file is.
import { HttpError } from "../../../http/errors.ts";
import { filePart, type Repo, revisionPart, webPath } from "../../../hub/repo.ts";
import { grouped, oneLine, shownBytes } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import { kindOfBytes, sampleBytes } from "../../files/kind.ts";
import { renderNotebook } from "../../files/notebook.ts";
import { type ByteSource, type Page, readPage } from "../../files/page.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { repoOf, repoPath, shownRepo } from "../names.ts";
import type { Input } from "./input.ts";

/** Bytes of the first range, which decides what the file is, and of each after it. */
const firstBytes = 256 * 1024;
const furtherBytes = 4 << 20;
/** Bytes that are passed over to reach a line. */
const mostBytes = 64 << 20;
const mostNotebookBytes = 16 << 20;
const usualLines = 400;
const mostLineChars = 2_000;

/** A part of a file, and how long the whole is (null when the server does not say). */
interface Part {
  bytes: Buffer;
  total: number | null;
}

type Fetch = (from: number, count: number) => Promise<Part>;

function fetcher(args: Input, path: string, repo: Repo, context: ToolContext): Fetch {
  const { door, signal } = context;
  const url = `${door.services.hub}/${webPath(repo)}/resolve/${revisionPart(args.revision)}/${filePart(path)}`;
  return async (from, count) => {
    // A packed answer would be a range of the packed bytes.
    const headers = { range: `bytes=${from}-${from + count - 1}`, "accept-encoding": "identity" };
    const answer = await door.expect(url, { headers, signal, onWait: context.log }).catch(beyondEnd);
    if (answer === null) return { bytes: Buffer.alloc(0), total: from };
    const { bytes, more } = await answer.head(answer.status === 206 ? count : from + count);
    answer.close();
    if (answer.status === 206) return { bytes: Buffer.from(bytes), total: totalIn(answer.headers) };
    const stated = Number(answer.headers.get("content-length") ?? "");
    const total = more ? (stated > 0 ? stated : null) : bytes.length;
    return { bytes: Buffer.from(bytes.subarray(from)), total };
  };
}

/** A range that begins behind the end is no failure: there is nothing in it. An empty file has no other. */
function beyondEnd(error: unknown): null {
  if (error instanceof HttpError && error.status === 416) return null;
  throw error;
}

function totalIn(headers: Headers): number | null {
  const total = Number(/\/(\d+)\s*$/.exec(headers.get("content-range") ?? "")?.[1] ?? "");
  return total > 0 ? total : null;
}

/** The bytes of the file in their order, out of ranges. */
function sourceOf(first: Part, fetch: Fetch): ByteSource {
  let held = { from: 0, bytes: first.bytes };
  return async (into, position) => {
    const inside = position - held.from;
    if (inside < 0 || inside >= held.bytes.length) {
      if (first.total !== null && position >= first.total) return 0;
      if (position >= mostBytes) {
        const hint = "Download the file with bash (hf download) and read the part that you need.";
        throw new ToolError("TOO_LARGE", `The line lies beyond the first ${shownBytes(mostBytes)} of the file.`, hint);
      }
      held = { from: position, bytes: (await fetch(position, furtherBytes)).bytes };
    }
    return held.bytes.copy(into, 0, position - held.from);
  };
}

function memory(bytes: Buffer): ByteSource {
  return async (into, position) => bytes.copy(into, 0, position);
}

async function notebookIn(first: Part, fetch: Fetch): Promise<string | null> {
  if (first.total === null || first.total > mostNotebookBytes) return null;
  const isWhole = first.bytes.length >= first.total;
  const bytes = isWhole ? first.bytes : (await fetch(0, first.total)).bytes;
  return renderNotebook(bytes.toString("utf8"));
}

export async function read(args: Input, context: ToolContext): Promise<ToolResult> {
  const repo = repoOf(args, context.door);
  const path = repoPath(args.path ?? "");
  if (path === "") throw new ToolError("BAD_ARGUMENTS", "read needs path.", "List the files first.");
  const fetch = fetcher(args, path, repo, context);
  const subject = `${shownRepo(repo)} (${oneLine(path, 120)}, ${oneLine(args.revision, 80)})`;
  return await atHub(context.door, subject, async () => {
    const first = await fetch(0, firstBytes);
    const size = first.total ?? first.bytes.length;
    const kind = kindOfBytes(first.bytes.subarray(0, sampleBytes));
    const data = { repo_id: repo.id, repo_type: repo.type, revision: args.revision, path, bytes: size };
    const untrusted = `${path} of ${repo.id} on the Hub`;
    if (kind.kind !== "text") {
      const type = kind.kind === "image" ? kind.mediaType : kind.type;
      const text = `${path} is not text: ${type}, ${shownBytes(size)}. Nothing of it is shown.`;
      return { ok: true, text, untrusted, data: { ...data, binary: true } };
    }
    const utf16 = kind.encoding === "utf-16le" || kind.encoding === "utf-16be";
    if (utf16) throw new ToolError("BINARY", `${path} is ${kind.encoding}.`, "Download it with bash and convert it.");
    const cells = path.endsWith(".ipynb") ? await notebookIn(first, fetch) : null;
    const from = Math.max(1, args.offset ?? 1);
    const request = {
      offset: from,
      limit: Math.max(1, args.limit ?? usualLines),
      maxChars: Math.max(1_000, context.outputChars - 1_000),
      maxLineChars: mostLineChars,
      // A page that the first range fills needs no other.
      maxBytes: firstBytes - 1,
      skip: cells === null ? kind.bomBytes : 0,
    };
    const source = cells === null ? sourceOf(first, fetch) : memory(Buffer.from(cells));
    const page = await readPage(source, request, context.signal);
    return { ok: true, text: shownPage(page, from, path, size), untrusted, data: { ...data, binary: false } };
  });
}

function shownPage(page: Page, from: number, path: string, size: number): string {
  const last = from + page.lines.length - 1;
  const total = page.totalLines;
  const of = total === null ? "" : ` of ${grouped(total)}`;
  const place = `${path}: ${shownBytes(size)}`;
  if (page.lines.length === 0) return `${place}. There is no line ${grouped(from)}${of}.`;
  const isAll = from === 1 && total !== null && last >= total;
  const head = isAll ? `all lines, ${grouped(last)}` : `lines ${grouped(from)} to ${grouped(last)}${of}`;
  const more = total !== null && last >= total ? "" : `\n[more follows; go on with offset=${last + 1}]`;
  const cut = page.cutLines > 0 ? `\n[${page.cutLines} long lines cut]` : "";
  return `${place}, ${head}\n${page.lines.join("\n")}${more}${cut}`;
}
