// Where the keys are that the user has given to the program: the token of the Hub where the Hub's own tools look, the
// others in a file of ours. Both are the user's alone to read.
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { FrontError } from "../../errors.ts";
import type { JsonObject, Layer } from "../layers.ts";
import { isObject } from "../layers.ts";
import { hubTokenFiles, savedKeysFile } from "../paths.ts";
import { clean, type Environment } from "../variables.ts";
import { type Credential, credentials } from "./names.ts";

const ownerOnly = 0o600;
const ownersFolder = 0o700;
/** Far more than any such file needs; what is no plain file (a pipe would block for ever) is not read at all. */
const maxFileBytes = 1_000_000;

/** What was kept, as layers of the configuration, weakest first. */
export interface KeptKeys {
  layers: Layer[];
  notices: string[];
}

/** Reads the keys that are kept. A file that cannot be used is told, and done without. */
export function keptKeys(env: Environment): KeptKeys {
  const hub = hubToken(env);
  const layers: Layer[] = hub === null ? [] : [{ source: hub.file, values: { hf_token: hub.token } }];
  const file = savedKeysFile(env);
  const text = readIfThere(file);
  if (text === null) return { layers, notices: [] };
  const values = readSaved(text);
  if (values === null) return { layers, notices: [`${file} is no file of keys and was passed over; see /login.`] };
  if (Object.keys(values).length > 0) layers.push({ source: file, values });
  const open = isReadByOthers(file) ? [`Others can read ${file}, which holds your keys: chmod 600 ${file}`] : [];
  return { layers, notices: open };
}

/** Keeps a key, and says where. Throws a `FrontError` when it cannot be written: then nothing has changed. */
export function keepKey(name: Credential["name"], value: string, env: Environment): string {
  if (name === "HF_TOKEN") {
    const file = hubTokenFiles(env)[0] ?? "";
    write(file, value);
    return file;
  }
  const file = savedKeysFile(env);
  write(file, savedText({ ...heldIn(file), [name.toLowerCase()]: value }));
  return file;
}

/** Lets go of a key. The file that held it, or null when none did. Throws a `FrontError` when it cannot be changed. */
export function dropKey(name: Credential["name"], env: Environment): string | null {
  if (name === "HF_TOKEN") {
    const file = hubToken(env)?.file ?? null;
    if (file !== null) change(file, () => rmSync(file));
    return file;
  }
  const file = savedKeysFile(env);
  const { [name.toLowerCase()]: held, ...others } = heldIn(file);
  if (held === undefined) return null;
  write(file, savedText(others));
  return file;
}

function hubToken(env: Environment): { file: string; token: string } | null {
  for (const file of hubTokenFiles(env)) {
    const token = clean(readIfThere(file) ?? "");
    if (token !== null) return { file, token };
  }
  return null;
}

/** The keys in our file. Throws a `FrontError` where it cannot be read: writing it would lose what stands in it. */
function heldIn(file: string): Record<string, string> {
  const text = readIfThere(file);
  const values = text === null ? {} : readSaved(text);
  if (values !== null) return values;
  throw new FrontError("KEY_NOT_KEPT", `${file} is no file of keys.`, "Correct it, or delete it.", 1);
}

/** The keys in the text of our file, by their config keys; null when it is none of ours. */
function readSaved(text: string): Record<string, string> | null {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isObject(values)) return null;
  const known = credentials.map(({ name }) => name.toLowerCase());
  const held = Object.entries(values as JsonObject).flatMap(([key, value]) => {
    const bare = typeof value === "string" ? clean(value) : null;
    return known.includes(key) && bare !== null ? [[key, bare] as const] : [];
  });
  return Object.fromEntries(held);
}

function savedText(values: Record<string, string>): string {
  return `${JSON.stringify(values, null, 2)}\n`;
}

/** Puts a file in the other's place in one step, so that a crash leaves the one or the other. */
function write(path: string, text: string): void {
  change(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: ownersFolder });
    const file = realOf(path);
    const draft = `${file}.${process.pid}.part`;
    try {
      writeFileSync(draft, text, { mode: ownerOnly, flag: "wx" });
      chmodSync(draft, ownerOnly);
      renameSync(draft, file);
    } finally {
      rmSync(draft, { force: true });
    }
  });
}

/** A link stays one: what it leads to is written. */
function realOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function change(path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    throw new FrontError(
      "KEY_NOT_KEPT",
      `${path} cannot be written (${code}).`,
      "Make it yours to write, or set the key in the environment.",
      1,
    );
  }
}

function readIfThere(path: string): string | null {
  try {
    const stat = lstatSync(realOf(path));
    return stat.isFile() && stat.size <= maxFileBytes ? readFileSync(path, "utf8") : null;
  } catch {
    return null;
  }
}

function isReadByOthers(path: string): boolean {
  try {
    return (lstatSync(realOf(path)).mode & 0o077) !== 0;
  } catch {
    return false;
  }
}
