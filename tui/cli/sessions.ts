// `ml-intern sessions ...`: what was done, newest first, and what can be done with it.
import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { FrontError } from "../errors.ts";
import { factsOf } from "../sessions/facts.ts";
import { forkSession } from "../sessions/fork.ts";
import { type Imported, importFile } from "../sessions/import/import.ts";
import { deleteSession } from "../sessions/remove.ts";
import { renameSession } from "../sessions/rename.ts";
import { resolveOwn, resolveSession } from "../sessions/resolve.ts";
import { oneLine } from "../text/neutralise.ts";
import type { Style } from "../text/style.ts";
import { exportAnswer } from "./sessions/export.ts";
import { sessionsAnswer } from "./sessions/list.ts";
import { replayAnswer } from "./sessions/replay.ts";
import { shownFacts } from "./sessions/show.ts";
import { numberOf, readWords } from "./sessions/words.ts";
import type { Answer } from "./small.ts";
import { version } from "./version.ts";

/** The options of the command, as they were given. */
export interface SessionsOptions {
  style: Style;
  json: boolean;
  all: boolean;
  /** Of an export; null: Markdown, to standard output. */
  format: string | null;
  output: string | null;
  /** The message before which a fork ends; null: behind the last turn. */
  at: string | null;
  yes: boolean;
  redact: boolean;
  /** Of a replay, as it was written; null: as it happened, or at once where it is printed. */
  speed: string | null;
  /** A replay is printed whatever the terminal is. */
  plain: boolean;
  /** The folder that is worked in; environment and config file as for a run. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  file: string | null;
  stdout: Writable;
  stderr: Writable;
}

/** Does what the words behind `sessions` say. Throws a `FrontError` for what cannot be done. */
export async function sessionsCommand(
  stateDir: string,
  words: readonly string[],
  options: SessionsOptions,
): Promise<Answer> {
  const { verb, subject, more } = readWords(words, givenOf(options));
  switch (verb) {
    case "list":
      return sessionsAnswer(stateDir, options);
    case "show": {
      const facts = factsOf(resolveSession(stateDir, subject).dir);
      return { data: facts, text: shownFacts(facts, options.style), exitCode: 0 };
    }
    case "export":
      return await exportAnswer(resolveSession(stateDir, subject), options);
    case "replay":
      return await replayAnswer(resolveSession(stateDir, subject), options);
    case "import":
      return importedAnswer(importFile(stateDir, resolve(subject), options.cwd, createdBy()));
    case "fork": {
      const forked = forkSession(stateDir, resolveSession(stateDir, subject), numberOf(options.at), createdBy());
      const left = forked.left_out === 0 ? "" : ` What had not ended was left out (${messages(forked.left_out)}).`;
      const lost = forked.lost_files === 0 ? "" : ` Outputs that are gone: ${forked.lost_files}.`;
      const text = `Forked ${forked.from.session_id} as ${forked.id}, with ${messages(forked.messages)}.${left}${lost}\nGo on with: ml-intern --resume ${forked.id} "PROMPT"\n`;
      return { data: forked, text, exitCode: 0 };
    }
    case "rename": {
      const session = resolveOwn(stateDir, subject);
      const name = renameSession(session, more);
      return { data: { id: session.id, name }, text: `${session.id} is now named ${name}.\n`, exitCode: 0 };
    }
    case "delete":
      return deleted(stateDir, subject, options);
  }
}

function givenOf({ all, format, output, at, yes, redact, speed, plain }: SessionsOptions): string[] {
  const asked = { speed: speed !== null, plain };
  const given = {
    ...asked,
    all,
    format: format !== null,
    output: output !== null,
    at: at !== null,
    yes,
    "no-redact": !redact,
  };
  return Object.entries(given).flatMap(([name, is]) => (is ? [name] : []));
}

function createdBy(): string {
  return `ml-intern ${version()}`;
}

function messages(count: number): string {
  return `${count} ${count === 1 ? "message" : "messages"}`;
}

function importedAnswer(imported: Imported): Answer {
  const { id, dropped, unanswered, redacted, model, invalid_model } = imported;
  const notes = [
    ...(dropped === 0 ? [] : [`${messages(dropped)} made no sense and were left out.`]),
    ...(unanswered === 0 ? [] : [`${unanswered} calls have no result in the file.`]),
    ...(redacted === 0
      ? []
      : [`${messages(redacted)} hold [REDACTED] marks; the model is told that they are none of its own.`]),
    ...(model !== null
      ? []
      : [
          `The file's model${invalid_model === null ? "" : ` (${oneLine(invalid_model, 60)})`} cannot be used: yours will answer.`,
        ]),
  ];
  const text = [
    `Imported ${messages(imported.messages)} as ${id}.`,
    ...notes,
    `Go on with: ml-intern --resume ${id} "PROMPT"`,
  ];
  return { data: imported, text: `${text.join("\n")}\n`, exitCode: 0 };
}

function deleted(stateDir: string, subject: string, { yes }: SessionsOptions): Answer {
  const session = resolveOwn(stateDir, subject);
  if (!yes) {
    const { turns, messages: asked, bytes } = factsOf(session.dir);
    const first = asked[0]?.text ?? "";
    throw new FrontError(
      "CONFIRM",
      `Session ${session.id} (${turns} ${turns === 1 ? "turn" : "turns"}, ${bytes} bytes: ${oneLine(first, 80)}) would be gone for good.`,
      `To delete it: ml-intern sessions delete ${session.id} --yes`,
    );
  }
  deleteSession(session);
  return { data: { id: session.id, deleted: true }, text: `Deleted ${session.id}.\n`, exitCode: 0 };
}

export { type SessionsLook, sessionsAnswer } from "./sessions/list.ts";
