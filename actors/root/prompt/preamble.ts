// What every request to a model begins with: the system prompt and the tools. Within a session it never changes, so
// that providers can keep the prefix in their caches: all it says of the world are facts that the session keeps.
import { readFileSync } from "node:fs";
import type { ToolSpec } from "../../llm/protocol.ts";
import type { CatalogueSpec } from "../../tools/specs.ts";
import { joinParts, promptParts } from "./parts.ts";
import { utc, utcOffset, type Zone } from "./zone.ts";

/** The facts that the prompt may name. */
export interface PromptFacts {
  cwd: string;
  /** Day on which the session began, YYYY-MM-DD, by the clocks of its zone. */
  date: string;
  time_zone: string;
  /** As in `UTC+02:00`. */
  utc_offset: string;
  platform: string;
}

/** What the prompt says beside what is true of every session. */
export interface PromptContent {
  /** Where the session began. */
  zone: Zone;
  /** Names of the tools on offer. */
  tools: readonly string[];
  /** The user's standing instructions as the session keeps them; empty for none. */
  instructions: string;
}

/** The facts of a session in a folder that began at a time (milliseconds since 1970). */
export function promptFacts(cwd: string, createdAt: number, zone: Zone): PromptFacts {
  return {
    cwd: shownPath(cwd),
    date: new Date(createdAt + zone.utc_offset_minutes * 60_000).toISOString().slice(0, 10),
    time_zone: zone.time_zone,
    utc_offset: utcOffset(zone.utc_offset_minutes),
    platform: `${process.platform} ${process.arch}`,
  };
}

/** A path for a line of the prompt: a name with a line break in it must not look like a line of ours. */
export function shownPath(path: string): string {
  return /\p{Cc}|\u2028|\u2029/u.test(path) ? JSON.stringify(path) : path;
}

/** Fills `{{name}}` in a template. Throws on a name that is no fact, so that a typing error cannot reach a model. */
export function fillPrompt(template: string, facts: Readonly<Partial<PromptFacts>>): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = facts[name as keyof PromptFacts];
    if (value === undefined) throw new Error(`the system prompt names an unknown fact: ${name}`);
    return value;
  });
}

/** The system prompt of a session in a folder that began at a time (milliseconds since 1970). */
export function systemPrompt(cwd: string, createdAt: number, content: Partial<PromptContent> = {}): string {
  const { zone = utc, tools = toolSpecs().map(({ name }) => name), instructions = "" } = content;
  // The instructions come after the filling: what looks like a placeholder there is the user's own.
  const prompt = fillPrompt(joinParts(promptParts(), tools), promptFacts(cwd, createdAt, zone));
  return instructions === "" ? prompt : `${prompt}\n\n${instructions}`;
}

/**
 * The tools as models see them, as the build has derived them from the catalogue. `offers`: the conditional tools of this
 * run, by name, each with what its description says of this run.
 */
export function toolSpecs(offers: Readonly<Record<string, string>> = {}): ToolSpec[] {
  const text = readFileSync(new URL("./tool-specs.json", import.meta.url), "utf8");
  return (JSON.parse(text) as CatalogueSpec[]).flatMap(({ conditional, ...spec }) => {
    if (conditional !== true) return [spec];
    const note = Object.hasOwn(offers, spec.name) ? offers[spec.name] : undefined;
    return note === undefined ? [] : [{ ...spec, description: `${spec.description} ${note}`.trim() }];
  });
}
