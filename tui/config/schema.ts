// The shape of a user's config file. Loaded only when there is one: most runs never need a validator.
import { z } from "zod/mini";
import { FrontError } from "../errors.ts";
import type { JsonObject } from "./layers.ts";
import { variables } from "./variables.ts";

/** `${VAR}` yields strings, so numbers and booleans are read from text as well. */
const number = (inner: z.ZodMiniType<number, unknown>) =>
  z.pipe(
    z.transform((value) => (typeof value === "string" && value.trim() !== "" ? Number(value) : value)),
    inner,
  );
const boolean = z.pipe(
  z.transform((value) => (value === "true" ? true : value === "false" ? false : value)),
  z.boolean("must be true or false"),
);
const positive = z.int("must be a whole number").check(z.positive("must be more than 0"));
const price = z.number("must be a number").check(z.nonnegative("must not be negative"));

const limits = z.partial(
  z.looseObject({
    tool_output_chars: number(positive),
    tool_timeout_ms: number(positive),
    parallel_tools: number(positive),
    output_file_bytes: number(positive),
    grace_ms: number(z.int("must be a whole number").check(z.nonnegative("must not be negative"))),
    mcp_first_wait_ms: number(z.int("must be a whole number").check(z.nonnegative("must not be negative"))),
    llm_idle_ms: number(positive),
    llm_attempts: number(positive),
    llm_total_wait_ms: number(z.int("must be a whole number").check(z.nonnegative("must not be negative"))),
    llm_first_wait_ms: number(z.int("must be a whole number").check(z.nonnegative("must not be negative"))),
    llm_max_output_tokens: number(positive),
  }),
);

/** A week. Beyond 24 days a timer of Node's would fire at once. */
const mostWaitMinutes = 10_080;

const text = z.nullable(z.string("must be a string"));

const file = z.partial(
  z.looseObject({
    model_name: text,
    preferred_models: z.array(z.string("must be a string"), "must be a list of model ids"),
    reasoning_effort: z.nullable(
      z.enum(
        ["off", "minimal", "low", "medium", "high", "xhigh", "max"],
        "must be one of off, minimal, low, medium, high, xhigh, max",
      ),
    ),
    max_iterations: number(z.int("must be a whole number").check(z.gte(-1, "must be -1 (no limit) or more"))),
    stream: boolean,
    approval: z.nullable(z.enum(["ask", "auto", "deny"], "must be one of ask, auto, deny")),
    approval_wait_minutes: number(
      z
        .number("must be a number")
        .check(z.nonnegative("must not be negative"), z.lte(mostWaitMinutes, "must be 10080 (a week) or less")),
    ),
    yolo_mode: boolean,
    trusted_folders: z.array(
      z.string("must be a path").check(z.regex(/^(\/|~$|~\/)/, "must begin with / or ~/")),
      "must be a list of folders",
    ),
    open_hosts: z.array(z.string("must be a host"), "must be a list of hosts"),
    sandbox_backend: z.enum(["auto", "jobs", "spaces"], "must be auto, jobs or spaces"),
    job_secrets: z.array(
      z.string("must be the name of a variable").check(z.regex(/^[A-Za-z_]\w*$/, "must be the name of a variable")),
      "must be a list of names of variables",
    ),
    tools_off: z.array(z.string("must be the name of a tool"), "must be a list of names of tools"),
    tool_runtime: z.enum(["local", "sandbox"], "must be local or sandbox"),
    isolation: z.enum(["auto", "off"], "must be auto or off"),
    context_window: z.nullable(number(positive)),
    context_windows: z.record(z.string(), number(positive)),
    compact_share: number(
      z.number("must be a number").check(z.gte(0.1, "must be 0.1 or more"), z.lte(1, "must be 1 or less")),
    ),
    compact_most_tokens: number(positive),
    summary_model: text,
    theme: text,
    mouse: boolean,
    keys: z.record(z.string(), z.unknown()),
    research_model: text,
    fallback_model: text,
    budget_usd: z.nullable(number(z.number("must be a number").check(z.positive("must be more than 0")))),
    allow_unknown_price: boolean,
    web_search_fallback: z.nullable(boolean),
    artifact_metadata: boolean,
    share_traces_to: z
      .string("must be a dataset's name")
      .check(z.regex(/^(?:\{user\}|[\w.-]+)\/[\w.-]+$/, "must be owner/name; {user} stands for the token's owner")),
    limits,
    prices: z.record(
      z.string(),
      z.object(
        {
          input: number(price),
          output: number(price),
          cacheRead: z.optional(number(price)),
          cacheWrite: z.optional(number(price)),
        },
        "must be an object with input and output, in US dollars per million tokens",
      ),
    ),
    ...Object.fromEntries(variables.map((variable) => [variable.name.toLowerCase(), text])),
    web_search_url: z.nullable(z.union([z.string(), z.array(z.string())], "must be an address or a list of addresses")),
  }),
);

/** Checks the values of a config file and brings them into shape. Throws a `FrontError` that names every bad key. */
export function checkConfig(values: JsonObject, path: string): JsonObject {
  const result = z.safeParse(file, values);
  if (result.success) return result.data as JsonObject;
  const faults = result.error.issues.map((issue) => `"${issue.path.join(".")}" ${issue.message}`);
  throw new FrontError("CONFIG_INVALID", `${path}: ${faults.join("; ")}.`, "Correct the file and start again.");
}
