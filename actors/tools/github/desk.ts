// What the tools for GitHub work with: the client, and a place for what the reader must know beside the answer.
import type { ToolContext } from "../contract.ts";
import { type ClientContext, type GitHub, githubClient } from "./client.ts";
import { githubFailure } from "./failure.ts";
import { fullName, type Repo } from "./names.ts";

/** The desk of one call. `C`: what is known of the call, which is less while it is only looked at. */
export interface Desk<C extends ClientContext = ToolContext> {
  github: GitHub;
  context: C;
  hasToken: boolean;
  note(sentence: string): void;
  readonly notes: readonly string[];
  /** Does something with GitHub; what it refuses comes as a `ToolError` about `subject`. */
  about<T>(subject: string, ask: () => Promise<T>): Promise<T>;
}

/** Makes it. `freshMs`: for how long GitHub's answers are taken as they were; null: never. */
export function openDesk<C extends ClientContext>(context: C, freshMs: number | null): Desk<C> {
  const hasToken = context.door.has("github");
  const notes: string[] = [];
  const note = (sentence: string) => {
    if (sentence !== "" && !notes.includes(sentence)) notes.push(sentence);
  };
  const github = githubClient(context, freshMs);
  github.hook.after("request", ({ headers }) => note(quotaWords(headers, hasToken)));
  return {
    github,
    context,
    hasToken,
    notes,
    note,
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

/** Requests left from which on one should know of it. */
const fewRequests = 10;

/** A warning where few requests are left of an hour's; GitHub counts searches, which come back each minute, apart. */
function quotaWords(headers: Record<string, unknown>, hasToken: boolean): string {
  const left = Number.parseInt(String(headers["x-ratelimit-remaining"] ?? ""), 10);
  const reset = Number.parseInt(String(headers["x-ratelimit-reset"] ?? ""), 10);
  if (!(left <= fewRequests) || Number.isNaN(reset) || headers["x-ratelimit-resource"] !== "core") return "";
  const until = new Date(reset * 1000).toISOString().slice(11, 16);
  const more = hasToken ? "" : "; with GITHUB_TOKEN the user would have 5,000 an hour";
  return `GitHub answers ${left} more requests until ${until} UTC${more}.`;
}

/** Tells of a repository that has moved: GitHub sends the old name on. */
export function noteMove(desk: Pick<Desk, "note">, asked: Repo, now: string): void {
  if (now !== "" && now.toLowerCase() !== fullName(asked).toLowerCase()) {
    desk.note(`${fullName(asked)} is ${now} now; use that name.`);
  }
}

/** The notes as the end of an answer. */
export function notesOf({ notes }: Pick<Desk, "notes">): string {
  return notes.map((note) => `\n[${note}]`).join("");
}
