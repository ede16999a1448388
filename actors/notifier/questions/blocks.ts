// A question as a message of Slack's: what would be done, why, and the two buttons. Pure. What a model wrote stands in
// plain text, which Slack does not interpret, or escaped inside a block of code: it can address nobody and hide nothing.
import type { KnownBlock } from "@slack/web-api";
import { codeBlock } from "../mrkdwn.ts";
import { escaped } from "../mrkdwn-inline.ts";
import type { QuestionText } from "../protocol.ts";
import { headOf, oneLine } from "../text.ts";
import { actions, type ButtonValue, valueText } from "./click.ts";

/** Characters of a header and of a section that Slack takes: 150 and 3,000. */
const headerChars = 150;
const sectionChars = 2_900;
/** Sections of a preview; what is beyond them is read at the terminal. */
const mostSections = 4;
const factChars = 400;

/** A message: blocks, and the text that stands for them in a notification. */
export interface QuestionPost {
  text: string;
  blocks: KnownBlock[];
}

/** A question that waits, with its buttons, or with words in their place where no answer can come back. */
export function questionPost(text: QuestionText, buttons: ButtonValue | { instead: string }): QuestionPost {
  const last: KnownBlock = "instead" in buttons ? plain(buttons.instead) : buttonRow(valueText(buttons));
  return { text: escaped(`Approval needed: ${oneLine(text.title)}`), blocks: [...shown(text, "Allow this?"), last] };
}

/** A question that has come to its end: without buttons. */
export function settledPost(text: QuestionText, outcome: string): QuestionPost {
  const line = oneLine(outcome, factChars);
  return { text: escaped(`${line}: ${oneLine(text.title)}`), blocks: [...shown(text, "Asked:"), plain(line)] };
}

function shown({ title, preview, facts }: QuestionText, head: string): KnownBlock[] {
  const lines = facts.map((fact) => oneLine(fact, factChars)).filter((fact) => fact !== "");
  return [
    { type: "header", text: { type: "plain_text", text: oneLine(`${head} ${title}`, headerChars), emoji: false } },
    ...previewSections(visible(preview)),
    ...(lines.length === 0 ? [] : [plain(headOf(lines.join("\n"), sectionChars))]),
  ];
}

function plain(text: string): KnownBlock {
  return { type: "section", text: { type: "plain_text", text, emoji: false } };
}

function buttonRow(value: string): KnownBlock {
  const label = (text: string) => ({ type: "plain_text" as const, text, emoji: false });
  return {
    type: "actions",
    block_id: "ml_intern_question",
    elements: [
      { type: "button", action_id: actions.allow, text: label("Allow once"), style: "primary", value },
      { type: "button", action_id: actions.deny, text: label("Deny"), style: "danger", value },
    ],
  };
}

/** Characters that have no shape, or change how others are shown, as their number. */
function visible(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\u2028\u2029]/gu, (one) => `\\u{${one.codePointAt(0)?.toString(16)}}`);
}

function previewSections(text: string): KnownBlock[] {
  const sections: KnownBlock[] = [];
  let rest = text.trimEnd();
  while (rest !== "" && sections.length < mostSections) {
    const piece = headThatFits(rest);
    sections.push({ type: "section", text: { type: "mrkdwn", text: codeBlock([piece]), verbatim: true } });
    // A piece that ends with its line takes the line's end along.
    rest = rest.slice(piece.length).replace(/^\n/, "");
  }
  if (rest !== "") {
    const left = rest.length.toLocaleString("en-US");
    sections.push(plain(`This is not all: ${left} more characters are shown at the terminal only.`));
  }
  return sections;
}

/** The longest beginning that fits into a section once it is escaped, up to a line's end where one is near. */
function headThatFits(text: string): string {
  let head = headOf(text, sectionChars);
  while (codeBlock([head]).length > sectionChars) head = headOf(head, Math.floor(head.length * 0.8));
  if (head.length === text.length) return head;
  const end = head.lastIndexOf("\n");
  return end > head.length / 2 ? head.slice(0, end) : head;
}
