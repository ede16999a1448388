// Which service a model id means, what it needs, and which model to take when the user named none.
import { LlmError } from "../../actors/llm/provider.ts";
import { routeOf } from "../../actors/llm/routing.ts";
import { FrontError } from "../errors.ts";
import type { JsonObject } from "./layers.ts";

/** Servers on the user's own machine: prefix of their models, config keys, and where they listen by default. */
export const localServers = [
  { prefix: "ollama", variable: "OLLAMA", defaultUrl: "http://localhost:11434" },
  { prefix: "vllm", variable: "VLLM", defaultUrl: "http://localhost:8000" },
  { prefix: "lm_studio", variable: "LMSTUDIO", defaultUrl: "http://127.0.0.1:1234" },
  { prefix: "llamacpp", variable: "LLAMACPP", defaultUrl: "http://localhost:8080" },
] as const;

/** The model that needs neither key nor network. */
export const demoModel = "offline/tabular";

/** A way to a model: how its ids look, and the variable with the key that it needs, if any. */
export interface ModelRoute {
  service: "anthropic" | "openai" | "huggingface" | "local" | "offline";
  /** Name of the variable that must be set, or null. */
  needs: string | null;
}

const credentials = {
  anthropic: "ANTHROPIC_API_KEY",
  openai: "OPENAI_API_KEY",
  huggingface: "HF_TOKEN",
  local: null,
  offline: null,
} as const;

/** Which way a model id goes. Throws a `FrontError` for what cannot be an id. */
export function routeFor(id: string): ModelRoute {
  try {
    const { provider } = routeOf(id);
    return { service: provider, needs: credentials[provider] };
  } catch (error) {
    if (!(error instanceof LlmError)) throw error;
    throw new FrontError("MODEL_ID_INVALID", error.message, error.details.hint);
  }
}

/** The name of the credential that a model needs and the configuration lacks, or null when the model can be used. */
export function missingCredential(id: string, config: JsonObject): string | null {
  const { needs } = routeFor(id);
  return needs === null || config[needs.toLowerCase()] ? null : needs;
}

/** The models of the preference list that can be used as things are. */
export function usableModels(config: JsonObject): string[] {
  const preferred = Array.isArray(config.preferred_models) ? config.preferred_models : [];
  return preferred.filter((id): id is string => typeof id === "string" && missingCredential(id, config) === null);
}

/** Throws a `FrontError` that says what is missing when a model cannot be used. `file` is the user's config file. */
export function requireCredential(id: string, config: JsonObject, file: string): void {
  const missing = missingCredential(id, config);
  if (missing === null) return;
  const instead = usableModels(config).join(", ");
  throw new FrontError(
    "CREDENTIAL_MISSING",
    `The model ${id} needs ${missing}, which is not set.`,
    `Set it with: export ${missing}=…  (or in ./.env, or as "${missing.toLowerCase()}" in ${file}). ` +
      `Usable right now: ${instead === "" ? "" : `${instead}; `}ollama/<model> and other local servers. See: ml-intern models`,
  );
}

/** The model for a run, and a notice when it is not one that the user chose. */
export function chooseModel(config: JsonObject, file: string): { model: string; notice: string | null } {
  const named = config.model_name;
  if (typeof named === "string" && named.trim() !== "") {
    requireCredential(named.trim(), config, file);
    return { model: named.trim(), notice: null };
  }
  const model = usableModels(config)[0];
  if (model === undefined) {
    throw new FrontError(
      "MODEL_UNSET",
      "No model is set and none of preferred_models can be used.",
      "Name one with --model ID.",
    );
  }
  if (routeFor(model).service !== "offline") return { model, notice: null };
  return {
    model,
    notice:
      "No model key found: using the built-in offline/tabular, a rule-driven stand-in for tabular data, no language model. " +
      "For a real one set ANTHROPIC_API_KEY, OPENAI_API_KEY or HF_TOKEN, or name a local model with --model ollama/<model>.",
  };
}
