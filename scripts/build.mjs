// @ts-check
// Bundles the product into dist/: ESM, one file per entry, what is imported late in chunks beside it. The output is
// flat on purpose, so that `new URL("./host.js", import.meta.url)` means the same file from an entry and from any chunk.
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Packages that find files of their own by path at run time, so they must stay in node_modules. */
const external = ["piscina", "comlink", "blessed"];

/**
 * Folders that stay as they are beside the bundle: output name to source folder. `offline-program` is the program that
 * the offline policy writes into workspaces.
 */
const assets = { "offline-program": "actors/llm/offline/program" };

/**
 * The entries of the product: output name to source file. An actor that may run outside the main thread is an entry
 * of its own, named `actor-<folder>`, so that its host loads it and nothing else.
 *
 * @returns {Record<string, string>}
 */
export function productEntries() {
  /** @type {Record<string, string>} */
  const entries = {
    "ml-intern": "tui/cli/ml-intern.ts",
    host: "runtime/place/host.ts",
  };
  for (const folder of readdirSync(join(root, "actors"), { withFileTypes: true })) {
    if (!folder.isDirectory()) continue;
    const files = readdirSync(join(root, "actors", folder.name));
    if (files.includes("behaviour.ts")) entries[`actor-${folder.name}`] = `actors/${folder.name}/behaviour.ts`;
    if (files.includes("pool.ts")) entries[`pool-${folder.name}`] = `actors/${folder.name}/pool.ts`;
  }
  return entries;
}

/**
 * Bundles entries into a folder directly below the repository root, where `../configs` resolves as it does from dist/.
 * Each product entry is built by itself: threads share no modules at run time, so a shared chunk would only make one
 * thread parse what another one needs. All other entries (specs, scripts) are built together.
 *
 * @param {string} outdir
 * @param {Record<string, string>} [others]
 */
export async function bundle(outdir, others = {}) {
  rmSync(join(root, outdir), { recursive: true, force: true });
  const groups = Object.entries(productEntries()).map(([name, source]) => ({ [name]: source }));
  if (Object.keys(others).length > 0) groups.push(others);
  await Promise.all(groups.map((entryPoints) => build({ ...options, outdir, entryPoints })));
  await writeToolSpecs(outdir);
  for (const [name, source] of Object.entries(assets)) {
    cpSync(join(root, source), join(root, outdir, name), { recursive: true });
  }
}

/**
 * Evaluates the catalogue of tools and keeps what models see of it as a file.
 *
 * @param {string} outdir
 */
async function writeToolSpecs(outdir) {
  const module = join(root, outdir, "tool-specs.js");
  await build({
    ...options,
    splitting: false,
    sourcemap: false,
    entryPoints: ["actors/tools/specs.ts"],
    outfile: module,
  });
  const { default: specs } = await import(pathToFileURL(module).href);
  writeFileSync(join(root, outdir, "tool-specs.json"), JSON.stringify(specs));
  rmSync(module);
}

/** @type {import("esbuild").BuildOptions} */
const options = {
  absWorkingDir: root,
  external,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  loader: { ".py": "text" },
  sourcemap: "linked",
  sourcesContent: false,
  minifySyntax: true,
  minifyWhitespace: true,
  chunkNames: "chunk-[hash]",
  legalComments: "none",
  logLevel: "warning",
  // CommonJS packages inside the bundle still ask for node builtins through require.
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
};

if (process.argv[1] === fileURLToPath(import.meta.url)) await bundle("dist");
