// The whole program, with a life that is measured: DIE_AFTER=n kills the process with SIGKILL the moment its n-th
// line of this life is in the journal, before anything that the line announces can happen.
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";

const dieAfter = Number(process.env.DIE_AFTER ?? "0");
const writeSync = fs.writeSync;
let lines = 0;

fs.writeSync = ((...args: unknown[]) => {
  const written = Reflect.apply(writeSync, fs, args) as number;
  const [, what] = args;
  const text = typeof what === "string" ? what : Buffer.from(what as Uint8Array).toString();
  if (text.startsWith('{"seq":') && ++lines === dieAfter) process.kill(process.pid, "SIGKILL");
  return written;
}) as typeof writeSync;
syncBuiltinESMExports();

await import(new URL("./ml-intern.js", import.meta.url).href);
