// Questions that are answered with yes only by the key that says yes: leaving, deleting, cancelling.
import { oneLine } from "../../../text/neutralise.ts";
import type { Model } from "../../model/state.ts";
import { count } from "../../text/words.ts";
import { scrollBy, wheeled } from "./scroll.ts";
import type { ConfirmDialog, DialogKey, Handled, Room } from "./types.ts";

const listed = 8;

/** A question with its answers in words. */
export function createConfirm(parts: Pick<ConfirmDialog, "title" | "lines" | "yes" | "no" | "acts">): ConfirmDialog {
  return { kind: "confirm", scroll: 0, back: null, ...parts };
}

/**
 * Asks before leaving while something is under way; null: nothing is, so there is nothing to ask. `elsewhere`: what
 * runs on other machines, goes on, and may go on costing.
 */
export function openQuit(model: Model, elsewhere: readonly string[] = []): ConfirmDialog | null {
  const { turn, jobs, queue, session } = model;
  const running = jobs.filter(({ state }) => state === "running");
  if (turn === null && running.length === 0 && queue.length === 0 && elsewhere.length === 0) return null;
  const again = session.id === "" ? "" : `: ml-intern --resume ${session.id}`;
  return createConfirm({
    title: "leave?",
    lines: [
      ...(turn === null ? [] : [`The turn stops here. It can be finished later${again}`]),
      ...listOf(
        "Ends now",
        running.map(({ title }) => title),
      ),
      ...listOf("Goes on without you, and may go on costing", elsewhere),
      ...listOf(
        "Waits in the session until you come back",
        queue.map(({ text }) => text),
      ),
    ],
    yes: "leave",
    no: "stay",
    acts: [{ kind: "quit" }],
  });
}

/** What commands do to a turn that runs, in words; those that are not here leave it, and what runs beside it, alone. */
const endings: Readonly<Record<string, { title: string; line: string; yes: string }>> = {
  fork: {
    title: "go on in a copy?",
    line: "The turn stops here; it can be finished later, in this session.",
    yes: "fork",
  },
  new: { title: "begin anew?", line: "The turn stops here; it can be finished later.", yes: "begin anew" },
  clear: { title: "begin anew?", line: "The turn stops here; it can be finished later.", yes: "begin anew" },
  resume: {
    title: "take up another session?",
    line: "The turn stops here; it can be finished later.",
    yes: "leave it",
  },
};

/** Asks before a turn is taken back: what was said and done in it leaves the conversation. Null: there is none. */
function openUndo(model: Model): ConfirmDialog | null {
  const last = model.marks.at(-1);
  if (last === undefined) return null;
  const isRunning = model.turn !== null;
  return createConfirm({
    title: isRunning ? "take the running turn back?" : "take the last turn back?",
    lines: [
      oneLine(last.text, 200),
      `${isRunning ? "The turn stops and is" : "It is"} taken out of the conversation. What it has changed in files stays.`,
    ],
    yes: "take it back",
    no: isRunning ? "let it run" : "keep it",
    acts: [{ kind: "run", command: "undo", rest: "", sure: true }],
  });
}

/** Asks before a command that ends what runs, or takes a turn back; null: it does neither. */
export function openEndsTurn(model: Model, command: string, rest: string): ConfirmDialog | null {
  if (command === "undo") return openUndo(model);
  const ending = Object.hasOwn(endings, command) ? endings[command] : undefined;
  // Jobs on the Hub run on.
  const running = model.jobs.filter(({ state, remote }) => state === "running" && remote?.open !== true);
  if (ending === undefined || (command === "resume" && rest === "")) return null;
  if (model.turn === null && running.length === 0) return null;
  return createConfirm({
    title: ending.title,
    lines: [
      ...(model.turn === null ? [] : [ending.line]),
      ...listOf(
        "Ends now",
        running.map(({ title }) => title),
      ),
    ],
    yes: ending.yes,
    no: "let it run",
    acts: [{ kind: "run", command, rest, sure: true }],
  });
}

/** Asks before a job is cancelled. */
export function openCancelJob({ id, title }: Model["jobs"][number]): ConfirmDialog {
  return createConfirm({
    title: "cancel the job?",
    lines: [oneLine(title), "What it has written so far stays."],
    yes: "cancel the job",
    no: "let it run",
    acts: [{ kind: "cancel_job", id }],
  });
}

/** Takes a key. */
export function handleConfirm(dialog: ConfirmDialog, key: DialogKey, room: Room): Handled {
  if (key.kind === "wheel") return { dialog: { ...dialog, scroll: wheeled(dialog.scroll, key.by, room) }, acts: [] };
  if (key.kind !== "command") return { dialog, acts: [] };
  if (key.id === "approval.approve") return { dialog: null, acts: dialog.acts };
  if (key.id === "approval.reject" || key.id === "dialog.close") return { dialog: dialog.back, acts: [] };
  const scroll = scrollBy(dialog.scroll, key.id, room);
  if (scroll !== null) return { dialog: { ...dialog, scroll }, acts: [] };
  const isOwn = /^(?:approval|dialog)\./.test(key.id);
  return { dialog, acts: isOwn ? [] : [{ kind: "pass", command: key.id }] };
}

function listOf(head: string, titles: readonly string[]): string[] {
  if (titles.length === 0) return [];
  const shown = titles.slice(0, listed).map((title) => `  · ${oneLine(title, 200)}`);
  const more = titles.length > listed ? [`  · ${count(titles.length - listed)} more`] : [];
  return [`${head}:`, ...shown, ...more];
}
