// Things that are made once out of something large from the network and used many times: search indexes. Each is a file
// in the cache folder, with a note beside it of where it came from, when, and what confirms that it is still so.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf } from "../../../runtime/errors.ts";
import { HttpError } from "../../http/errors.ts";
import { asCount, asObject, asText, parseJson } from "../../shape.ts";
import type { ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { createShare } from "./share.ts";

/** How a thing is made. */
export interface Recipe {
  /** Names the file; letters, digits, dots and hyphens. */
  name: string;
  /** Where it is made from: the first of these that is there, and that can be made something of. */
  sources: readonly string[];
  /** Bytes of a source that are read; of more, the beginning. */
  mostBytes: number;
  /** Milliseconds for which the source is not asked again. */
  freshMs: number;
  /** The pool's function that gets a `PrepareInput` and writes the file. */
  maker: string;
  /** Counts up when what the maker writes changes. */
  version: number;
}

/** What a maker is called with. */
export interface PrepareInput {
  bytes: Uint8Array;
  /** Where they came from. */
  source: string;
  /** The file to write. */
  file: string;
}

/** A thing that is there. */
export interface Prepared {
  file: string;
  /** Where it was made from, and when that was fetched or last confirmed, milliseconds since 1970. */
  source: string;
  at: number;
  /** The source could not be asked whether it is still so. */
  isStale: boolean;
}

interface Note {
  version: number;
  source: string;
  at: number;
  etag: string;
  modified: string;
}

const makeMs = 60_000;
/** Those that are being made now, so that several calls at once make one and not several. */
const making = createShare<Prepared>();

/** Makes the thing, or finds it fresh on disk; an old one serves where its source cannot be reached. */
export async function prepared(recipe: Recipe, context: ToolContext): Promise<Prepared> {
  const folder = folderOf(context);
  const file = join(folder, `${recipe.name}.json`);
  return await making(file, context.signal, () => makeOrFind(recipe, file, context));
}

/** The folder of all such things. Throws `SYSTEM` when nothing may be kept. */
export function folderOf({ cacheDir }: Pick<ToolContext, "cacheDir">): string {
  if (cacheDir !== null) return join(cacheDir, "prepared");
  throw new ToolError("SYSTEM", "There is no cache folder, so no index can be made.", "Search the web instead.");
}

/** What is on disk already, however old; null when it is not there. */
export async function preparedBefore(name: string, version: number, folder: string): Promise<Prepared | null> {
  const file = join(folder, `${name}.json`);
  const note = await readNote(file, version);
  return note === null ? null : { file, source: note.source, at: note.at, isStale: true };
}

async function readNote(file: string, version: number): Promise<Note | null> {
  try {
    const found = asObject(parseJson(await readFile(`${file}.note`, "utf8")));
    const at = asCount(found?.at);
    if (found?.version !== version || at === null || at > Date.now() || !(await stat(file)).isFile()) return null;
    return { version, source: asText(found.source), at, etag: asText(found.etag), modified: asText(found.modified) };
  } catch {
    return null;
  }
}

async function writeNote(file: string, note: Note): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, JSON.stringify(note), { mode: 0o600 });
  await rename(draft, `${file}.note`);
}

async function makeOrFind(recipe: Recipe, file: string, context: ToolContext): Promise<Prepared> {
  const known = await readNote(file, recipe.version);
  const found = known === null ? null : { file, source: known.source, at: known.at, isStale: false };
  if (found !== null && Date.now() - found.at < recipe.freshMs) return found;
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await removeLeftDrafts(dirname(file));
    return await make(recipe, file, known, context);
  } catch (error) {
    context.signal.throwIfAborted();
    if (found === null) throw error;
    return { ...found, isStale: true };
  }
}

/** Takes away drafts that a process left behind which was killed while it wrote them. */
async function removeLeftDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.endsWith(".tmp")).map((name) => join(folder, name));
  const old = Date.now() - 3_600_000;
  for (const draft of drafts) {
    const found = await stat(draft).catch(() => null);
    if (found !== null && found.mtimeMs < old) await rm(draft, { force: true });
  }
}

async function make(recipe: Recipe, file: string, known: Note | null, context: ToolContext): Promise<Prepared> {
  const { signal, log } = context;
  let reason: unknown = null;
  for (const source of recipe.sources) {
    const isKnown = known?.source === source;
    const headers = isKnown ? validators(known) : {};
    const answer = await context.door.send(source, { signal, headers, attempts: 3, onWait: log });
    try {
      const now = Date.now();
      if (answer.status === 304 && isKnown) {
        await writeNote(file, { ...known, at: now });
        return { file, source, at: now, isStale: false };
      }
      if (answer.status === 404) continue;
      if (!answer.ok) throw new HttpError("HTTP_STATUS", `${new URL(source).host} answered ${answer.status}.`, answer);
      const { bytes } = await answer.head(recipe.mostBytes);
      const draft = `${file}.${randomUUID()}.tmp`;
      try {
        const input: PrepareInput = { bytes, source, file: draft };
        await context.pool(recipe.maker, input, makeMs);
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true });
        signal.throwIfAborted();
        // Too much for one thread: a smaller source says less, but says it.
        reason = error;
        if (["ASK_TIMEOUT", "ACTOR_GONE"].includes(codeOf(error) ?? "")) continue;
        throw error;
      }
      const { headers: given } = answer;
      const note = { etag: given.get("etag") ?? "", modified: given.get("last-modified") ?? "" };
      await writeNote(file, { version: recipe.version, source, at: now, ...note });
      return { file, source, at: now, isStale: false };
    } finally {
      answer.close();
    }
  }
  throw reason ?? new ToolError("NOT_FOUND", `There is nothing at ${recipe.sources.join(" or ")}.`);
}

function validators({ etag, modified }: Note): Record<string, string> {
  if (etag !== "") return { "if-none-match": etag };
  return modified === "" ? {} : { "if-modified-since": modified };
}
