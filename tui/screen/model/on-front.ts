// What happens at the front: time, the terminal, commands, and what the conversation tells beside its events.
import type { CommandOutcome } from "../../chat/commands/outcome.ts";
import { addBlock, begin, type Draft } from "./draft.ts";
import type { At, Input } from "./inputs.ts";
import { readOutput, takeJobs } from "./jobs.ts";
import { markGap } from "./live.ts";
import { unnotify } from "./notify.ts";
import { emptyModel } from "./state.ts";

/** Takes an input that is no event of the session. */
export function takeFrontInput(draft: Draft, input: Exclude<Input, { kind: "event" }>): void {
  switch (input.kind) {
    case "tick":
      draft.screen = { ...draft.screen, now: input.now };
      return;
    case "resized":
      draft.screen = { ...draft.screen, width: input.width, height: input.height };
      return;
    case "focused":
      draft.screen = { ...draft.screen, focused: input.focused };
      if (input.focused) draft.notifications = [];
      return;
    case "approval_mode":
      draft.approval = input.mode;
      return;
    case "jobs":
      takeJobs(draft, input.jobs, here(draft, input.at));
      return;
    case "job_output":
      readOutput(draft, input, here(draft, input.at));
      return;
    case "notice":
      addBlock(draft, { kind: "note", note: { about: "system", text: input.text } }, here(draft, input.at));
      return;
    case "missed":
      markGap(draft);
      return;
    case "command":
      command(draft, input);
      return;
    case "opened":
      if (draft.session.id !== input.sessionId) openOther(draft, input);
      return;
    case "left":
      draft.session = { ...draft.session, over: true };
      return;
    case "answered": {
      const titles = input.questions.map(({ title }) => title);
      unnotify(draft, "approval");
      addBlock(draft, { kind: "note", note: { about: "answered", titles, approved: input.approved } }, here(draft));
      return;
    }
    case "settled":
      return;
    case "failed":
      draft.asking = null;
      draft.session = { ...draft.session, over: true };
      addBlock(draft, { kind: "note", note: { about: "failure", failure: input.failure } }, here(draft));
  }
}

/** Where something that is on no record belongs. */
function here({ sync, screen }: Draft, ts = screen.now): At {
  return { seq: sync.seq, ts, durable: false };
}

/**
 * Whether what a command came to stands in the transcript: what it has changed. Of the rest, events tell, the session that
 * is opened next, or a dialog which is read and closed.
 */
export function staysInTranscript(outcome: CommandOutcome): boolean {
  if (outcome.kind === "replaced") return outcome.forked !== null;
  return outcome.kind === "exported" || (outcome.kind === "approval" && outcome.changed);
}

function command(draft: Draft, { line, outcome, at }: Extract<Input, { kind: "command" }>): void {
  if (outcome.kind === "approval") draft.approval = outcome.mode;
  if (!staysInTranscript(outcome)) return;
  addBlock(draft, { kind: "command", line, outcome }, here(draft, at));
}

/** Another session takes this one's place; the terminal is the same. */
function openOther(draft: Draft, { sessionId, model, effort }: Extract<Input, { kind: "opened" }>): void {
  const { screen, approval, nextBlock, nextNotification } = draft;
  const fresh = begin(emptyModel(), draft.meter);
  Object.assign(draft, fresh, { screen, approval, nextBlock, nextNotification });
  draft.session = { ...draft.session, id: sessionId };
  draft.choice = { ...draft.choice, model, effort };
}
