// The user's editor on a call's arguments.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Json } from "../../../actors/events.ts";
import { FrontError } from "../../errors.ts";

type Env = Readonly<Record<string, string | undefined>>;

/** Edits a text. Null: it was left as it is. Throws a `FrontError` when there is no editor, or it fails. */
export async function editText(text: string, name: string, env: Env): Promise<string | null> {
  const editor = env.VISUAL || env.EDITOR;
  if (!editor) {
    throw new FrontError(
      "EDITOR_UNSET",
      "No editor is set.",
      "Leave, then: export EDITOR=nano. Or say in words what to change.",
    );
  }
  const dir = mkdtempSync(join(tmpdir(), "ml-intern-edit-"));
  try {
    const file = join(dir, name);
    writeFileSync(file, text, { mode: 0o600 });
    await run(editor, file);
    const edited = readFileSync(file, "utf8");
    return edited === text ? null : edited;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Edits a value as JSON. Null: it was left as it is. Throws a `FrontError` when there is no editor or no JSON came of it. */
export async function editJson(value: Json, env: Env): Promise<Json | null> {
  const text = await editText(`${JSON.stringify(value, null, 2)}\n`, "arguments.json", env);
  if (text === null) return null;
  const edited = parse(text);
  return isDeepStrictEqual(edited, value) ? null : edited;
}

/** The variable may hold options, as every program that honours it takes it. */
function run(editor: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("/bin/sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (code === 0) resolve();
      else
        reject(
          new FrontError("EDITOR_FAILED", `The editor ended with ${signal ?? `code ${code}`}; nothing was changed.`),
        );
    });
  });
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new FrontError("EDIT_INVALID", `That is no JSON: ${why}; nothing was changed.`, "Edit again with e.");
  }
}
