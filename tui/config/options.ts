// From the configuration to what the agent is started with. Pure: everything it looks at is handed in.
import { join } from "node:path";
import type { Effort, LlmArgs } from "../../actors/llm/protocol.ts";
import { secretsFrom } from "../../actors/redaction/secrets.ts";
import type { StartOptions } from "../../actors/root/types.ts";
import { FrontError } from "../errors.ts";
import { commandEnvironment } from "./command-env.ts";
import { endpointAt } from "./endpoint.ts";
import { isObject, type JsonObject, valueAt } from "./layers.ts";
import { mcpConfig } from "./mcp.ts";
import { messagingArgs } from "./messaging.ts";
import { localServers, routeFor } from "./models.ts";
import { settingsPaths } from "./paths.ts";
import { serviceKeysOf, servicesOf } from "./services.ts";
import { clean, type Environment } from "./variables.ts";

/** What a run adds to the configuration. */
export interface RunFacts {
  cwd: string;
  stateDir: string;
  session: StartOptions["session"];
  model: string;
  env: Environment;
  createdBy: string;
  mode: StartOptions["mode"];
  /** The user's home, absolute and without symbolic links. */
  home: string;
  policy: StartOptions["policy"];
  /** The user's standing instructions, for a new session; absent: none. */
  instructions?: string;
}

/** The key that local servers get when the user has set none: some insist on one. */
const noKey = "sk-local-no-key-required";

/** Everything that `start` needs. Throws a `FrontError` for an endpoint that is no http(s) URL and for a missing setting. */
export function startOptions(config: JsonObject, facts: RunFacts): StartOptions {
  const jobSecrets = jobSecretsOf(config, facts.env);
  const limit = (name: string) => required(config, ["limits", name], isNumber);
  return {
    cwd: facts.cwd,
    stateDir: facts.stateDir,
    session: facts.session,
    model: facts.model,
    stream: required(config, ["stream"], isBoolean),
    effort: (config.reasoning_effort ?? "off") as Effort,
    maxIterations: required(config, ["max_iterations"], isNumber),
    approval: approvalMode(config),
    approvalWaitMs: required(config, ["approval_wait_minutes"], isNumber) * 60_000,
    llm: { ...llmArgs(config), cacheDir: join(facts.stateDir, "cache") },
    toolRuntime: required(config, ["tool_runtime"], isRuntime),
    sandboxBackend: required(config, ["sandbox_backend"], isBackend),
    toolsOff: texts(config.tools_off),
    services: servicesOf(config),
    serviceKeys: serviceKeysOf(config),
    mcp: mcpConfig(config).servers,
    guarded: settingsPaths(facts.env),
    secrets: [...new Set([...secretsFrom(facts.env, config), ...Object.values(jobSecrets)])],
    jobSecrets,
    artifactMetadata: required(config, ["artifact_metadata"], isBoolean),
    sharing: { dataset: required(config, ["share_traces_to"], isText) },
    commandEnv: commandEnvironment(facts.env),
    isolation: required(config, ["isolation"], isIsolation),
    messaging: messagingArgs(config, facts.env),
    fallbackModel: roleModels(config).fallback,
    researchModel: roleModels(config).research,
    budget: budgetOf(config),
    context: contextLimits(config),
    limits: {
      toolOutputChars: limit("tool_output_chars"),
      toolTimeoutMs: limit("tool_timeout_ms"),
      parallelTools: limit("parallel_tools"),
      outputFileBytes: limit("output_file_bytes"),
      graceMs: limit("grace_ms"),
      mcpFirstWaitMs: limit("mcp_first_wait_ms"),
    },
    createdBy: facts.createdBy,
    mode: facts.mode,
    home: facts.home,
    policy: facts.policy,
    instructions: facts.instructions ?? "",
  };
}

/**
 * How much of a conversation fits. Windows that nobody has told us are those that current models of a service have at
 * the least; local servers are often started with a small one. The offline policy needs the whole conversation.
 */
function contextLimits(config: JsonObject): StartOptions["context"] {
  const own = config.context_window;
  const windowOf = (service: string) => required(config, ["context_windows", service], isNumber);
  const local = Object.fromEntries(localServers.map(({ prefix }) => [prefix, windowOf("local")]));
  const offline = windowOf("offline");
  const services = { anthropic: windowOf("anthropic"), openai: windowOf("openai"), offline };
  return {
    ownWindow: isNumber(own) ? own : null,
    assumedWindow: { ...local, ...services, other: windowOf("huggingface") },
    triggerShare: required(config, ["compact_share"], isNumber),
    triggerMost: { offline, other: required(config, ["compact_most_tokens"], isNumber) },
    summaryModel: roleModels(config).summary,
  };
}

/** The variables whose values jobs on the Hub may be given: those that the user names and has set. */
function jobSecretsOf(config: JsonObject, env: Environment): Record<string, string> {
  const set = texts(config.job_secrets).flatMap((name) => {
    const value = clean(env[name]);
    return value === null ? [] : [[name, value] as const];
  });
  return Object.fromEntries(set);
}

/** What models do beside answering, by the key that names one for it. */
export const roles = { summary: "summary_model", research: "research_model", fallback: "fallback_model" } as const;

/** The models that the configuration names for each role; null: the session's own, or for `fallback` none. */
export function roleModels(config: JsonObject): Record<keyof typeof roles, string | null> {
  const of = (role: keyof typeof roles) => optionalModel(config, roles[role]);
  return { summary: of("summary"), research: of("research"), fallback: of("fallback") };
}

/** A model that the configuration may name besides the main one. Throws a `FrontError` for what is no model id. */
function optionalModel(config: JsonObject, key: string): string | null {
  const id = config[key];
  if (typeof id !== "string" || id === "") return null;
  routeFor(id);
  return id;
}

/** A session keeps its budget unless this run says otherwise; `none` lifts it. */
function budgetOf(config: JsonObject): StartOptions["budget"] {
  const allowUnknownPrice = required(config, ["allow_unknown_price"], isBoolean);
  const usd = config.budget_usd;
  if (usd === "none") return { usd: null, allowUnknownPrice };
  return isNumber(usd) ? { usd, allowUnknownPrice } : { allowUnknownPrice };
}

const isNumber = (value: unknown): value is number => typeof value === "number";
const isText = (value: unknown): value is string => typeof value === "string" && value !== "";
const isBoolean = (value: unknown): value is boolean => typeof value === "boolean";
const isBackend = (value: unknown): value is StartOptions["sandboxBackend"] =>
  value === "auto" || value === "jobs" || value === "spaces";
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
const isRuntime = (value: unknown): value is StartOptions["toolRuntime"] => value === "local" || value === "sandbox";
const isIsolation = (value: unknown): value is StartOptions["isolation"] => value === "auto" || value === "off";

/** A setting that the shipped file must have: no default of its stands in the code. */
function required<T>(config: JsonObject, path: string[], fits: (value: unknown) => value is T): T {
  const value = valueAt(config, path);
  if (fits(value)) return value;
  const problem = value === undefined ? "is missing" : `cannot be ${JSON.stringify(value)}`;
  throw new FrontError(
    "CONFIG_INCOMPLETE",
    `The setting "${path.join(".")}" ${problem}.`,
    "Its default stands in the shipped configs/cli_agent_config.json: put it there, or install the program again.",
  );
}

function approvalMode(config: JsonObject): StartOptions["approval"] {
  if (config.approval === "ask" || config.approval === "auto" || config.approval === "deny") return config.approval;
  return config.yolo_mode === true ? "auto" : "ask";
}

/** What the LLM caller needs: keys, addresses, prices. Throws a `FrontError` for an endpoint that is no http(s) URL. */
export function llmArgs(config: JsonObject): LlmArgs {
  const limit = (name: string) => required(config, ["limits", name], isNumber);
  const text = (key: string) => (typeof config[key] === "string" && config[key] !== "" ? config[key] : null);
  const url = (key: string, fallback: string) => endpointAt(text(key) ?? fallback, key);
  return {
    anthropic: {
      apiKey: text("anthropic_api_key"),
      baseUrl: url("anthropic_base_url", "https://api.anthropic.com"),
    },
    openai: { apiKey: text("openai_api_key"), baseUrl: url("openai_base_url", "https://api.openai.com/v1") },
    huggingface: {
      token: text("hf_token"),
      routerUrl: url("hf_router_url", "https://router.huggingface.co/v1"),
      billTo: text("hf_bill_to"),
    },
    local: Object.fromEntries(
      localServers.map((server) => {
        const key = server.variable.toLowerCase();
        const own = text(`${key}_base_url`);
        const baseUrl =
          own === null ? url("local_llm_base_url", server.defaultUrl) : endpointAt(own, `${key}_base_url`);
        const apiKey = text(`${key}_api_key`) ?? text("local_llm_api_key") ?? noKey;
        return [server.prefix, { baseUrl: baseUrl.endsWith("/v1") ? baseUrl : `${baseUrl}/v1`, apiKey }];
      }),
    ),
    cacheDir: null,
    prices: (isObject(config.prices) ? config.prices : {}) as LlmArgs["prices"],
    limits: {
      idleMs: limit("llm_idle_ms"),
      attempts: limit("llm_attempts"),
      totalWaitMs: limit("llm_total_wait_ms"),
      firstWaitMs: limit("llm_first_wait_ms"),
      maxOutputTokens: limit("llm_max_output_tokens"),
    },
  };
}
