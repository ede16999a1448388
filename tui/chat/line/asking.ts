// Puts calls that wait for an approval to the user, one at a time, and carries out what they answer.

import type { Failure } from "../../../actors/events.ts";
import type { ApprovalDecision } from "../../../actors/operations.ts";
import type { Style } from "../../text/style.ts";
import { failureOf } from "../failure.ts";
import type { Chat, Question } from "../types.ts";
import { type Offer, readAnswer } from "./answer.ts";
import { editJson } from "./editor.ts";
import type { LineInput } from "./input.ts";
import { questionLines } from "./question-words.ts";

/** What asking needs. */
export interface AskingParts {
  input: LineInput;
  style: Style;
  env: Readonly<Record<string, string | undefined>>;
  /** Rows of the terminal, for what is shown of a question. */
  rows(): number;
  refused(failure: Failure): void;
}

/** Asks. `count`: questions that wait, this one among them. */
export interface Asking {
  /** Shows a question, unless it is the one that was shown last. */
  put(question: Question, count: number): void;
  /** Takes a line as the answer. */
  answer(chat: Chat, question: Question, line: string, count: number): Promise<void>;
  /** Refuses in the place of a user who has gone. */
  refuse(chat: Chat, question: Question): Promise<void>;
  /** The next question is shown whatever it is. */
  forget(): void;
}

/** Rows that are kept free for what stands around a preview, and the least that is shown of one. */
const rowsAround = 10;
const leastRows = 8;

export function createAsking({ input, style, env, rows, refused }: AskingParts): Asking {
  let shown: string | null = null;

  const tell = (text: string) => input.write({ out: "", err: text });

  function offerOf({ session_rule, always }: Question): Offer {
    return { session: session_rule !== undefined && always !== true, edit: input.typed };
  }

  function show(question: Question, waiting: number, whole: boolean): void {
    const lines = whole ? null : Math.max(leastRows, rows() - rowsAround);
    tell(questionLines(question, { style, lines, offer: offerOf(question), waiting }));
  }

  async function decide(chat: Chat, { tool_call_id }: Question, decision: Omit<ApprovalDecision, "tool_call_id">) {
    try {
      await chat.operate({ type: "exec_approval", approvals: [{ tool_call_id, ...decision }] });
    } catch (error) {
      refused(failureOf(error, "NOT_RECORDED"));
    }
  }

  async function edit(chat: Chat, question: Question): Promise<void> {
    try {
      const edited = await input.lend(() => editJson(question.arguments, env));
      if (edited === null) tell("  nothing was changed\n");
      else await decide(chat, question, { approved: true, arguments: edited });
    } catch (error) {
      refused(failureOf(error, "EDITOR_FAILED"));
    }
  }

  return {
    put(question, count) {
      if (shown !== question.tool_call_id) show(question, count, false);
      shown = question.tool_call_id;
    },
    async answer(chat, question, line, count) {
      const given = readAnswer(line, offerOf(question));
      switch (given.kind) {
        case "again":
          tell(`  ${given.why}\n`);
          return;
        case "view":
          show(question, count, true);
          return;
        case "approve":
          return decide(chat, question, { approved: true, scope: given.scope });
        case "deny":
          return decide(chat, question, given.feedback === null ? no : { ...no, feedback: given.feedback });
        case "edit":
          return edit(chat, question);
      }
    },
    refuse: (chat, question) => decide(chat, question, { ...no, feedback: "Nobody is there any more to approve it." }),
    forget() {
      shown = null;
    },
  };
}

const no = { approved: false } as const;
