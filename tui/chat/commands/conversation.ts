// Commands about the conversation as it is.
import { costOf, statusOf, workOf } from "./facts.ts";
import type { Command } from "./outcome.ts";

export const conversationCommands: readonly Command[] = [
  {
    name: "steer",
    args: "TEXT",
    summary: "say something that the running turn takes up at its next step",
    async run(chat, text) {
      await chat.operate({ type: "steer", text });
      return { kind: "handed_on" };
    },
  },
  {
    name: "undo",
    args: "",
    summary: "take back the last turn; what it changed in files stays",
    async run(chat) {
      await chat.operate({ type: "undo" });
      return { kind: "handed_on" };
    },
  },
  {
    name: "withdraw",
    args: "",
    summary: "take the newest message back out of the queue",
    async run(chat) {
      if (chat.agent.state.queue.length === 0) return { kind: "nothing_waits" };
      await chat.operate({ type: "withdraw" });
      return { kind: "handed_on" };
    },
  },
  {
    name: "compact",
    args: "",
    summary: "make the conversation shorter for the model now; nothing is lost from the record",
    async run(chat) {
      await chat.operate({ type: "compact" });
      return { kind: "handed_on" };
    },
  },
  {
    name: "status",
    args: "",
    summary: "where the conversation stands",
    run: async (chat) => ({ kind: "status", status: statusOf(chat) }),
  },
  {
    name: "plan",
    args: "",
    summary: "the plan of the work",
    run: async (chat) => ({ kind: "plan", plan: chat.agent.state.plan }),
  },
  {
    name: "jobs",
    args: "",
    summary: "what runs at the moment, in the background too",
    run: async (chat) => ({ kind: "work", work: await workOf(chat) }),
  },
  {
    name: "cost",
    args: "",
    summary: "what the session has used and spent",
    run: async (chat) => ({ kind: "cost", cost: costOf(chat) }),
  },
];
