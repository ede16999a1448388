// The turn: what the user says, when work on it begins and how it ends, and what is taken back.
import type { Failure } from "../../../actors/events.ts";
import type { EndBlock } from "./blocks.ts";
import { addBlock, type Draft, openCall, putBlock, removeBlocks } from "./draft.ts";
import type { Handlers } from "./handlers.ts";
import type { At } from "./inputs.ts";
import { cutLive, finishText } from "./live.ts";
import type { Note } from "./notes.ts";
import { notify } from "./notify.ts";
import { userTool } from "./on-commands.ts";

/** Turns that can be taken back; beyond them the oldest is forgotten. */
const maxMarks = 2_000;

/** How the user would type an input again. */
function typedAs({ text }: Pick<Draft["queue"][number], "text">): string {
  return /^[/!]/.test(text) ? `${text.charAt(0)}${text}` : text;
}

/** Takes an input out of the queue and into the transcript. */
function takeInput(draft: Draft, inputId: string, at: At): string | null {
  const input = draft.queue.find((queued) => queued.inputId === inputId);
  if (input === undefined) return null;
  draft.queue = draft.queue.filter((queued) => queued !== input);
  addBlock(draft, { kind: "user", text: input.text, via: input.via }, at);
  return input.text;
}

/** Ends the turn. */
function endTurn(draft: Draft, at: At, end: Pick<EndBlock, "reason"> & Partial<EndBlock>): void {
  cutLive(draft, at);
  const { turn } = draft;
  const { reason, failure = null, iterations = turn?.iterations ?? null, denied = 0 } = end;
  const startedAt = turn?.startedAt ?? null;
  const durationMs = startedAt === null ? null : Math.max(0, at.ts - startedAt);
  loseCalls(draft);
  addBlock(draft, { kind: "end", reason, failure, durationMs, iterations, denied }, at);
  notify(draft, at, "turn", failure === null ? endWords(reason) : failure.message);
  draft.turn = null;
  draft.asking = null;
  draft.questions = [];
}

/** Calls, but the user's own commands, that have no end by the end of the turn will not get one. */
function loseCalls(draft: Draft): void {
  const open = new Map(draft.open);
  for (const callId of draft.open.keys()) {
    const block = openCall(draft, callId);
    if (block?.tool === userTool) continue;
    open.delete(callId);
    if (block !== undefined) putBlock(draft, { ...block, status: "lost" });
  }
  draft.open = open;
}

function endWords(reason: EndBlock["reason"]): string {
  return reason === "done" ? "The turn is done." : `The turn has ended: ${reason.replaceAll("_", " ")}.`;
}

/** Handlers of the events around a turn. */
export const onTurn: Handlers<
  | "user_message"
  | "processing"
  | "input_withdrawn"
  | "steered"
  | "notice"
  | "guard_raised"
  | "plan_update"
  | "turn_complete"
  | "error"
  | "interrupting"
  | "interrupted"
  | "session_terminated"
  | "undo_complete"
> = {
  user_message(draft, { input_id, content, via }) {
    draft.queue = [...draft.queue, { inputId: input_id, text: content, via }];
    draft.held = false;
  },
  processing(draft, { input_id, message }, at) {
    cutLive(draft, at);
    const mark = { inputId: input_id, text: message, plan: draft.plan, turns: draft.turns };
    draft.marks = [...draft.marks, mark].slice(-maxMarks);
    draft.turns += 1;
    draft.turn = { inputId: input_id, startedAt: at.ts, iterations: 0, interrupting: false };
    if (takeInput(draft, input_id, at) === null) addBlock(draft, { kind: "user", text: message, via: "input" }, at);
  },
  input_withdrawn(draft, { input_id: id }) {
    const input = draft.queue.find(({ inputId }) => inputId === id);
    if (input === undefined) return;
    draft.queue = draft.queue.filter((other) => other !== input);
    draft.withdrawn = [...draft.withdrawn, typedAs(input)];
  },
  steered(draft, { input_id }, at) {
    cutLive(draft, at);
    takeInput(draft, input_id, at);
  },
  notice(draft, { content, reason, job_id: jobId }, at) {
    const note: Note = jobId === undefined ? { about: "watcher", reason, text: content } : { about: "job", jobId };
    addBlock(draft, { kind: "note", note }, at);
  },
  // It becomes a notice or the end of the turn.
  guard_raised() {},
  plan_update(draft, { plan }, at) {
    const isNew = plan.map(({ content }) => content).join("\n") !== draft.plan.map(({ content }) => content).join("\n");
    draft.plan = plan;
    addBlock(draft, { kind: "plan", plan, isNew }, at);
  },
  turn_complete(draft, { reason, iterations, denied }, at) {
    endTurn(draft, at, { reason, iterations, denied });
  },
  error(draft, { error: message, code, hint }, at) {
    const failure: Failure = { code, message, ...(hint === undefined ? {} : { hint }) };
    endTurn(draft, at, { reason: "error", failure });
  },
  interrupting(draft, { content }, at) {
    if (content.trim() !== "") {
      const { model } = draft.choice;
      finishText(draft, { kind: "assistant", text: content, state: "cut", gaps: false, finish: null, model }, at);
    }
    cutLive(draft, at);
    draft.asking = null;
    if (draft.turn !== null) draft.turn = { ...draft.turn, interrupting: true };
  },
  interrupted(draft, _, at) {
    endTurn(draft, at, { reason: "interrupted" });
    draft.held = true;
    draft.compacting = false;
  },
  session_terminated(draft, { reason, error: message, user_message: hint }, at) {
    endTurn(draft, at, { reason, failure: { code: reason, message, hint } });
    draft.held = true;
    if (reason === "compaction_failed") draft.compacting = false;
    notify(draft, at, "terminated", message);
  },
  undo_complete(draft, { input_id }, at) {
    const mark = draft.marks.findLast(({ inputId }) => inputId === input_id);
    if (mark !== undefined) {
      removeBlocks(draft, ({ turn }) => turn === mark.inputId);
      draft.marks = draft.marks.slice(0, draft.marks.indexOf(mark));
      draft.plan = mark.plan;
      draft.turns = mark.turns;
      draft.tokens = { ...draft.tokens, context: null };
      draft.withdrawn = [...draft.withdrawn, mark.text];
    }
    addBlock(draft, { kind: "note", note: { about: "undo", text: mark?.text ?? null } }, at);
  },
};
