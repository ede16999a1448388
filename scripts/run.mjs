// @ts-check
// Builds dist/ and one script of this folder, then runs the script with the remaining arguments.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { bundle, root } from "./build.mjs";

const [script, ...rest] = process.argv.slice(2);
if (script === undefined) throw new Error("usage: node scripts/run.mjs SCRIPT.ts [ARGUMENT ...]");
await bundle("dist");
const name = `${basename(dirname(script))}-${basename(script, ".ts")}`;
const outdir = `build-${name}`;
// Modules that the script hands to a thread or a process by URL are entries as well.
const parts = readdirSync(join(root, dirname(script))).filter((file) => file.endsWith(".entry.ts"));
const entries = Object.fromEntries(parts.map((file) => [basename(file, ".entry.ts"), join(dirname(script), file)]));
await bundle(outdir, { ...entries, [name]: script });
const run = spawnSync(process.execPath, ["--enable-source-maps", join(root, outdir, `${name}.js`), ...rest], {
  cwd: root,
  stdio: "inherit",
});
process.exit(run.status ?? 1);
