// Text out of bytes and back, so that what was not touched comes back byte for byte.
import { isUtf8 } from "node:buffer";
import { ToolError } from "../errors.ts";
import { type FileKind, kindOfBytes, sampleBytes, type TextEncoding } from "./kind.ts";

/** A decoded file. */
export interface DecodedText {
  text: string;
  encoding: TextEncoding;
  /** The byte order mark as it stood, or empty. */
  bom: Uint8Array;
}

function swapped(bytes: Uint8Array): Buffer {
  const even = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return even.swap16();
}

/** Decodes a whole file, or says what it is when it is no text. Bytes that are not valid UTF-8 are read as Latin-1. */
export function decodeText(bytes: Buffer): DecodedText | Exclude<FileKind, { kind: "text" }> {
  const kind = kindOfBytes(bytes.subarray(0, sampleBytes));
  if (kind.kind !== "text") return kind;
  const bom = bytes.subarray(0, kind.bomBytes);
  const body = bytes.subarray(kind.bomBytes);
  if (kind.encoding === "utf-16le") return { text: body.toString("utf16le"), encoding: "utf-16le", bom };
  if (kind.encoding === "utf-16be") return { text: swapped(body).toString("utf16le"), encoding: "utf-16be", bom };
  if (isUtf8(body)) return { text: body.toString("utf8"), encoding: "utf-8", bom };
  return { text: body.toString("latin1"), encoding: "latin1", bom };
}

/** Encodes text as the file was. Throws when the encoding has no room for a character. */
export function encodeText(decoded: DecodedText): Buffer {
  const { text, encoding, bom } = decoded;
  if (encoding === "latin1" && /[\u0100-\uffff]/.test(text)) {
    const hint = "Convert the file to UTF-8 first (iconv), then edit it.";
    throw new ToolError(
      "BAD_ARGUMENTS",
      "The file is not UTF-8, and the new text holds characters that it cannot carry.",
      hint,
    );
  }
  const body =
    encoding === "utf-16le"
      ? Buffer.from(text, "utf16le")
      : encoding === "utf-16be"
        ? Buffer.from(text, "utf16le").swap16()
        : Buffer.from(text, encoding === "latin1" ? "latin1" : "utf8");
  return Buffer.concat([bom, body]);
}

/** Lines of a text; a last line without an end counts. */
export function lineCount(text: string): number {
  if (text === "") return 0;
  let lines = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}
