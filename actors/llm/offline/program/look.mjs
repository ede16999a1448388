// A first look at a path, before anything is written: what lies there, and which names are taken in this folder.
// Runs as `node --input-type=module -e TEXT -- PATH`.
import { closeSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";

const OURS = /^(experiment|report|learning-curves)(-\d+)?(\.\w+)?$/;
const TABLE = /\.(csv|tsv|tab|psv)$/i;

function names(folder) {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** The beginning of a file, decoded well enough to tell what it is. */
function beginning(path) {
  const bytes = Buffer.alloc(4096);
  const file = openSync(path);
  const used = readSync(file, bytes, 0, bytes.length, 0);
  closeSync(file);
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = bytes.toString("latin1", 0, used);
  return (isUtf16 ? text.replaceAll("\0", "") : text).trim();
}

function kindOf(text) {
  if (text === "") return "empty";
  if (text.includes("\0")) return "binary";
  if (/^[{[]/.test(text)) return "json";
  if (text.startsWith("<")) return "markup";
  const lines = text.split(/[\r\n]+/).map((line) => line.trim());
  if (lines.some((line) => /[,;|\t]/.test(line))) return "table";
  return lines.some((line) => /\s/.test(line)) ? "prose" : "one_column";
}

const asked = process.argv[1].replace(/^~(?=\/)/, homedir());
const inside = relative(".", asked);
const path = inside.startsWith("..") || isAbsolute(inside) ? resolve(asked) : inside;
const stat = statSync(asked, { throwIfNoEntry: false });
const state = !stat ? "missing" : stat.isDirectory() ? "directory" : kindOf(beginning(asked));
const folder = state === "directory" ? asked : dirname(asked);
const near = names(folder).filter((name) => TABLE.test(name) && name !== basename(asked));
const taken = names(".").filter((name) => OURS.test(name));
process.stdout.write(`RESULT ${JSON.stringify({ state, path, taken, near: near.slice(0, 8) })}\n`);
