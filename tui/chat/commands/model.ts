// Commands about the model, what it may spend, and what it may do.
import type { Effort } from "../../../actors/llm/protocol.ts";
import { routeFor } from "../../config/models.ts";
import { FrontError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import type { ApprovalMode } from "../types.ts";
import { costOf, effortOf } from "./facts.ts";
import type { Command } from "./outcome.ts";

const levels: readonly Effort[] = ["off", "minimal", "low", "medium", "high", "xhigh", "max"];
const modes: readonly ApprovalMode[] = ["ask", "auto", "deny"];

/** One of the words that are allowed, in any case. */
function oneOf<T extends string>(what: string, word: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === word.toLowerCase());
  if (found !== undefined) return found;
  const guess = nearest(word.toLowerCase(), allowed);
  const hint = guess === null ? undefined : `Did you mean ${guess}?`;
  throw new FrontError("USAGE", `${what} is one of ${allowed.join(", ")}, not "${word}".`, hint);
}

function dollars(word: string): number | null {
  if (word.toLowerCase() === "none") return null;
  const usd = /^\$?\d+(\.\d+)?$/.test(word) ? Number(word.replace("$", "")) : Number.NaN;
  if (usd > 0 && Number.isFinite(usd)) return usd;
  throw new FrontError("USAGE", `A budget is US dollars, or none, not "${word}".`, "For example: /budget 2.50");
}

export const modelCommands: readonly Command[] = [
  {
    name: "model",
    args: "[ID]",
    summary: "the model that answers; with an id, tries that one and goes on with it when it answers",
    async run(chat, rest) {
      const { model, facts, wanted } = chat.agent.state;
      if (rest === "") {
        return { kind: "model", model, facts, wanted: wanted?.model ?? null, suggestions: chat.setup.suggestions };
      }
      routeFor(rest);
      await chat.operate({ type: "set_model", model: rest });
      return { kind: "handed_on" };
    },
  },
  {
    name: "effort",
    args: "[LEVEL]",
    summary: `how hard the model is to think: ${levels.join(", ")}`,
    async run(chat, rest) {
      if (rest === "") return { kind: "effort", effort: effortOf(chat), levels };
      await chat.operate({ type: "set_effort", effort: oneOf("The effort", rest, levels) });
      return { kind: "handed_on" };
    },
  },
  {
    name: "approval",
    args: "[ask|auto|deny]",
    summary: "how calls that need an approval are gone about from now on",
    async run(chat, rest) {
      if (rest === "") return { kind: "approval", mode: chat.approval, changed: false };
      const mode = oneOf("The approval", rest, modes);
      await chat.setApproval(mode);
      return { kind: "approval", mode, changed: true };
    },
  },
  {
    name: "budget",
    args: "[USD|none]",
    summary: "what the session may spend in all",
    async run(chat, rest) {
      if (rest === "") return { kind: "budget", cost: costOf(chat) };
      await chat.operate({ type: "set_budget", usd: dollars(rest) });
      return { kind: "handed_on" };
    },
  },
];
