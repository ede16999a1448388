// The file of the audit: lines that each carry the hash of the line before, so that no line can be changed, taken out
// or put in without all that follow it giving that away.
import { closeSync, constants, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import type { AuditEntry } from "./entry.ts";

/** A line: an entry and the SHA-256, in hex, of the text of the line before. */
export type AuditLine = AuditEntry & { prev: string };

/** What the first line carries. */
export const noLine = "0".repeat(64);

const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDWR } = constants;

/** The audit of the session in a folder. */
export function auditPath(dir: string): string {
  return join(dir, "audit.jsonl");
}

/** The text of a line. */
export function lineText(entry: AuditEntry, prev: string): string {
  return JSON.stringify({ ...entry, prev } satisfies AuditLine);
}

/** Reads a line; null when it is none. */
export function parseLine(text: string): AuditLine | null {
  try {
    const value = JSON.parse(text) as AuditLine | null;
    return typeof value?.seq === "number" && typeof value.prev === "string" ? value : null;
  } catch {
    return null;
  }
}

/** The whole lines of an audit's text, and the torn rest behind the last of them. */
export function splitLines(text: string): { lines: string[]; rest: string } {
  const lines = text.split("\n");
  const rest = lines.pop() ?? "";
  return { lines, rest };
}

/** An audit file that is open for appending. All its members throw the platform's error. */
export interface AuditFile {
  /** What is in it. */
  read(): string;
  /** Appends a line whole or not at all. */
  append(line: string): void;
  /** Cuts the file to so many bytes. */
  cut(bytes: number): void;
  close(): void;
}

/** Opens an audit file, making it (mode 0600) when it is missing. */
export function openAuditFile(path: string): AuditFile {
  const fd = openSync(path, O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW, 0o600);
  if (!fstatSync(fd).isFile()) {
    closeSync(fd);
    throw new Error(`${path} is not a regular file`);
  }
  let end = fstatSync(fd).size;
  const cut = (bytes: number) => {
    ftruncateSync(fd, bytes);
    end = bytes;
  };
  return {
    read: () => readFileSync(path, "utf8"),
    append(line) {
      const bytes = Buffer.from(`${line}\n`, "utf8");
      try {
        for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
      } catch (error) {
        cut(end);
        throw error;
      }
      end += bytes.length;
    },
    cut,
    close: () => closeSync(fd),
  };
}
