// Failures that a model reads: what went wrong in one sentence, and what to do about it in another.

/** Why a call failed, for those who branch on it. */
export type ToolErrorCode =
  | "NOT_FOUND"
  | "NOT_A_FILE"
  | "NOT_A_FOLDER"
  | "FORBIDDEN"
  | "NOT_SEEN"
  | "STALE"
  | "NO_MATCH"
  | "AMBIGUOUS"
  | "BAD_ARGUMENTS"
  | "TOO_LARGE"
  | "BINARY"
  | "SYSTEM"
  /** A service fails, refuses, or limits requests. */
  | "UNAVAILABLE"
  | "TIMEOUT"
  | "CANCELLED";

/** A failure with a hint: what the model can do next. */
export class ToolError extends Error {
  override readonly name = "ToolError";

  constructor(
    readonly code: ToolErrorCode,
    message: string,
    readonly hint?: string,
  ) {
    super(message);
  }
}

/** Sentences for the failures of the file system that a model can do something about. */
const system: Record<string, string> = {
  ENOENT: "It does not exist.",
  EACCES: "The system does not permit it.",
  EPERM: "The system does not permit it.",
  EROFS: "The file system is read-only.",
  ENOSPC: "The disk is full.",
  EDQUOT: "The disk quota is used up.",
  ENOTDIR: "A part of the path is a file, not a folder.",
  EISDIR: "It is a folder.",
  ELOOP: "The path runs through too many symbolic links.",
  ENAMETOOLONG: "The name is too long.",
  EMFILE: "Too many files are open.",
  EBUSY: "It is in use.",
};

function stringField(error: unknown, name: "code" | "hint" | "path" | "message"): string | undefined {
  if (typeof error !== "object" || error === null || !(name in error)) return undefined;
  const value = (error as Record<string, unknown>)[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What a model reads of any thrown value: the message, and the hint where it has one. */
export function describeError(error: unknown): string {
  const code = stringField(error, "code");
  const path = stringField(error, "path");
  const sentence = code === undefined ? undefined : system[code];
  if (sentence !== undefined && path !== undefined) return `${path}: ${sentence} (${code})`;
  const message = stringField(error, "message") ?? String(error);
  const hint = stringField(error, "hint");
  return hint === undefined ? message : `${message} ${hint}`;
}

/** Whether a thrown value is the system's answer with this code, for example `ENOENT`. */
export function isSystemError(error: unknown, ...codes: string[]): boolean {
  const code = stringField(error, "code");
  return code !== undefined && codes.includes(code);
}
