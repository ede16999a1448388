// Which session a person means: a number of the list, the beginning of an id, a name, or a path.
import { realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { FrontError } from "../errors.ts";
import { oneLine } from "../text/neutralise.ts";
import { type Found, findSessions } from "./find.ts";
import { type SessionSummary, summarise } from "./summary.ts";

/** Candidates that are named when a reference fits to more than one session. */
const shown = 5;

/**
 * The one session that a reference means. In this order: a path of a session's folder or of its journal; its number in
 * the list (1 is the newest); its id or the beginning of it; its name or the beginning of that. Throws a `FrontError`:
 * `SESSION_UNKNOWN`, or `SESSION_AMBIGUOUS` with the candidates in its hint.
 */
export function resolveSession(stateDir: string, reference: string): Found {
  if (isPath(reference)) return atPath(reference);
  const found = findSessions(stateDir);
  if (/^\d{1,6}$/.test(reference)) {
    const numbered = found[Number(reference) - 1];
    if (numbered !== undefined) return numbered;
  }
  const byId = found.filter(({ id }) => id.startsWith(reference));
  const exact = byId.find(({ id }) => id === reference);
  if (exact !== undefined) return exact;
  if (byId.length > 0) return theOnly(byId, `sessions begin with "${reference}"`, "Give more of the id.");
  const named = found.map((session) => ({ session, name: nameOf(session) }));
  for (const fits of [
    (name: string) => name === reference,
    (name: string) => name.toLowerCase() === reference.toLowerCase(),
    (name: string) => name.toLowerCase().startsWith(reference.toLowerCase()),
  ]) {
    const matching = named.filter(({ name }) => name !== null && fits(name)).map(({ session }) => session);
    if (matching.length > 0) return theOnly(matching, `sessions are named "${reference}"`, "Use the id of one.");
  }
  throw new FrontError(
    "SESSION_UNKNOWN",
    `No session's id begins with "${reference}", and none has that name.`,
    "List them with: ml-intern sessions",
  );
}

/** The same for what needs the session to be one of this state folder: to resume, rename or delete it. */
export function resolveOwn(stateDir: string, reference: string): Found {
  const found = resolveSession(stateDir, reference);
  if (realpathSync(dirname(found.dir)) === realpathSync(join(stateDir, "sessions"))) return found;
  throw new FrontError(
    "SESSION_ELSEWHERE",
    `${found.dir} is not among the sessions of ${stateDir}.`,
    "Copy it in with: ml-intern sessions fork PATH",
  );
}

function isPath(reference: string): boolean {
  return reference.includes("/") || /^\.{1,2}$|^~/.test(reference) || reference.endsWith(".jsonl");
}

function atPath(reference: string): Found {
  const home = reference.replace(/^~(?=\/|$)/, homedir());
  const path = resolve(home);
  const dir = basename(path) === "journal.jsonl" ? dirname(path) : path;
  const journal = statSync(join(dir, "journal.jsonl"), { throwIfNoEntry: false });
  if (journal?.isFile()) return { id: basename(dir), dir, updatedAt: journal.mtimeMs };
  throw new FrontError(
    "SESSION_UNKNOWN",
    `${path} is no session: it holds no journal.jsonl.`,
    "A file that another program has saved is taken over with: ml-intern sessions import FILE",
  );
}

function nameOf({ dir }: Found): string | null {
  try {
    return summarise(dir).name;
  } catch {
    return null;
  }
}

function theOnly(matching: readonly Found[], what: string, advice: string): Found {
  const [only, another] = matching;
  if (only !== undefined && another === undefined) return only;
  const some = matching.slice(0, shown);
  const more = matching.length > some.length ? `\n  … and ${matching.length - some.length} more` : "";
  throw new FrontError(
    "SESSION_AMBIGUOUS",
    `${matching.length} ${what}: ${some.map(({ id }) => id).join(", ")}${more === "" ? "" : ", …"}.`,
    `${advice}${some.map(preview).join("")}${more}`,
  );
}

function preview({ id, dir }: Found): string {
  let summary: SessionSummary | null = null;
  try {
    summary = summarise(dir);
  } catch {
    // It can still be named by its id.
  }
  const words = [summary?.name ?? null, summary?.first_prompt ?? null].filter((word) => word !== null);
  return `\n  ${id}  ${words.map((word) => oneLine(word, 70)).join(" · ")}`.trimEnd();
}
