#!/usr/bin/env node
// The command. The two questions that need no machinery are answered before any is loaded.
import { readFileSync } from "node:fs";
import module from "node:module";
import { answer } from "./deliver.ts";

const [first] = process.argv.slice(2);
if (first === "--version" || first === "-v") {
  const about = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  process.exitCode = await answer(`${about.version}\n`);
} else if (first === "--help" || first === "-h") {
  const { helpText } = await import("./help.ts");
  process.exitCode = await answer(helpText);
} else {
  // From Node 22 on compiled code is kept between runs, which halves the time that loading takes.
  (module as { enableCompileCache?: () => void }).enableCompileCache?.();
  const { main } = await import("./main.ts");
  await main(process.argv.slice(2));
}
