// Where a script comes from: its own text, a file, an address. It is read once, before the call is judged, and becomes
// part of the call: what a person approves is what runs, whatever becomes of the file.
import { readFile, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";

/** Bytes of a script that are read. */
const mostBytes = 2 * 1024 * 1024;

/** A script's text, which ends with a line end, and the name of its file. */
export interface ScriptText {
  text: string;
  name: string;
}

/** What the text of the parameter stands for. A line of code is told from a path by what no path of a script has. */
export function kindOf(script: string): "text" | "path" | "url" {
  if (/[\r\n]/.test(script)) return "text";
  const line = script.trim();
  if (/^https?:\/\/\S+$/i.test(line)) return "url";
  if (/^(?:\.{0,2}\/|~\/)[^()=;]*$/.test(line) || /^[^\s()=;'"]+\.py$/.test(line)) return "path";
  return "text";
}

/** Reads it. `known`: the name that it had when it was read before. Throws a `ToolError` for what cannot be read. */
export async function readScript(script: string, known: string | undefined, look: LookContext): Promise<ScriptText> {
  const kind = kindOf(script);
  if (kind === "text") return checked(script, known ?? "script.py");
  if (kind === "path") return fromFile(script.trim(), look);
  const url = rawAddress(script.trim(), look);
  const answer = await look.door.expect(url, { signal: look.signal, foreign: true, attempts: 2, timeoutMs: 15_000 });
  const text = await answer.text(mostBytes);
  if (/^\s*<(?:!doctype|html)/i.test(text)) {
    throw new ToolError("BAD_ARGUMENTS", `${url} is a page, not a script.`, "Give the address of the raw file.");
  }
  return checked(text, basename(new URL(url).pathname));
}

const rawGitHub = "https://raw.githubusercontent.com/";

/**
 * The address of the file behind its page. It is asked before anybody judges the call, so only where whoever wrote the
 * address learns nothing from that: at the Hub, and at GitHub's store of files. Throws a `ToolError` for others.
 */
function rawAddress(given: string, { door }: LookContext): string {
  const url = given
    .replace(/^https:\/\/github\.com\/([^/]+\/[^/]+)\/(?:blob|raw)\//, `${rawGitHub}$1/`)
    .replace(/^(https:\/\/huggingface\.co\/.+)\/blob\//, "$1/resolve/");
  const isHub = url.startsWith(`${door.services.hub}/`) || url.startsWith("https://huggingface.co/");
  if (isHub || url.startsWith(rawGitHub)) return url;
  throw new ToolError(
    "FORBIDDEN",
    `${url} is not read for a job: only scripts of the Hub and of GitHub are.`,
    "Read it with web_fetch, and pass its text.",
  );
}

async function fromFile(path: string, look: LookContext): Promise<ScriptText> {
  const real = look.resolve(path);
  const closed = look.closed(real);
  if (closed !== null) throw new ToolError("FORBIDDEN", `${look.shown(real)} is closed to tools: ${closed}.`);
  const size = await stat(real).then(
    (found) => (found.isFile() ? found.size : null),
    () => null,
  );
  if (size === null) {
    const hint = "Write the script first, or pass its text.";
    throw new ToolError("NOT_FOUND", `There is no file ${look.shown(real)}.`, hint);
  }
  if (size > mostBytes) throw new ToolError("TOO_LARGE", `${look.shown(real)} is too large for a script.`);
  return checked(await readFile(real, "utf8"), basename(real));
}

function checked(text: string, name: string): ScriptText {
  if (text.trim() === "") throw new ToolError("BAD_ARGUMENTS", "The script is empty.", "Pass its text.");
  if (text.includes("\0")) throw new ToolError("BINARY", `${name} is no text.`);
  return { text: text.endsWith("\n") ? text : `${text}\n`, name };
}
