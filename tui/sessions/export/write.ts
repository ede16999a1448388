// Writes a session out, piece by piece, with a placeholder for each secret in it. Nothing is held in memory but the piece.
import { createWriteStream, linkSync, renameSync, rmSync } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createRedactor, type Redactor } from "../../../actors/redaction/redactor.ts";
import { mapEntry, transcriptOf } from "../../../actors/traces/transcript.ts";
import { codeOf } from "../../../runtime/errors.ts";
import { FrontError } from "../../errors.ts";
import { oneLine } from "../../text/neutralise.ts";
import type { Found } from "../find.ts";
import { summarise } from "../summary.ts";
import { type FormatName, formats } from "./formats.ts";

/** How to export. */
export interface ExportOptions {
  format: FormatName;
  /** Secrets that are known by value, or null to redact nothing. */
  secrets: readonly string[] | null;
}

/** What was written. */
export interface Exported {
  entries: number;
  bytes: number;
  /** Places that were redacted, or null when nobody looked. */
  redacted: number | null;
}

const pieceChars = 64 * 1024;

/** Writes a session to a stream, which stays open. Rejects with the stream's error. */
export async function exportTo(
  stream: NodeJS.WritableStream,
  session: Found,
  options: ExportOptions,
): Promise<Exported> {
  const exported: Exported = { entries: 0, bytes: 0, redacted: null };
  await pipeline(Readable.from(pieces(session, options, exported)), stream, { end: false });
  return exported;
}

/** Writes a session to a file of the user's alone, whole or not at all. Throws `EXPORT_EXISTS` unless it may replace one. */
export async function exportToFile(
  path: string,
  replace: boolean,
  session: Found,
  options: ExportOptions,
): Promise<Exported> {
  const draft = `${path}.${process.pid}.part`;
  try {
    const exported: Exported = { entries: 0, bytes: 0, redacted: null };
    const file = createWriteStream(draft, { flags: "wx", mode: 0o600, flush: true });
    await pipeline(Readable.from(pieces(session, options, exported)), file);
    if (replace) renameSync(draft, path);
    else linkSync(draft, path);
    return exported;
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    throw new FrontError(
      "EXPORT_EXISTS",
      `${path} is there already.`,
      "Name another file, or add --yes to replace it.",
    );
  } finally {
    rmSync(draft, { force: true });
  }
}

function* pieces(session: Found, { format, secrets }: ExportOptions, exported: Exported): Generator<Buffer, void> {
  const redactor: Redactor | null = secrets === null ? null : createRedactor({ secrets });
  const writer = formats[format]();
  const { name, first_prompt, model, cwd, created_at } = summarise(session.dir);
  const words = name ?? (first_prompt === null ? null : oneLine(first_prompt, 100));
  // Not counted: the same words stand in the conversation.
  const title = words === null || secrets === null ? words : createRedactor({ secrets }).text(words);
  const head = { id: session.id, title, model, cwd, createdAt: created_at };
  let piece = writer.begin(head);
  for (const entry of transcriptOf(session.dir)) {
    piece += writer.entry(redactor === null ? entry : mapEntry(entry, redactor));
    exported.entries += 1;
    if (piece.length < pieceChars) continue;
    yield counted(piece);
    piece = "";
  }
  exported.redacted = redactor?.places ?? null;
  yield counted(piece + writer.end(exported.redacted));

  function counted(text: string): Buffer {
    const bytes = Buffer.from(text, "utf8");
    exported.bytes += bytes.length;
    return bytes;
  }
}
