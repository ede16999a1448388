// The header in which a script says what it needs (PEP 723, inline script metadata).
import { parse, TomlError } from "smol-toml";
import { asList, asText } from "../../shape.ts";

/** What a script says that it needs. */
export interface Header {
  dependencies: string[];
  /** For example `>=3.10`; null when it does not say. */
  requiresPython: string | null;
  /** What is wrong with the header; null: nothing. */
  problem: string | null;
}

const opening = /^# \/\/\/ script[ \t]*$/m;
/** The whole block, by the expression that PEP 723 gives. */
const block = /^# \/\/\/ script\s*$\s((?:^#(?:| .*)$\s)*?)^# \/\/\/$/m;

/** The header of a script, or null when it has none. */
export function headerOf(script: string): Header | null {
  if (!opening.test(script)) return null;
  const body = block.exec(`${script}\n`)?.[1];
  const none = { dependencies: [], requiresPython: null };
  if (body === undefined) return { ...none, problem: "the block is not closed: it ends with a line `# ///`" };
  const toml = body.replaceAll(/^# ?/gm, "");
  try {
    const table = parse(toml);
    const listed = asList(table.dependencies);
    const dependencies = listed.filter((one): one is string => typeof one === "string");
    const isList = table.dependencies === undefined || Array.isArray(table.dependencies);
    const problem = isList && dependencies.length === listed.length ? null : "dependencies must be a list of strings";
    return { dependencies, requiresPython: asText(table["requires-python"]) || null, problem };
  } catch (error) {
    const what = error instanceof TomlError ? (error.message.split("\n")[0] ?? "") : String(error);
    return { ...none, problem: `it is no TOML (${what})` };
  }
}
