// What happened beside the conversation: the plan, answers to questions, ends of turns, notes, commands.

import type { Failure } from "../../../../../actors/events.ts";
import { outcomeLines } from "../../../../chat/line/outcome-words.ts";
import { answeredBy } from "../../../../text/answered-by.ts";
import { neutralise, oneLine } from "../../../../text/neutralise.ts";
import { styleFor } from "../../../../text/style.ts";
import { cutRow } from "../../../cells/layout.ts";
import type { Row, Span, StyleId } from "../../../cells/types.ts";
import { wrap } from "../../../cells/wrap.ts";
import type {
  Answer,
  ApprovalBlock,
  CommandBlock,
  CompactionBlock,
  EndBlock,
  NoteBlock,
  PlanBlock,
} from "../../../model/blocks.ts";
import { compactionSentence, endSentence, type Sentence, sentenceOf } from "../../../model/sentences.ts";
import { count, duration } from "../../../text/words.ts";
import { planRows } from "../../panes/plan-rows.ts";
import { behindLine, type Laid, roomBehindLine, type Setting, signed, still } from "../laid.ts";

/** The plan: all of it when its steps are new, else how far it is. */
export function planBlock({ plan, isNew }: PlanBlock, { width, look, marks }: Setting): Laid {
  const { theme } = look;
  const done = plan.filter(({ status }) => status === "completed").length;
  const current = plan.find(({ status }) => status === "in_progress");
  const head: Span[] = [
    { text: "plan ", style: theme.heading },
    { text: `${done}/${plan.length}`, style: theme.strong },
  ];
  if (plan.length === 0) head.splice(1, 1, { text: "is empty now", style: theme.dim });
  if (isNew) return still([cutRow(head, width), ...planRows(plan, width, look)]);
  if (current !== undefined) {
    head.push({ text: ` ${marks.current} ${oneLine(current.content, 200)}`, style: theme.text });
  }
  return still([cutRow(head, width)]);
}

const answers: Record<Exclude<Answer, null>, string> = {
  approved: "approved",
  rejected: "rejected",
  edited: "edited and approved",
  abandoned: "not answered",
  cancelled: "cancelled",
};

/** How a person answered. Calls that still wait say so themselves. */
export function approvalBlock({ calls }: ApprovalBlock, { width, look, marks }: Setting): Laid {
  const { theme } = look;
  const rows = calls.flatMap(({ title, answer, by }) => {
    if (answer === null) return [];
    const given = answer === "approved" || answer === "edited";
    const style = given ? theme.ok : theme.error;
    const spans: Span[] = [
      { text: `${by === undefined ? answers[answer] : answeredBy(by, answer)}: `, style },
      { text: oneLine(title, 300), style: theme.text },
    ];
    return signed(given ? marks.ok : marks.stopped, style, spans, width);
  });
  return still(rows);
}

/** The end of a turn. */
export function endBlock(block: EndBlock, setting: Setting): Laid {
  const { look, width, marks } = setting;
  const { durationMs, iterations, failure } = block;
  const facts = [
    ...(durationMs === null ? [] : [duration(durationMs)]),
    ...(iterations === null ? [] : [`${count(iterations)} model ${iterations === 1 ? "call" : "calls"}`]),
  ];
  const sentence = endSentence(block);
  const said =
    failure !== null ? failureRows(failure, setting) : sentence === null ? [] : sentenceRows(sentence, setting);
  if (facts.length === 0) return still(said);
  const line = cutRow(
    [{ text: `${marks.across}${marks.across} ${facts.join(marks.dot)}`, style: look.theme.dim }],
    width,
  );
  return still([...said, line]);
}

/** The conversation was made shorter; what it was made into when it is open. */
export function compactionBlock(block: CompactionBlock, setting: Setting): Laid {
  const { look, width, marks, open } = setting;
  const head = cutRow(
    [
      { text: `${open ? marks.open : marks.folded} `, style: look.theme.dim },
      { text: compactionSentence(block).text, style: look.theme.dim },
    ],
    width,
  );
  if (!open || block.summary === "") return still([head]);
  const { room, lined } = roomBehindLine(width);
  const rows = wrap([{ text: neutralise(block.summary), style: look.theme.dim }], room);
  return still([head, ...(lined ? behindLine(rows, setting) : rows)]);
}

/** A note. */
export function noteBlock({ note }: NoteBlock, setting: Setting): Laid {
  return still(note.about === "failure" ? failureRows(note.failure, setting) : sentenceRows(sentenceOf(note), setting));
}

const plain = styleFor({ isTTY: false }, {});

/** A command of the user's, and what it came to. */
export function commandBlock({ line, outcome }: CommandBlock, setting: Setting): Laid {
  const { look, width, marks } = setting;
  const { theme } = look;
  const head = signed(marks.user, theme.accent, [{ text: neutralise(line), style: theme.user }], width);
  if (outcome.kind === "refused") return still([...head, ...failureRows(outcome.failure, setting)]);
  const text = outcomeLines(outcome, plain).trimEnd();
  return still(text === "" ? head : [...head, ...wrap([{ text: neutralise(text), style: theme.text }], width)]);
}

/** What went wrong, and what can be done about it. */
function failureRows({ message, hint }: Failure, { look, width, marks }: Setting): Row[] {
  const { theme } = look;
  const rows = signed(marks.failed, theme.error, [{ text: neutralise(message), style: theme.error }], width);
  if (hint === undefined) return rows;
  return [...rows, ...signed(" ", theme.dim, [{ text: neutralise(hint), style: theme.text }], width)];
}

function sentenceRows({ level, text }: Sentence, { look, width, marks }: Setting): Row[] {
  const { theme } = look;
  const looks: Record<Sentence["level"], { sign: string; style: StyleId }> = {
    info: { sign: marks.info, style: theme.dim },
    warn: { sign: marks.warn, style: theme.warn },
    error: { sign: marks.failed, style: theme.error },
  };
  const { sign, style } = looks[level];
  return signed(sign, style, [{ text: neutralise(text), style }], width);
}
