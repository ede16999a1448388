// Notes in words: one place for what the program says of what happened. Texts of models, tools and providers in them
// are as they came, and are made safe where they are shown.
import { count, counted, money } from "../text/words.ts";
import type { CompactionBlock, EndBlock } from "./blocks.ts";
import type { Note } from "./notes.ts";

/** A sentence, and how much it matters. */
export interface Sentence {
  readonly level: "info" | "warn" | "error";
  readonly text: string;
}

const info = (text: string): Sentence => ({ level: "info", text });
const warn = (text: string): Sentence => ({ level: "warn", text });
const error = (text: string): Sentence => ({ level: "error", text });

/** What the model was told, where the reason alone would say too little. */
const nudges: Readonly<Record<string, string>> = {
  unfinished_plan: "steps of the plan are open, and the model was asked to go on with them",
};

/** What a note says. */
export function sentenceOf(note: Note): Sentence {
  switch (note.about) {
    case "job":
      return info(`job ${note.jobId} has ended, and the model was told`);
    case "watcher":
      return info(note.reason === "" ? note.text : (nudges[note.reason] ?? note.reason.replaceAll("_", " ")));
    case "system":
      return warn(note.text);
    case "model":
      return note.reason === "failover"
        ? warn(`the model failed; ${note.model} takes over`)
        : info(`model is now ${note.model}`);
    case "model_rejected":
      return warn(`${note.model} is not used: ${withHint(note.failure)}`);
    case "effort":
      return info(`effort is now ${note.effort}`);
    case "budget":
      return info(note.capUsd === null ? "there is no budget now" : `the budget is now ${money(note.capUsd)}`);
    case "cost":
      return warn(`this session has cost ${money(note.spentUsd)}`);
    case "name":
      return info(`the session is now named ${note.name}`);
    case "rule":
      return info("the rule holds until you leave");
    case "overflow":
      return warn(`the conversation is too long for the model's window of ${count(note.windowTokens)} tokens`);
    case "uncompacted":
      return warn(`the conversation could not be made shorter: ${withHint(note.failure)}`);
    case "restart":
      return warn(`${note.actor} failed and was restarted; the session goes on`);
    case "resumed":
      return info(note.unfinished ? "taken up again, in the middle of a turn" : "taken up again");
    case "earlier":
      return info(`earlier: ${counted(note.turns, "turn")}, in ml-intern sessions show ${note.sessionId}`);
    case "imported":
      return info(`${count(note.messages)} messages of another session were taken over`);
    case "undo":
      return info(note.text === null ? "there is no turn to take back" : "the last turn is taken back");
    case "sent":
      return info(`told ${note.destination}`);
    case "unsent":
      return warn(`no message to ${note.destination}: ${withHint(note.failure)}`);
    case "no_answers":
      return warn(`no answers from ${note.destination}: ${withHint(note.failure)}`);
    case "asked":
      return info(`asking at ${note.destination} as well: ${note.title}`);
    case "answered": {
      const calls = note.titles.length === 1 ? note.titles[0] : `${note.titles.length} calls`;
      return warn(note.approved ? `approved without asking: ${calls}` : `refused without asking: ${calls}`);
    }
    case "failure":
      return error(withHint(note.failure));
    case "shutdown":
      return info("the session was closed");
    case "unknown":
      return info(`${note.type}: ${note.text}`);
  }
}

/** What the end of a turn says; null for one that ended as it should. */
export function endSentence({ reason, failure, denied }: EndBlock): Sentence | null {
  if (failure !== null) return error(withHint(failure));
  if (reason === "done")
    return denied === 0 ? null : warn(`${count(denied)} of the calls did not run: rejected, or not approved`);
  return warn(endings[reason] ?? `the turn ended: ${reason.replaceAll("_", " ")}`);
}

const endings: Partial<Record<EndBlock["reason"], string>> = {
  interrupted: "interrupted",
  iteration_limit: "the limit of model calls for one turn was reached",
  budget: "the budget does not suffice for another model call; raise it with /budget USD, then say: go on",
  truncated: "the replies were cut off by the output limit, again and again",
  empty_reply: "the model gave no answer, even when asked again",
  refusal: "the model refused to go on",
  doom_loop: "ended, for it went round in circles",
  malformed_calls: "ended, for the model's calls were malformed again and again",
  no_progress: "ended, for it made no progress",
};

/** What a compaction says. */
export function compactionSentence({ oldTokens, newTokens }: CompactionBlock): Sentence {
  if (newTokens >= oldTokens) return info("nothing of the conversation could be made shorter");
  return info(`conversation made shorter: about ${count(oldTokens)} to ${count(newTokens)} tokens`);
}

function withHint({ message, hint }: { message: string; hint?: string }): string {
  return hint === undefined ? message : `${message} ${hint}`;
}
