// The formats in which a session can be exported.
import type { Entry } from "../../../actors/traces/transcript.ts";
import { claudeCode } from "./claude-code.ts";
import { markdown } from "./markdown.ts";
import { messages } from "./messages.ts";

/** What is said of a session at the head of an export. */
export interface Head {
  id: string;
  title: string | null;
  model: string | null;
  cwd: string | null;
  createdAt: number | null;
}

/** Writes the entries of a session, piece by piece. */
export interface Format {
  begin(head: Head): string;
  entry(entry: Entry): string;
  /** `redacted`: the places that were redacted, or null when nobody looked. */
  end(redacted: number | null): string;
}

/** How each format is begun: a format may have to remember what it has written. */
export const formats: Readonly<Record<"markdown" | "claude-code" | "messages", () => Format>> = {
  markdown,
  "claude-code": claudeCode,
  messages,
};

export type FormatName = keyof typeof formats;

export const formatNames = Object.keys(formats) as FormatName[];
