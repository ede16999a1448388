// How a script gets into a job. There is no endpoint for it: the script travels in the command, compressed, in pieces
// that each fit into one argument, and a few lines of Python at the other end put it into a file and hand over to uv.
// No shell is involved, so nothing has to be quoted, and what arrives is compared with what was sent.
import { createHash } from "node:crypto";
import { deflateSync, inflateSync } from "node:zlib";
import { ToolError } from "../errors.ts";

/** The image for scripts: uv and Python. */
export const uvImage = "ghcr.io/astral-sh/uv:python3.12-bookworm";

/** Linux takes no argument of more than 128 KiB (MAX_ARG_STRLEN, execve(2)). */
const pieceChars = 96 * 1024;
/**
 * Characters of a script on its way. Linux takes about 2 MiB of arguments in all; what the Hub takes is not documented,
 * so it is much less. Python compresses to about a third.
 */
const mostChars = 256 * 1024;

/** Bytes of a script that are unpacked; none that we send has more. */
const mostUnpacked = 4 * 1024 * 1024;

const unpack = [
  "import base64,hashlib,os,sys,tempfile,zlib",
  "digest,name,pieces,before=sys.argv[1],sys.argv[2],int(sys.argv[3]),int(sys.argv[4])",
  "rest=sys.argv[5:]",
  "text=zlib.decompress(base64.b64decode(''.join(rest[:pieces])))",
  "assert hashlib.sha256(text).hexdigest()==digest,'the script did not arrive whole'",
  "path=os.path.join(tempfile.mkdtemp(),name)",
  "open(path,'wb').write(text)",
  "words=rest[pieces:]",
  "words.insert(before,path)",
  "os.execvp(words[0],words)",
].join("\n");

/** A script to be run. */
export interface UvScript {
  text: string;
  /** The file's name, as tracebacks show it. */
  name: string;
  args: readonly string[];
  dependencies: readonly string[];
  python: string | null;
}

/** The command of a job that runs a script. Throws a `ToolError` for a script that is too large. */
export function uvCommand({ text, name, args, dependencies, python }: UvScript): string[] {
  const digest = createHash("sha256").update(text).digest("hex");
  const encoded = deflateSync(Buffer.from(text), { level: 9 }).toString("base64");
  if (encoded.length > mostChars) {
    throw new ToolError(
      "TOO_LARGE",
      `The script is too large to travel with the job (${encoded.length} characters compressed, at most ${mostChars}).`,
      "Put its data or modules into a repository on the Hub and mount that with volumes, or load it from there.",
    );
  }
  const pieces = encoded.match(new RegExp(`.{1,${pieceChars}}`, "g")) ?? [""];
  const words = ["uv", "run", ...dependencies.flatMap((one) => ["--with", one])];
  if (python !== null) words.push("--python", python);
  return [
    "python3",
    "-c",
    unpack,
    digest,
    fileName(name),
    String(pieces.length),
    String(words.length),
    ...pieces,
    ...words,
    ...args,
  ];
}

function fileName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]/g, "_").replace(/^[.-]+/, "");
  return plain.endsWith(".py") ? plain.slice(-80) : `${plain.slice(0, 76) || "script"}.py`;
}

/** The script that travels in a command of ours, or null. */
export function scriptIn([program, flag, code, , , pieces, , ...rest]: readonly string[]): string | null {
  if (program !== "python3" || flag !== "-c" || code !== unpack) return null;
  try {
    const packed = Buffer.from(rest.slice(0, Number(pieces)).join(""), "base64");
    return inflateSync(packed, { maxOutputLength: mostUnpacked }).toString("utf8");
  } catch {
    return null;
  }
}

/** A command as people and models read it: without the script that travels in it. */
export function shortCommand(command: readonly string[]): string {
  const [program, flag, code, , name, pieces] = command;
  const isOurs = program === "python3" && flag === "-c" && code === unpack;
  const words = isOurs
    ? [...command.slice(7 + Number(pieces)), `(the script ${name})`]
    : command.map((word) => (word.length > 200 ? `${word.slice(0, 80)}… (${word.length} characters)` : word));
  return words
    .map((word) => (/^[\w@%+=:,./<>~![\]()-]+$/.test(word) ? word : JSON.stringify(word)))
    .join(" ")
    .slice(0, 1_000);
}
