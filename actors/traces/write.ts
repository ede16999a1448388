// Writes a session out as it would be shared: without secrets, to a file that can be looked at before anything is sent.
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream, mkdirSync } from "node:fs";
import { basename, dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createRedactor } from "../redaction/redactor.ts";
import { messageLine, sessionLine } from "./simple.ts";
import { mapEntry, transcriptOf } from "./transcript.ts";

/** What was written. */
export interface Trace {
  file: string;
  bytes: number;
  messages: number;
  /** Places in which something was replaced by a placeholder. */
  redacted: number;
  sha256: string;
}

const titleChars = 100;

/** Writes the trace of a session to a file of the user's alone. `secrets`: values that must not be in it. */
export async function writeTrace(sessionDir: string, file: string, secrets: readonly string[]): Promise<Trace> {
  const redactor = createRedactor({ secrets });
  const hash = createHash("sha256");
  const trace: Trace = { file, bytes: 0, messages: 0, redacted: 0, sha256: "" };

  function* lines(): Generator<Buffer, void> {
    let isBegun = false;
    for (const entry of transcriptOf(sessionDir)) {
      const safe = mapEntry(entry, redactor);
      const line = messageLine(safe);
      if (line === null) continue;
      if (!isBegun) {
        const title = safe.kind === "user" ? safe.text.replace(/\s+/g, " ").trim().slice(0, titleChars) : null;
        yield counted(sessionLine({ id: basename(sessionDir), title }));
        isBegun = true;
      }
      trace.messages += 1;
      yield counted(line);
    }
  }

  function counted(line: object): Buffer {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`, "utf8");
    hash.update(bytes);
    trace.bytes += bytes.length;
    return bytes;
  }

  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  await pipeline(Readable.from(lines()), createWriteStream(file, { mode: 0o600 }));
  return { ...trace, redacted: redactor.places, sha256: hash.digest("hex") };
}

/** The hash of a trace that was written before, or null when it is gone. */
export async function hashOfTrace(file: string): Promise<string | null> {
  const hash = createHash("sha256");
  try {
    for await (const piece of createReadStream(file)) hash.update(piece as Buffer);
    return hash.digest("hex");
  } catch {
    return null;
  }
}
