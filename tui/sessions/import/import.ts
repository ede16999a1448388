// A file that the original ML Intern has saved becomes a session that can be gone on with. The file is only read.
import { closeSync, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { DurableEvents, Json } from "../../../actors/events.ts";
import { routeOf } from "../../../actors/llm/routing.ts";
import { codeOf } from "../../../runtime/errors.ts";
import { FrontError } from "../../errors.ts";
import { buildSession, sessionExists } from "../build.ts";
import { idFor } from "../ids.ts";
import { type Trajectory, trajectoryOf } from "./trajectory.ts";

/** What was made of a file. */
export interface Imported {
  id: string;
  dir: string;
  messages: number;
  dropped: number;
  unanswered: number;
  /** Messages with places that were redacted when the file was saved: the model is told. */
  redacted: number;
  /** The model that the session goes on with, or null when the file names none that can be used. */
  model: string | null;
  /** What the file says instead. */
  invalid_model: string | null;
}

/** Files beyond this are not conversations. */
const maxBytes = 512 * 1024 * 1024;

const redactionNotice =
  "This conversation was taken over from a file in which secrets, and by mistake some code, had been replaced by " +
  "[REDACTED] marks. A mark is not what stood there: look at the files themselves before you rely on such a place.";

/**
 * Imports a file as a session that works in `cwd`. Throws a `FrontError`: `IMPORT_UNREADABLE`, `IMPORT_FORMAT`,
 * `IMPORT_EMPTY`, or `IMPORT_KNOWN` when this very file was imported before.
 */
export function importFile(stateDir: string, path: string, cwd: string, createdBy: string): Imported {
  const { bytes, modifiedAt } = read(path);
  const found = parse(path, bytes);
  if (found.messages.length === 0) {
    throw new FrontError(
      "IMPORT_EMPTY",
      `${path} holds no message that can be taken over (${found.dropped} make no sense).`,
      "Look into the file: its key messages should be a list of messages with role and content.",
    );
  }
  const id = idFor(new Date(found.startedAt ?? modifiedAt), bytes);
  const known = new FrontError(
    "IMPORT_KNOWN",
    `This file was imported before, as session ${id}.`,
    `Go on with it: ml-intern --resume ${id}. To begin again from the file, fork that session or delete it first.`,
    1,
  );
  if (sessionExists(stateDir, id)) throw known;
  const model = found.model !== null && isModel(found.model) ? found.model : null;
  const dir = buildSession(stateDir, id, ({ journal }) => {
    const started: DurableEvents["session_started"] = {
      version: 1,
      cwd,
      model: model ?? "",
      created_by: createdBy,
      imported_from: realpathSync(path),
    };
    journal.append("session_started", started);
    const notice = found.redacted === 0 ? [] : [{ role: "notice" as const, text: redactionNotice }];
    const history: DurableEvents["history_imported"] = {
      messages: [...found.messages, ...notice],
      dropped: found.dropped,
    };
    journal.append("history_imported", history, { sync: true });
  });
  if (dir === null) throw known;
  return {
    id,
    dir: join(stateDir, "sessions", id),
    messages: found.messages.length,
    dropped: found.dropped,
    unanswered: found.unanswered,
    redacted: found.redacted,
    model,
    invalid_model: model === null ? found.model : null,
  };
}

function read(path: string): { bytes: Buffer; modifiedAt: number } {
  try {
    const fd = openSync(path, "r");
    try {
      const stat = fstatSync(fd);
      if (!stat.isFile()) throw new Error("it is no file");
      if (stat.size > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
      return { bytes: readFileSync(fd), modifiedAt: stat.mtimeMs };
    } finally {
      closeSync(fd);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint =
      codeOf(error) === "ENOENT" ? "The original keeps its files in session_logs/ of the folder it ran in." : undefined;
    throw new FrontError("IMPORT_UNREADABLE", `${path} cannot be read: ${why}.`, hint);
  }
}

function parse(path: string, bytes: Buffer): Trajectory {
  let value: Json;
  try {
    value = JSON.parse(bytes.toString("utf8").replace(/^\ufeff/, "")) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FrontError(
      "IMPORT_FORMAT",
      `${path} is no JSON: ${why}`,
      "A file that the original saved ends in .json.",
    );
  }
  const found = trajectoryOf(value);
  if (found !== null) return found;
  throw new FrontError(
    "IMPORT_FORMAT",
    `${path} has no list of messages.`,
    "It is no session of the original ML Intern.",
  );
}

function isModel(id: string): boolean {
  try {
    routeOf(id);
    return true;
  } catch {
    return false;
  }
}
