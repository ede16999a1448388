// From the configuration to what the agent is started with. Pure: everything it looks at is handed in.
import type { Effort, LlmArgs } from "../../actors/llm/protocol.ts";
import type { StartOptions } from "../../actors/root/types.ts";
import { FrontError } from "../errors.ts";
import { commandEnvironment } from "./command-env.ts";
import { isObject, type JsonObject } from "./layers.ts";
import { localServers, routeFor } from "./models.ts";
import { settingsPaths } from "./paths.ts";
import type { Environment } from "./variables.ts";

/** What a run adds to the configuration. */
export interface RunFacts {
  cwd: string;
  stateDir: string;
  session: StartOptions["session"];
  model: string;
  env: Environment;
  createdBy: string;
}

/** The key that local servers get when the user has set none: some insist on one. */
const noKey = "sk-local-no-key-required";

/** Everything that `start` needs. Throws a `FrontError` for an endpoint that is no http(s) URL. */
export function startOptions(config: JsonObject, facts: RunFacts): StartOptions {
  const limits = isObject(config.limits) ? config.limits : {};
  const limit = (name: string, fallback: number) => (typeof limits[name] === "number" ? limits[name] : fallback);
  return {
    cwd: facts.cwd,
    stateDir: facts.stateDir,
    session: facts.session,
    model: facts.model,
    stream: config.stream !== false,
    effort: (config.reasoning_effort ?? "off") as Effort,
    maxIterations: typeof config.max_iterations === "number" ? config.max_iterations : 300,
    approval: approvalMode(config),
    llm: llmArgs(config, limit),
    guarded: settingsPaths(facts.env),
    commandEnv: commandEnvironment(facts.env),
    isolation: config.isolation === "off" ? "off" : "auto",
    context: contextLimits(config, facts.model),
    limits: {
      toolOutputChars: limit("tool_output_chars", 25_000),
      toolTimeoutMs: limit("tool_timeout_ms", 120_000),
      parallelTools: limit("parallel_tools", 8),
      outputFileBytes: limit("output_file_bytes", 64 * 1024 * 1024),
      graceMs: limit("grace_ms", 2_000),
    },
    createdBy: facts.createdBy,
  };
}

/**
 * Windows of models that nobody has told us more about, in tokens: what current models of a service have at the least.
 * Local servers are often started with a small one. The offline policy has no window.
 */
const usualWindows = { anthropic: 200_000, openai: 200_000, huggingface: 128_000, local: 32_768, offline: 100_000_000 };

function contextLimits(config: JsonObject, model: string): StartOptions["context"] {
  const { service } = routeFor(model);
  const windowTokens = typeof config.context_window === "number" ? config.context_window : usualWindows[service];
  const most = typeof config.compact_most_tokens === "number" ? config.compact_most_tokens : 170_000;
  return {
    windowTokens,
    triggerShare: typeof config.compact_share === "number" ? config.compact_share : 0.9,
    triggerMost: service === "offline" ? windowTokens : most,
    summaryModel: typeof config.summary_model === "string" ? config.summary_model : null,
  };
}

function approvalMode(config: JsonObject): StartOptions["approval"] {
  if (config.approval === "ask" || config.approval === "auto" || config.approval === "deny") return config.approval;
  return config.yolo_mode === true ? "auto" : "ask";
}

function llmArgs(config: JsonObject, limit: (name: string, fallback: number) => number): LlmArgs {
  const text = (key: string) => (typeof config[key] === "string" && config[key] !== "" ? config[key] : null);
  const url = (key: string, fallback: string) => endpoint(text(key) ?? fallback, key);
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
        const baseUrl = own === null ? url("local_llm_base_url", server.defaultUrl) : endpoint(own, `${key}_base_url`);
        const apiKey = text(`${key}_api_key`) ?? text("local_llm_api_key") ?? noKey;
        return [server.prefix, { baseUrl: baseUrl.endsWith("/v1") ? baseUrl : `${baseUrl}/v1`, apiKey }];
      }),
    ),
    prices: (isObject(config.prices) ? config.prices : {}) as LlmArgs["prices"],
    limits: {
      idleMs: limit("llm_idle_ms", 120_000),
      attempts: limit("llm_attempts", 5),
      totalWaitMs: limit("llm_total_wait_ms", 180_000),
      firstWaitMs: limit("llm_first_wait_ms", 1_000),
      maxOutputTokens: limit("llm_max_output_tokens", 32_000),
    },
  };
}

function endpoint(value: string, key: string): string {
  const trimmed = value.trim().replace(/\/+$/, "");
  const scheme = URL.canParse(trimmed) ? new URL(trimmed).protocol : "";
  if (scheme === "http:" || scheme === "https:") return trimmed;
  throw new FrontError(
    "ENDPOINT_INVALID",
    `${key.toUpperCase()} is no http(s) URL: ${JSON.stringify(value)}.`,
    "Write it with its scheme, for example http://localhost:8000/v1",
  );
}
