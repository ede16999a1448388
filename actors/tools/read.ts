// The tool that shows a file.
import * as z from "zod/mini";
import { grouped, shownBytes } from "./cap.ts";
import { defineTool, type ToolContext } from "./contract.ts";
import { ToolError } from "./errors.ts";
import { hashOf } from "./files/hash.ts";
import { kindOfBytes, sampleBytes } from "./files/kind.ts";
import { renderNotebook } from "./files/notebook.ts";
import { openFile, readWhole } from "./files/open.ts";
import { type ByteSource, type Page, readPage } from "./files/page.ts";
import { decodeText } from "./files/text.ts";
import type { ToolResult } from "./protocol.ts";

const defaultLimit = 2_000;
const maxLineChars = 2_000;
/** Files up to here are read to their end, for the count of lines and the hash that later changes are checked with. */
const wholeBytes = 64 << 20;
/** Bytes of an image that models take: 5 MB in base64. */
const maxImageBytes = 3_900_000;
const maxNotebookBytes = 32 << 20;

const input = z.strictObject({
  path: z.string().check(z.describe("The file to read.")),
  offset: z.optional(z.int().check(z.describe("First line to show, from 1. Default 1."))),
  limit: z.optional(z.int().check(z.describe("Lines to show at most. Default 2000."))),
});

type Input = z.infer<typeof input>;

function numbered(lines: readonly string[], from: number): string {
  return lines.map((line, index) => `${String(from + index).padStart(6)}\t${line}`).join("\n");
}

/** What the model should know about the page: what is left, and what is not as it seems. */
function notes(page: Page, from: number, sizeBytes: number): string[] {
  const to = from + page.lines.length - 1;
  const found: string[] = [];
  if (page.totalLines === null) {
    found.push(`lines ${from}-${to} of a file of ${shownBytes(sizeBytes)}; more follow: read on with offset ${to + 1}`);
    found.push("too large to be changed with edit or write");
  } else if (to < page.totalLines) {
    const left = grouped(page.totalLines - to);
    found.push(`lines ${from}-${to} of ${grouped(page.totalLines)}; ${left} more: read on with offset ${to + 1}`);
  } else if (from > 1) {
    found.push(`lines ${from}-${to} of ${grouped(page.totalLines)}; this is the end`);
  }
  if (page.cutLines > 0) found.push(`${page.cutLines} long lines cut at ${grouped(maxLineChars)} characters`);
  if (page.latin1) found.push("not valid UTF-8: shown as Latin-1");
  if (page.crlf) found.push("lines end with CRLF");
  return found;
}

function pageResult(args: Input, context: ToolContext, page: Page, sizeBytes: number): ToolResult {
  const from = Math.max(1, args.offset ?? 1);
  const files = page.hash === null ? {} : { [args.path]: page.hash };
  const data = { path: args.path, from, lines: page.lines.length, total_lines: page.totalLines, bytes: sizeBytes };
  if (page.totalLines === 0) return { ok: true, text: `${context.shown(args.path)} is empty.`, files, data };
  if (page.lines.length === 0 && page.totalLines !== null) {
    const text = `Offset ${from} is past the end: ${context.shown(args.path)} has ${grouped(page.totalLines)} lines.`;
    return { ok: false, text, data };
  }
  const remarks = notes(page, from, sizeBytes);
  const tail = remarks.length === 0 ? "" : `\n[${remarks.join("; ")}]`;
  return { ok: true, text: numbered(page.lines, from) + tail, files, data };
}

async function readPageOf(args: Input, context: ToolContext, source: ByteSource, skip: number, sizeBytes: number) {
  const request = {
    offset: Math.max(1, args.offset ?? 1),
    limit: args.limit === undefined || args.limit <= 0 ? defaultLimit : args.limit,
    maxChars: Math.max(1_000, context.outputChars - 500),
    maxLineChars,
    maxBytes: wholeBytes,
    skip,
  };
  return pageResult(args, context, await readPage(source, request, context.signal), sizeBytes);
}

function sourceOf(bytes: Buffer): ByteSource {
  return async (into, position) => bytes.copy(into, 0, position, position + into.length);
}

/** Text that exists only after a conversion (UTF-16, notebooks) is paged from memory; the hash is the file's own. */
async function convertedPage(args: Input, context: ToolContext, text: string, original: Buffer): Promise<ToolResult> {
  const result = await readPageOf(args, context, sourceOf(Buffer.from(text)), 0, original.length);
  return result.files === undefined ? result : { ...result, files: { [args.path]: hashOf(original) } };
}

async function readImage(args: Input, context: ToolContext, mediaType: string, size: number): Promise<ToolResult> {
  const shown = context.shown(args.path);
  if (size > maxImageBytes) {
    const hint = "Make a smaller copy with bash (for example with Pillow's thumbnail) and read that.";
    throw new ToolError(
      "TOO_LARGE",
      `${shown} is an image of ${shownBytes(size)}; ${shownBytes(maxImageBytes)} is the most that can be looked at.`,
      hint,
    );
  }
  const { bytes } = await readWhole(args.path, maxImageBytes, "Make a smaller copy.");
  return {
    ok: true,
    text: `${shown}: ${mediaType}, ${shownBytes(bytes.length)}. The image is attached.`,
    images: [{ media_type: mediaType, base64: bytes.toString("base64") }],
    files: { [args.path]: hashOf(bytes) },
    data: { path: args.path, media_type: mediaType, bytes: bytes.length },
  };
}

/** Shows a page of a text file with line numbers; images as images, notebooks as cells. */
export const read = defineTool<Input>({
  name: "read",
  description: [
    "Shows a file with line numbers, 2000 lines from the start unless offset and limit say otherwise; the answer says how many lines remain.",
    "Use it instead of cat, head or tail, and before any edit or write of a file that exists.",
    "PNG, JPEG, GIF and WebP come as images, Jupyter notebooks as their cells with outputs shortened; other binary files are named by type and not shown.",
    "For a large file, search for the place first. Files that hold credentials are refused.",
    "The line numbers and the tab after them are not part of the file.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "pure",
  touches: (args) => [{ kind: "read", path: args.path }],
  title: (args) => {
    const from = Math.max(1, args.offset ?? 1);
    const part =
      args.limit !== undefined && args.limit > 0 ? `:${from}-${from + args.limit - 1}` : from > 1 ? `:${from}` : "";
    return `Read ${args.path}${part}`;
  },

  async run(args, context) {
    const { handle, stats } = await openFile(args.path);
    try {
      const sample = Buffer.allocUnsafe(sampleBytes);
      const { bytesRead } = await handle.read(sample, 0, sampleBytes, 0);
      const kind = kindOfBytes(sample.subarray(0, bytesRead));
      if (kind.kind === "image") return await readImage(args, context, kind.mediaType, stats.size);
      if (kind.kind === "binary") {
        const message = `${context.shown(args.path)} is binary: ${kind.type}, ${shownBytes(stats.size)}.`;
        throw new ToolError("BINARY", message, "Look into it with bash and a program that knows the format.");
      }
      if (kind.encoding !== "utf-8") {
        const { bytes } = await readWhole(args.path, wholeBytes, "Convert it to UTF-8 with iconv and read that.");
        const decoded = decodeText(bytes);
        if ("text" in decoded) return await convertedPage(args, context, decoded.text, bytes);
      }
      if (args.path.endsWith(".ipynb") && stats.size <= maxNotebookBytes) {
        const { bytes } = await readWhole(args.path, maxNotebookBytes, "");
        const cells = renderNotebook(bytes.toString("utf8"));
        if (cells !== null) return await convertedPage(args, context, cells, bytes);
      }
      const source: ByteSource = async (into, position) =>
        (await handle.read(into, 0, into.length, position)).bytesRead;
      return await readPageOf(args, context, source, kind.bomBytes, stats.size);
    } finally {
      await handle.close();
    }
  },
});
