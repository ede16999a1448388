// The rules of a run: those that come with the program, the user's, and those of the workspace.
import { readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { PolicyRule } from "../../actors/policy.ts";
import type { StartOptions } from "../../actors/root/types.ts";
import { FrontError } from "../errors.ts";
import { nearest } from "../text/nearest.ts";
import { addressesIn } from "./endpoint.ts";
import { parseJson } from "./json.ts";
import { isObject, type JsonObject } from "./layers.ts";
import { shippedFile } from "./paths.ts";
import { variables } from "./variables.ts";

/** The sets of rules to choose from. */
const presets = ["default", "careful", "read-only", "autonomous"] as const;

/** Far more than any such file needs. */
const maxFileBytes = 1_000_000;

/** Where the rules of a run apply. Both absolute and free of symbolic links. */
export interface PolicyPlace {
  workspace: string;
  home: string;
}

interface Named {
  name: string;
  rule: PolicyRule;
}

/**
 * The rules of a run, from the config keys `policy.preset` and `policy.rules` and from the workspace's
 * `.ml-intern/policy.json`; `source` names the user's config file in messages. `publishTo`: repositories that this run
 * may upload to, or patterns of them. What a workspace's file would allow is
 * left out, with a notice. Throws a `FrontError` for an unknown preset, and for rules that cannot be read or are not
 * valid: none is ever passed over.
 */
export async function policyRules(
  config: JsonObject,
  place: PolicyPlace,
  source = "the configuration",
  publishTo: readonly string[] = [],
): Promise<{ rules: StartOptions["policy"]; notices: string[] }> {
  const { preset, rules } = userPolicy(config, source);
  const user = rules.length === 0 ? [] : (await import("./policy-schema.ts")).checkRules(rules, source, "policy.rules");
  const project = await projectRules(place.workspace);
  return {
    rules: {
      always: shipped("always", "always"),
      shipped: [...shipped("base", "base"), ...shipped(preset, `preset:${preset}`), ...endpoints(config)],
      user: [...throughLinks(named("user", user), place), ...named("--publish-to", publishTo.map(uploadsTo))],
      project: throughLinks(
        named("project", project.rules).filter(({ rule }) => rule.verdict !== "allow"),
        place,
      ),
    },
    notices: project.notices,
  };
}

function named(source: string, rules: readonly PolicyRule[]): Named[] {
  return rules.map((rule, index) => ({ name: `${source}:${index + 1}`, rule }));
}

/** What a user says with `--publish-to`. */
function uploadsTo(target: string): PolicyRule {
  return { verdict: "allow", access: "publish", what: "upload", target };
}

function shipped(file: string, source: string): Named[] {
  const { rules } = JSON.parse(readFileSync(shippedFile(`policies/${file}.json`), "utf8")) as { rules: PolicyRule[] };
  return named(source, rules);
}

function userPolicy(config: JsonObject, source: string): { preset: string; rules: readonly unknown[] } {
  const { policy = {} } = config;
  const invalid = (key: string, message: string, hint: string) =>
    new FrontError("POLICY_INVALID", `${source}: "${key}" ${message}.`, hint);
  if (!isObject(policy)) {
    throw invalid("policy", "must be an object", 'Write it as { "preset": "default", "rules": [] }.');
  }
  const { preset = "default", rules = [], ...others } = policy;
  const [stray] = Object.keys(others);
  if (stray !== undefined) throw invalid(`policy.${stray}`, "is no known key", "Known are preset and rules.");
  if (!Array.isArray(rules)) throw invalid("policy.rules", "must be a list of rules", "Write it in [ ].");
  if (presets.some((known) => known === preset)) return { preset: String(preset), rules };
  const guess = typeof preset === "string" ? nearest(preset, [...presets]) : null;
  const hint = `${guess === null ? "" : `Did you mean ${guess}? `}Presets are ${presets.join(", ")}.`;
  throw invalid("policy.preset", `cannot be ${JSON.stringify(preset)}`, hint);
}

/** Services that the user has moved elsewhere may be reached there, like those that are where they always are. */
function endpoints(config: JsonObject): Named[] {
  const hosts = variables.flatMap(({ name, kind }) => {
    if (kind !== "endpoint") return [];
    const urls = addressesIn(config[name.toLowerCase()]);
    return urls.flatMap((url) => (URL.canParse(url) ? [new URL(url).host] : []));
  });
  const distinct = [...new Set(hosts.filter((host) => host !== ""))];
  return named(
    "endpoint",
    distinct.map((host) => ({ verdict: "allow", access: "network", host })),
  );
}

async function projectRules(workspace: string): Promise<{ rules: PolicyRule[]; notices: string[] }> {
  const path = join(workspace, ".ml-intern", "policy.json");
  const text = readProjectFile(path);
  if (text === null) return { rules: [], notices: [] };
  const { checkProjectFile } = await import("./policy-schema.ts");
  const rules = checkProjectFile(parseJson(text, path), path);
  const allowing = rules.filter((rule) => rule.verdict === "allow").length;
  if (allowing === 0) return { rules, notices: [] };
  const what = allowing === 1 ? "a rule that allows something" : `${allowing} rules that allow something`;
  const notice =
    `Ignored ${what} in ${path}: a project's file can only make the policy stricter. ` +
    'Put it under "policy" in your own config file if you want it.';
  return { rules, notices: [notice] };
}

/** The text of a workspace's file, or null when there is none. */
function readProjectFile(path: string): string | null {
  try {
    const stat = statSync(path);
    // What is no plain file (a pipe) would block for ever.
    if (!stat.isFile()) throw unreadable(path, "it is not a plain file");
    if (stat.size > maxFileBytes) throw unreadable(path, `it has more than ${maxFileBytes} bytes`);
    return readFileSync(path, "utf8");
  } catch (error) {
    if (error instanceof FrontError) throw error;
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw unreadable(path, code);
  }
}

function unreadable(path: string, why: string): FrontError {
  const hint = "It may forbid something, so nothing is started without it: make it readable, or take it away.";
  return new FrontError("POLICY_UNREADABLE", `The project's policy ${path} cannot be read (${why}).`, hint);
}

/**
 * Calls are judged by real paths. A rule that restricts a path with a symbolic link in it therefore holds for where the
 * link leads as well, under the same name. One that allows does not: a link could lead anywhere.
 */
function throughLinks(rules: readonly Named[], place: PolicyPlace): Named[] {
  return rules.flatMap((one) => {
    const { rule } = one;
    if (rule.path === undefined || rule.verdict === "allow") return [one];
    const literal = absolute(rule.path, place);
    const real = realPath(literal);
    return real === literal ? [one] : [one, { ...one, rule: { ...rule, path: real } }];
  });
}

function absolute(path: string, { workspace, home }: PolicyPlace): string {
  const rest = (word: string) => `.${path.slice(word.length)}`;
  if (path.startsWith("{workspace}")) return posix.resolve(workspace, rest("{workspace}"));
  return path.startsWith("~") ? posix.resolve(home, rest("~")) : posix.resolve(path);
}

/** Where a path really is, as far as it exists. */
function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const above = dirname(path);
    return above === path ? path : join(realPath(above), path.slice(above.length));
  }
}
