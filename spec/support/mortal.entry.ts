// The whole program, with a life that is measured. DIE_AFTER=n kills the process with SIGKILL the moment its n-th line
// of this life is in the journal, before anything that the line announces can happen. FAIL_AT=text has the first write of
// a line that contains the text fail, as a disk that is full for a moment would; with FAIL_ALWAYS every one of them.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const dieAfter = Number(process.env.DIE_AFTER ?? "0");
const writeSync = fs.writeSync;
const failAt = process.env.FAIL_AT ?? "";
let lines = 0;
let failed = false;

/** Whether a write adds a line to a journal; other files of the session have numbered lines too. */
function isLine(file: unknown, text: string): boolean {
  if (!text.startsWith('{"seq":')) return false;
  return fs.readlinkSync(`/proc/self/fd/${file}`).endsWith("/journal.jsonl");
}

fs.writeSync = ((...args: unknown[]) => {
  const [file, what] = args;
  const text = typeof what === "string" ? what : Buffer.from(what as Uint8Array).toString();
  const counts = isLine(file, text);
  if (failAt !== "" && counts && text.includes(failAt) && (!failed || process.env.FAIL_ALWAYS)) {
    failed = true;
    throw Object.assign(new Error(process.env.FAIL_CODE ?? "EAGAIN"), { code: process.env.FAIL_CODE ?? "EAGAIN" });
  }
  const written = Reflect.apply(writeSync, fs, args) as number;
  if (counts && ++lines === dieAfter) process.kill(process.pid, "SIGKILL");
  return written;
}) as typeof writeSync;
syncBuiltinESMExports();

await import(new URL("./ml-intern.js", import.meta.url).href);
