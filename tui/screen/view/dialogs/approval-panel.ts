// A call that waits, as it is put to a person: what it is, why it is asked about, where the wish may come from, what it
// costs, and exactly what it would do.

import { ruleWords } from "../../../chat/line/question-words.ts";
import { oneLine } from "../../../text/neutralise.ts";
import type { Row } from "../../cells/types.ts";
import { wrap } from "../../cells/wrap.ts";
import { costOf } from "../../model/select.ts";
import type { Model, PendingQuestion } from "../../model/state.ts";
import { money } from "../../text/words.ts";
import { isArmed, offersSession, shownQuestion } from "./approval.ts";
import { fieldView } from "./field.ts";
import type { Panel } from "./panel.ts";
import { previewRows } from "./preview.ts";
import { type DialogLook, factRows, type Hint, hintKeys, hintLine, hintRows, keyFor } from "./rows.ts";
import type { ApprovalDialog } from "./types.ts";

const longest = 600;

/** Lays an approval out in rows of `width` cells. */
export function approvalPanel(dialog: ApprovalDialog, model: Model, look: DialogLook, width: number): Panel {
  const { theme } = look;
  const question = shownQuestion(dialog);
  const live = isArmed(dialog, look.now ?? Number.POSITIVE_INFINITY);
  const hints = question === undefined ? [] : answersOf(question, dialog.whole);
  const typing = dialog.reason === null ? null : reasonRows(dialog.reason, width, look);
  const count = dialog.questions.length;
  const place = count > 1 ? ` ${dialog.at + 1} of ${count}` : "";
  return {
    title: `${question?.source === undefined ? "" : "! "}approval${place}${question === undefined ? "" : `${look.ascii === true ? ":" : " ·"} ${toolName(question)}`}`,
    aside: question === undefined ? "" : asideOf(question),
    top: [],
    body: question === undefined ? [] : bodyRows(question, dialog.whole, model, look, width),
    bottom: typing?.rows ?? hintRows(hints, width, look, live),
    line: hintLine(hints, width, look, live),
    single: [
      ...hintKeys(hints, look, live),
      { text: ` ${question === undefined ? "" : oneLine(question.title, longest)}`, style: theme.text },
    ],
    scroll: dialog.scroll,
    follow: null,
    caret: typing === null ? null : { part: "bottom", ...typing.caret },
    border: theme.warn,
  };
}

function bodyRows(question: PendingQuestion, whole: boolean, model: Model, look: DialogLook, width: number): Row[] {
  const { theme } = look;
  const plain = { name: theme.dim, text: theme.text };
  const warned = { name: theme.warn, text: theme.warn };
  const { title, reason, source, always, session_rule } = question;
  const cost = costWords(question, model);
  return [
    ...factRows("what", oneLine(title, longest), width, { name: theme.dim, text: theme.strong }, 3),
    ...factRows("why", oneLine(reason, longest), width, plain, 3),
    ...(source === undefined
      ? []
      : factRows("!", `the wish may come from ${oneLine(source, 200)}, which nobody vouches for`, width, warned)),
    ...(cost === null ? [] : factRows("cost", cost.text, width, cost.over ? warned : plain)),
    ...(always === true ? factRows("note", "this is asked about each time", width, plain) : []),
    ...(offersSession(question) && session_rule !== undefined
      ? factRows(
          keyFor("approval.approve_alike", look),
          `adds a rule until you leave: ${ruleWords(session_rule)}`,
          width,
          plain,
        )
      : []),
    ...previewRows(question, whole, look, width),
  ];
}

/** The tool's name for the frame; what no name has in it could be taken for a part of the frame. */
function toolName({ tool }: PendingQuestion): string {
  return oneLine(tool, 40).replace(/[^\w.:/-]/g, "?");
}

function spendsOf({ touches = [] }: PendingQuestion) {
  return touches.flatMap((access) => (access.kind === "spend" ? [access] : []));
}

/** The price for the frame; empty when the call costs nothing. */
function asideOf(question: PendingQuestion): string {
  const spends = spendsOf(question);
  if (spends.length === 0) return "";
  const sum = sumOf(spends);
  return sum === null ? "cost unknown" : `up to ${money(sum)}`;
}

function sumOf(spends: readonly { usd: number | null }[]): number | null {
  return spends.reduce<number | null>((sum, { usd }) => (sum === null || usd === null ? null : sum + usd), 0);
}

/** What the call costs, who pays, and what the budget leaves for it. */
function costWords(question: PendingQuestion, model: Model): { text: string; over: boolean } | null {
  const spends = spendsOf(question);
  if (spends.length === 0) return null;
  const parts = spends.map(({ usd, payer }) => {
    const sum = usd === null ? "nobody knows how much" : `up to ${money(usd)}`;
    return payer === undefined ? sum : `${sum}, charged to ${oneLine(payer, 80)}`;
  });
  const { spentUsd, assumedUsd, capUsd } = costOf(model);
  if (capUsd === null) return { text: `${parts.join("; ")}; no budget is set`, over: false };
  const left = Math.max(0, capUsd - spentUsd - assumedUsd);
  const sum = sumOf(spends);
  const over = sum === null || sum > left;
  const more = over && sum !== null ? ", which is less" : "";
  return { text: `${parts.join("; ")}; ${money(left)} of ${money(capUsd)} left${more}`, over };
}

function answersOf(question: PendingQuestion, whole: boolean): Hint[] {
  return [
    { command: "approval.approve", long: "approve once", short: "once" },
    ...(offersSession(question)
      ? [{ command: "approval.approve_alike", long: "approve all like this", short: "alike" }]
      : []),
    { command: "approval.reject", long: "reject", short: "no" },
    { command: "approval.edit", long: "edit and run", short: "edit" },
    { command: "approval.view", long: whole ? "see less" : "see all", short: whole ? "less" : "all" },
  ];
}

function reasonRows(reason: NonNullable<ApprovalDialog["reason"]>, width: number, look: DialogLook) {
  const { theme, ascii = false } = look;
  const words = "Why not? The model reads it as you type it; leave it empty for no reason.";
  const { rows, caret } = fieldView(reason, width - 2, 3, theme, ascii);
  const field = rows.map((row, index) => ({
    glyphs: [index === 0 ? ">" : " ", " ", ...row.glyphs],
    styles: [theme.accent, theme.accent, ...row.styles],
  }));
  const hints: Hint[] = [
    { command: "dialog.accept", long: "reject", short: "reject" },
    { command: "dialog.close", long: "back to the question", short: "back" },
  ];
  const question = wrap([{ text: words, style: theme.warn }], width);
  const before = width >= 60 ? question : [];
  return {
    rows: [...before, ...field, ...hintRows(hints, width, look)],
    caret: { x: caret.x + 2, y: before.length + caret.y },
  };
}
