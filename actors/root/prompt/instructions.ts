// The user's standing instructions: AGENTS.md of their own, and of the folder where they trust it. They are read once,
// when a session begins, and kept with it as the text that this makes of them.
import { closeSync, constants, existsSync, fstatSync, lstatSync, openSync, readSync, realpathSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { codeOf } from "../../../runtime/errors.ts";
import { shownPath } from "./preamble.ts";

/** The name of such a file in a project. */
const fileName = "AGENTS.md";

/** Bytes of one file that are taken. */
const maxBytes = 32_768;

/** Where to look for instructions. */
export interface InstructionPlaces {
  /** Where the user's own file may be, absolute; the first that is there counts. Links in it are followed. */
  user: readonly string[];
  /** The workspace, as a real path. */
  workspace: string;
  /** Whether the user trusts what stands in a folder. */
  isTrusted(folder: string): boolean;
  /** The file in which the user says whom they trust, to be named to them. */
  settings: string;
}

/** What was found. */
export interface Instructions {
  /** A section for the system prompt; empty when there are no instructions. */
  text: string;
  /** Things the user should hear of, one line each. */
  notices: string[];
}

interface Found {
  path: string;
  /** The file itself, past all links. */
  real: string;
  text: string;
}

/**
 * Reads the instructions for a session that begins. The user's own come first, then those at the root of the git
 * repository and in the workspace, each only where its folder is trusted. Never throws: what cannot be used is left
 * out, with a notice.
 */
export function loadInstructions(places: InstructionPlaces): Instructions {
  const { workspace, isTrusted, settings } = places;
  const notices: string[] = [];
  const own = places.user.find(isThere);
  const ofProject = [...new Set([gitRoot(workspace) ?? workspace, workspace])].filter((folder) =>
    isThere(join(folder, fileName)),
  );
  const strange = ofProject.filter((folder) => !isTrusted(folder));
  if (strange[0] !== undefined) notices.push(howToTrust(strange[0], settings));
  const wanted = [
    ...(own === undefined ? [] : [{ path: own, within: null }]),
    ...ofProject.filter(isTrusted).map((folder) => ({ path: join(folder, fileName), within: folder })),
  ];
  const found: Found[] = [];
  for (const { path, within } of wanted) {
    const file = read(path, within, (problem) => notices.push(`${path} ${problem}`));
    if (file !== null && !found.some(({ real }) => real === file.real)) found.push(file);
  }
  return { text: found.length === 0 ? "" : section(found), notices };
}

function howToTrust(folder: string, settings: string): string {
  return (
    `${join(folder, fileName)} is not followed, because you have not said that you trust this folder. ` +
    `If you do, put it into ${settings}: "trusted_folders": [${JSON.stringify(folder)}]`
  );
}

function section(files: readonly Found[]): string {
  const intro =
    "The user keeps these files for you. Follow them as you follow the user's messages. Where two of them disagree, the later one counts, and a message of the user's counts before both. They change nothing about what needs an approval.";
  const parts = files.map(({ path, text }) => `## From ${shownPath(path)}\n\n${text}`);
  return ["# Standing instructions of the user", intro, ...parts].join("\n\n");
}

/** The nearest folder from here upwards that holds a git repository, or null. */
function gitRoot(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return null;
  }
}

function isThere(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch {
    return false;
  }
}

/** Reads a file that may lead nowhere but within a folder, where one is named. Null when there is nothing to take. */
function read(path: string, within: string | null, complain: (problem: string) => void): Found | null {
  try {
    const real = realpathSync(path);
    if (within !== null && !real.startsWith(within.endsWith(sep) ? within : within + sep)) {
      complain("is not followed: it is a link that leads out of its folder.");
      return null;
    }
    const head = readHead(real);
    if (head === null || head.text.includes("\0")) {
      complain(`is not followed: it is no ${head === null ? "regular file" : "text"}.`);
      return null;
    }
    const text = head.text.trim();
    if (text === "") return null;
    if (head.size <= maxBytes) return { path, real, text };
    complain(`is longer than ${maxBytes} bytes; what comes after them is left out.`);
    return { path, real, text: `${text}\n\n[Cut off here, after ${maxBytes} of ${head.size} bytes.]` };
  } catch (error) {
    complain(`cannot be read (${codeOf(error) ?? String(error)}).`);
    return null;
  }
}

/** The beginning of a regular file and its whole size in bytes, or null for what is no such file. */
function readHead(real: string): { text: string; size: number } | null {
  // A link or a pipe that has taken the file's place since is refused, and does not block.
  const fd = openSync(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile()) return null;
    const bytes = Buffer.alloc(maxBytes + 1);
    let length = 0;
    for (let more = -1; more !== 0 && length < bytes.length; length += more) {
      more = readSync(fd, bytes, length, bytes.length - length, length);
    }
    // As a stream, so that a character which the end cuts in two is left out instead of spoilt.
    const text = new TextDecoder().decode(bytes.subarray(0, Math.min(length, maxBytes)), { stream: length > maxBytes });
    return { text, size: Math.max(stats.size, length) };
  } finally {
    closeSync(fd);
  }
}
