// How hard a model is asked to think. Models differ in what they take, so the wish is a ladder: the first rung is what
// we would like, and a model that refuses it gets the next rung that differs in what was refused.
import type { Effort } from "../protocol.ts";

type Level = "low" | "medium" | "high" | "xhigh" | "max";

/** One way to ask. `adaptive`: the model decides how much; `budget`: the older models' fixed budget in tokens. */
export interface Rung {
  thinking: "adaptive" | "budget" | "disabled" | "unset";
  level: Level | null;
}

const levels: readonly Level[] = ["low", "medium", "high", "xhigh", "max"];

/** Tokens of the older models' thinking budget by level. */
const budgets: Record<Level, number> = { low: 4096, medium: 10_000, high: 20_000, xhigh: 32_000, max: 32_000 };

/** The smallest thinking budget that the API takes, in tokens. */
const leastBudget = 1024;

/** Models from before adaptive thinking; only the newest of them know a level. */
const older = /^claude-(3|(opus|sonnet|haiku)-4(-[015])?(-\d{8})?$)/;

/** The rungs for a model and an effort, best first; the last always works. */
export function ladderFor(model: string, effort: Effort): Rung[] {
  const unset: Rung = { thinking: "unset", level: null };
  if (effort === "off") return [{ thinking: "disabled", level: null }, unset];
  const wanted: Level = effort === "minimal" ? "low" : effort;
  const downward = levels.slice(0, levels.indexOf(wanted) + 1).reverse();
  const adaptive: Rung[] = [...downward, null].map((level) => ({ thinking: "adaptive", level }));
  const budget: Rung = { thinking: "budget", level: wanted };
  return older.test(model) ? [budget, ...adaptive, unset] : [...adaptive, budget, unset];
}

/**
 * The rung after `at` for a model that refused with this message: a lower level or none when it complained of the
 * effort, another way to think when it complained of thinking. What is named first is taken as the complaint, because
 * advice follows it. Null when the message is about something else.
 */
export function nextRung(ladder: readonly Rung[], at: number, message: string): number | null {
  const refused = ladder[at];
  if (refused === undefined) return null;
  const [complaint] = /effort|output_config|thinking|adaptive|budget_tokens/i.exec(message) ?? [];
  if (complaint === undefined) return null;
  const aboutEffort = /effort|output_config/i.test(complaint);
  const anyLevel =
    aboutEffort &&
    /(not|n't) support(ed)?|extra inputs|unknown/i.test(message) &&
    !/one of|should be|level/i.test(message);
  const next = ladder.findIndex((rung, index) => {
    if (index <= at) return false;
    return aboutEffort ? !anyLevel || rung.level === null : rung.thinking !== refused.thinking;
  });
  return next < 0 ? null : next;
}

/** What a rung comes to, in the API's own words; null when the model is told nothing. */
export function effortOf(rung: Rung): string | null {
  if (rung.thinking === "budget") return rung.level;
  if (rung.thinking === "adaptive") return rung.level ?? "adaptive";
  return rung.thinking === "disabled" ? "disabled" : null;
}

/** Output tokens that a request needs so that this model's thinking fits into it; 0 when any number will do. */
export function leastOutput(model: string, effort: Effort): number {
  return older.test(model) && effort !== "off" ? 2 * leastBudget : 0;
}

/** The request's members for a rung. */
export function thinkingParameters(rung: Rung, maxTokens: number): Record<string, unknown> {
  const effort = rung.level === null ? {} : { output_config: { effort: rung.level } };
  switch (rung.thinking) {
    case "adaptive":
      return { thinking: { type: "adaptive", display: "summarized" }, ...effort };
    case "budget": {
      // The API wants fewer than the reply may have.
      const budget = Math.min(budgets[rung.level ?? "medium"], Math.floor(maxTokens / 2));
      return budget < leastBudget ? {} : { thinking: { type: "enabled", budget_tokens: budget } };
    }
    case "disabled":
      return { thinking: { type: "disabled" } };
    case "unset":
      return {};
  }
}

/** The request's headers for a rung: older models think between tool calls only when asked to by this one. */
export function thinkingHeaders(rung: Rung): Record<string, string> {
  return rung.thinking === "budget" ? { "anthropic-beta": "interleaved-thinking-2025-05-14" } : {};
}
