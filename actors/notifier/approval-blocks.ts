// A question as Slack shows it. What a model or a file has written stands in plain text and preformatted elements only,
// in which Slack reads neither marks nor mentions. Pure.
import type { KnownBlock } from "@slack/web-api";
import { escaped } from "./mrkdwn-inline.ts";
import type { ApprovalRequest } from "./protocol.ts";
import { headOf, oneLine } from "./text.ts";

/** Ids of the buttons, as clicks name them. */
export const buttonIds = { allow: "ml_intern_allow", deny: "ml_intern_deny" } as const;

/** Characters that are shown of what would be done; Slack takes 3000 in a block. */
export const previewChars = 2500;

/** The parts of a question that are shown, without secrets. */
export type Shown = Pick<ApprovalRequest, "title" | "reason" | "cost" | "preview"> & {
  /** Where it is asked: session, folder. */
  facts: string[];
};

/** The values of the two buttons. */
export interface Values {
  allow: string;
  deny: string;
}

/** The line that notifications show in the place of blocks. */
export function plainLine({ title }: Pick<Shown, "title">): string {
  return escaped(`Approval needed: ${oneLine(title)}`);
}

/** The question with its buttons. */
export function askingBlocks(shown: Shown, { allow, deny }: Values): KnownBlock[] {
  return [
    ...questionBlocks(shown),
    {
      type: "actions",
      elements: [
        button("Allow once", buttonIds.allow, allow, "primary"),
        button("Deny", buttonIds.deny, deny, "danger"),
      ],
    },
  ];
}

/** The question once it is over: what became of it stands in the place of the buttons. */
export function endedBlocks(shown: Shown, words: string): KnownBlock[] {
  return [...questionBlocks(shown), plain(oneLine(words, 300))];
}

function questionBlocks({ title, reason, cost, preview, facts }: Shown): KnownBlock[] {
  const why = [reason, cost].filter((part) => part !== "").join("; ");
  return [
    plain(`Approval needed: ${oneLine(title)}`),
    ...(why === "" ? [] : [plain(`Why it asks: ${oneLine(why, 500)}`)]),
    ...(preview.trim() === "" ? [] : [preformatted(exactly(preview))]),
    { type: "context", elements: facts.map((fact) => ({ type: "plain_text", text: oneLine(fact), emoji: false })) },
  ];
}

function plain(text: string): KnownBlock {
  return { type: "section", text: { type: "plain_text", text, emoji: false } };
}

function preformatted(text: string): KnownBlock {
  return {
    type: "rich_text",
    elements: [{ type: "rich_text_preformatted", elements: [{ type: "text", text }] }],
  };
}

function button(label: string, action_id: string, value: string, style: "primary" | "danger") {
  return { type: "button", text: { type: "plain_text", text: label, emoji: false }, action_id, value, style } as const;
}

/** Characters that would make it look like something else are made visible; what is cut off is counted. */
function exactly(preview: string): string {
  const seen = preview.replace(/[^\P{C}\n\t]|[\u2028\u2029]/gu, "\ufffd");
  if (seen.length <= previewChars) return seen;
  const head = headOf(seen, previewChars);
  return `${head}\n[… ${(seen.length - head.length).toLocaleString("en-US")} more characters are in the session]`;
}
