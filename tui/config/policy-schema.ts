// The shape of rules as people write them. Loaded only where there are some.
import { z } from "zod/mini";
import type { PolicyRule } from "../../actors/policy.ts";
import { FrontError } from "../errors.ts";

/** What each member of a rule can speak of. */
const about: Record<string, readonly string[]> = {
  path: ["read", "write", "run"],
  host: ["network", "publish", "delete"],
  found: ["network"],
  what: ["publish", "delete"],
  target: ["publish", "delete"],
  over_usd: ["spend"],
  up_to_usd: ["spend"],
};
const kinds = ["read", "write", "run", "network", "spend", "publish", "delete"] as const;

const text = z.string("must be a string").check(z.minLength(1, "must not be empty"));
const path = text.check(
  z.regex(/^(?:\/|~(?:\/|$)|\{workspace\}(?:\/|$))/, "must begin with /, ~/ or {workspace}"),
  z.refine((value) => !value.includes("*"), "cannot hold *: it means the path and everything below it"),
);
const host = text.check(
  z.regex(/^(?:\*|(?:\*\.)?[^\s*/\\?#@]+)$/, "must be a host name, *.name for every host below it, or * for all"),
  z.refine((value) => value === "*" || URL.canParse(`https://${value.replace(/^\*\./, "")}`), "is no host name"),
);

const unknown = {
  error: (issue: { code?: string | undefined; keys?: unknown }) =>
    issue.code === "unrecognized_keys" && Array.isArray(issue.keys)
      ? `has no key ${issue.keys.map((key) => JSON.stringify(key)).join(", ")}`
      : "must be an object",
};

const rule = z
  .strictObject(
    {
      verdict: z.enum(["allow", "ask", "deny"], "must be one of allow, ask, deny"),
      tool: z.optional(text),
      arguments: z.optional(
        z.record(z.string(), z.string("must be a string"), "must be an object of argument names and patterns"),
      ),
      access: z.optional(z.enum(kinds, `must be one of ${kinds.join(", ")}`)),
      path: z.optional(path),
      host: z.optional(host),
      found: z.optional(z.literal(true, "must be true, or not there")),
      what: z.optional(text),
      target: z.optional(text),
      over_usd: z.optional(z.number("must be a number").check(z.nonnegative("must not be negative"))),
      up_to_usd: z.optional(z.number("must be a number").check(z.nonnegative("must not be negative"))),
      tainted: z.optional(z.literal(true, "must be true, or not there")),
      mode: z.optional(z.enum(["interactive", "headless"], "must be interactive or headless")),
      reason: z.optional(text),
    },
    unknown,
  )
  .check(
    z.refine((value) => canFit(value), "can never fit: its members speak of different things"),
    z.refine(
      ({ verdict, tainted }) => verdict !== "allow" || tainted === undefined,
      "cannot allow: what was read is no ground to allow more",
    ),
  );

const rules = z.array(rule, "must be a list of rules");
const projectFile = z.strictObject({ $schema: z.optional(text), rules }, unknown);

/** A rule that nothing can fit would be a hole where its writer sees a wall. */
function canFit(value: Record<string, unknown>): boolean {
  const given = Object.keys(about).filter((member) => value[member] !== undefined);
  return kinds.some(
    (kind) =>
      (value.access === undefined || value.access === kind) &&
      given.every((member) => (about[member] ?? []).includes(kind)),
  );
}

function fault(file: string, key: string, error: z.core.$ZodError): FrontError {
  const faults = error.issues.map((issue) => {
    const name = [...(key === "" ? [] : [key]), ...issue.path].join(".");
    return name === "" ? `the file ${issue.message}` : `"${name}" ${issue.message}`;
  });
  const hint = "Correct the rule: as it stands, it would not protect what it was meant to.";
  return new FrontError("POLICY_INVALID", `${file}: ${faults.join("; ")}.`, hint);
}

/** Checks a list of rules that stands under `key` of a file. Throws a `FrontError` that names every bad key. */
export function checkRules(value: unknown, file: string, key: string): PolicyRule[] {
  const result = z.safeParse(rules, value);
  if (!result.success) throw fault(file, key, result.error);
  return result.data as PolicyRule[];
}

/** Checks the content of a workspace's policy file and returns its rules. Throws like `checkRules`. */
export function checkProjectFile(value: unknown, file: string): PolicyRule[] {
  const result = z.safeParse(projectFile, value);
  if (!result.success) throw fault(file, "", result.error);
  return result.data.rules as PolicyRule[];
}
