// Builds dist/ and one script of this folder, then runs the script with the remaining arguments.
import { spawnSync } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { bundle, productEntries, root } from "./build.mjs";

const [script, ...rest] = process.argv.slice(2);
if (script === undefined) throw new Error("usage: node scripts/run.mjs SCRIPT.ts [ARGUMENT ...]");
await bundle("dist", productEntries());
const name = `${basename(dirname(script))}-${basename(script, ".ts")}`;
const outdir = `build-${name}`;
await bundle(outdir, { ...productEntries(), [name]: script });
const run = spawnSync(process.execPath, ["--enable-source-maps", join(root, outdir, `${name}.js`), ...rest], {
  cwd: root,
  stdio: "inherit",
});
process.exit(run.status ?? 1);
