// What every request to a model begins with: the system prompt (the text in configs/ with the facts of the session filled
// in) and the tools. Within a session it never changes, so that providers can keep the prefix in their caches.
import { readFileSync } from "node:fs";
import type { ToolSpec } from "../llm/protocol.ts";

/** The facts that the prompt may name. */
export interface PromptFacts {
  cwd: string;
  /** Day on which the session began, YYYY-MM-DD. */
  date: string;
  platform: string;
}

/** Fills `{{name}}` in a template. Throws on a name that is no fact, so that a typing error cannot reach a model. */
export function fillPrompt(template: string, facts: PromptFacts): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = facts[name as keyof PromptFacts];
    if (value === undefined) throw new Error(`the system prompt names an unknown fact: ${name}`);
    return value;
  });
}

/** The system prompt of a session in a folder that began at a time (milliseconds since 1970). */
export function systemPrompt(cwd: string, createdAt: number): string {
  const template = readFileSync(new URL("../configs/prompts/system.md", import.meta.url), "utf8");
  return fillPrompt(template, {
    cwd,
    date: new Date(createdAt).toISOString().slice(0, 10),
    platform: `${process.platform} ${process.arch}`,
  });
}

/** The tools as models see them, as the build has derived them from the catalogue. */
export function toolSpecs(): ToolSpec[] {
  return JSON.parse(readFileSync(new URL("./tool-specs.json", import.meta.url), "utf8")) as ToolSpec[];
}
