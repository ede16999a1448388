// What the tools for GitHub work with: the client, and a place for what the reader must know beside the answer.
import type { ToolContext } from "../contract.ts";
import { type GitHub, githubClient } from "./client.ts";
import { githubFailure } from "./failure.ts";
import { fullName, type Repo } from "./names.ts";

/** The desk of one call. */
export interface Desk {
  github: GitHub;
  context: ToolContext;
  hasToken: boolean;
  note(sentence: string): void;
  readonly notes: readonly string[];
  /** Does something with GitHub; what it refuses comes as a `ToolError` about `subject`. */
  about<T>(subject: string, ask: () => Promise<T>): Promise<T>;
}

/** Makes it. `freshMs`: for how long GitHub's answers are taken as they were. */
export function openDesk(context: ToolContext, freshMs: number): Desk {
  const hasToken = context.door.has("github");
  const notes: string[] = [];
  return {
    github: githubClient(context, freshMs),
    context,
    hasToken,
    notes,
    note: (sentence) => {
      if (sentence !== "" && !notes.includes(sentence)) notes.push(sentence);
    },
    async about(subject, ask) {
      try {
        return await ask();
      } catch (error) {
        context.signal.throwIfAborted();
        throw githubFailure(error, subject, hasToken);
      }
    },
  };
}

/** Tells of a repository that has moved: GitHub sends the old name on. */
export function noteMove(desk: Desk, asked: Repo, now: string): void {
  if (now !== "" && now.toLowerCase() !== fullName(asked).toLowerCase()) {
    desk.note(`${fullName(asked)} is ${now} now; use that name.`);
  }
}

/** The notes as the end of an answer. */
export function notesOf({ notes }: Desk): string {
  return notes.map((note) => `\n[${note}]`).join("");
}
