// @ts-check
// Builds the product and the specs with the product's own options, then runs mocha on the result. Arguments name spec
// files or folders (default: all); BUILD_DIR puts the output elsewhere, so that two runs do not share one folder.
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { bundle, root } from "./build.mjs";

const outdir = process.env.BUILD_DIR ?? "build";
const flags = process.argv.slice(2).filter((argument) => argument.startsWith("-"));
const asked = process.argv.slice(2).filter((argument) => !argument.startsWith("-"));

/** @param {string} path @returns {string[]} */
function specsUnder(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path).flatMap((name) => {
    const child = join(path, name);
    return statSync(child).isDirectory() ? specsUnder(child) : child.endsWith(".spec.ts") ? [child] : [];
  });
}

const specs = (asked.length > 0 ? asked : ["spec"]).flatMap((path) => specsUnder(join(root, path)));
/** @type {Record<string, string>} */
const entries = {};
for (const spec of specs) {
  entries[relative(root, spec).replaceAll("/", "-").replace(/\.ts$/, "")] = relative(root, spec);
}
// Modules that a spec hands to another thread or process by URL are entries as well.
for (const name of readdirSync(join(root, "spec/support"), { recursive: true, encoding: "utf8" })) {
  if (name.endsWith(".entry.ts")) {
    entries[name.replaceAll("/", "-").replace(/\.entry\.ts$/, "")] = join("spec/support", name);
  }
}
if (asked.length === 0) await bundle("dist");
await bundle(outdir, { ...entries, reporter: "spec/support/reporter.ts" });

const run = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    join(root, "node_modules/mocha/bin/mocha.js"),
    // A spec that fails may leave its servers open: the run ends all the same.
    "--exit",
    "--reporter",
    join(root, outdir, "reporter.js"),
    ...flags,
    ...specs.map((spec) => join(root, outdir, `${relative(root, spec).replaceAll("/", "-").replace(/\.ts$/, "")}.js`)),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, NODE_OPTIONS: "" } },
);
process.exit(run.status ?? 1);
