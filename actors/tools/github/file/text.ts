// A page of a file with the numbers of its lines, notebooks as their cells.
import { grouped, shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import { kindOfBytes, sampleBytes } from "../../files/kind.ts";
import { renderNotebook } from "../../files/notebook.ts";
import { type ByteSource, type Page, readPage } from "../../files/page.ts";
import { decodeText } from "../../files/text.ts";
import type { Content } from "./content.ts";

/** The part of a file that is asked for. */
export interface Range {
  from: number;
  /** Lines at most. */
  count: number;
}

/** A page as it is shown. */
export interface ShownPage {
  text: string;
  /** What the reader should know of it, for its head. */
  facts: string[];
  lines: number;
  totalLines: number | null;
  /** The line to go on with, or null at the end. */
  next: number | null;
}

const maxLineChars = 2_000;
/** Bytes that are read on behind a full page, to count the lines. */
const countBytes = 16 * 1024 * 1024;

function sourceOf(bytes: Buffer): ByteSource {
  return async (into, position) => bytes.copy(into, 0, position, position + into.length);
}

/** Pictures that are written into a text are of no use in it. */
function withoutPictures(text: string): string {
  return text.replace(
    /data:([\w+./-]+);base64,([A-Za-z0-9+/=]{64,})/g,
    (_, type: string, data: string) => `data:${type};base64,[${grouped(data.length)} characters left out]`,
  );
}

/** The size of the file that a pointer of Git LFS stands for, or null. Source: the pointer's specification, version 1. */
function lfsSize(sample: string): number | null {
  const match = /^version https:\/\/git-lfs\.github\.com\/spec\/v1\n[\s\S]*^size (\d+)$/m.exec(sample);
  return match === null ? null : Number(match[1]);
}

function shown(page: Page, range: Range, facts: string[]): ShownPage {
  const { lines, totalLines } = page;
  const to = range.from + lines.length - 1;
  if (lines.length === 0 && totalLines !== 0) {
    const message = `Line ${range.from} is past the end: the file has ${grouped(totalLines ?? 0)} lines.`;
    throw new ToolError("BAD_ARGUMENTS", message);
  }
  const numbered = lines.map((line, index) => `${String(range.from + index).padStart(6)}\t${line}`).join("\n");
  const more = totalLines === null || to < totalLines;
  if (lines.length > 0)
    facts.push(`lines ${range.from} to ${to} of ${totalLines === null ? "more" : grouped(totalLines)}`);
  if (page.cutLines > 0) facts.push(`${page.cutLines} long lines cut at ${grouped(maxLineChars)} characters`);
  if (page.latin1) facts.push("not valid UTF-8: shown as Latin-1");
  const text = lines.length === 0 ? "(the file is empty)" : withoutPictures(numbered);
  return { text, facts, lines: lines.length, totalLines, next: more ? to + 1 : null };
}

/** Reads it. Throws `BINARY`, `TOO_LARGE`, and `BAD_ARGUMENTS` for a range past the end. */
export async function pageOf(
  content: Content,
  path: string,
  range: Range,
  maxChars: number,
  signal: AbortSignal,
): Promise<ShownPage> {
  const sample = await content.sample(sampleBytes);
  const kind = kindOfBytes(sample);
  if (kind.kind !== "text") {
    const type = kind.kind === "image" ? `an image (${kind.mediaType})` : `binary (${kind.type})`;
    throw new ToolError(
      "BINARY",
      `${path} is ${type}, ${shownBytes(content.size)}.`,
      "Download it with bash if you need it.",
    );
  }
  const facts: string[] = [];
  const pointed = lfsSize(sample.toString("utf8"));
  if (pointed !== null) facts.push(`a pointer of Git LFS: the file itself, ${shownBytes(pointed)}, is not in git`);
  const request = { offset: range.from, limit: range.count, maxChars, maxLineChars, maxBytes: countBytes, skip: 0 };
  if (path.endsWith(".ipynb")) {
    const cells = renderNotebook((await content.whole()).toString("utf8"));
    if (cells !== null) {
      facts.push("a notebook as its cells, outputs shortened");
      const bytes = Buffer.from(withoutPictures(cells));
      return shown(await readPage(sourceOf(bytes), request, signal), range, facts);
    }
    facts.push("no valid notebook: shown as it is");
  }
  if (kind.encoding !== "utf-8") {
    const decoded = decodeText(await content.whole());
    if ("text" in decoded)
      return shown(await readPage(sourceOf(Buffer.from(decoded.text)), request, signal), range, facts);
  }
  const page = await readPage(content.source, { ...request, skip: kind.bomBytes }, signal);
  return shown(page, range, facts);
}
