// Which provider a model id means. Nothing is ever rerouted silently: a prefix says who is called and whose key is used.
import { LlmError } from "./provider.ts";

/** The prefixes of servers on the user's own machine. */
export const localServers = ["ollama", "vllm", "lm_studio", "llamacpp"] as const;
export type LocalServer = (typeof localServers)[number];

/** Who answers for a model id, and the model's name there. */
export type Route =
  | { provider: "anthropic" | "openai" | "huggingface" | "offline"; model: string }
  | { provider: "local"; server: LocalServer; model: string };

/**
 * Reads a model id: `anthropic/<m>`, `openai/<m>`, `ollama/<m>` and the other local prefixes, `offline/tabular`, and
 * for the Hugging Face router `<org>/<model>[:provider]` with or without `huggingface/` before it. Throws an
 * `LlmError` with code `LLM_MODEL_UNKNOWN` for what is none of these.
 */
export function routeOf(id: string): Route {
  if (id.trim() === "") throw unusable(id, "No model is set.");
  if (/\s/.test(id)) throw unusable(id, `"${id}" is no model id: it contains a space.`);
  const slash = id.indexOf("/");
  if (slash < 0) throw unusable(id, `"${id}" is no model id: it names no provider.`);
  const prefix = id.slice(0, slash);
  const rest = id.slice(slash + 1);
  if (rest === "") throw unusable(id, `"${id}" is no model id: nothing follows the slash.`);
  if (prefix === "anthropic" || prefix === "openai") return { provider: prefix, model: rest };
  if (isLocalServer(prefix)) return { provider: "local", server: prefix, model: rest };
  if (prefix === "offline") {
    if (rest === "tabular") return { provider: "offline", model: rest };
    throw unusable(id, `"${id}" does not exist: the only offline model is offline/tabular.`);
  }
  return { provider: "huggingface", model: routerModel(prefix === "huggingface" ? rest : id, id) };
}

function routerModel(path: string, id: string): string {
  const [name = "", tag, ...more] = path.split(":");
  const parts = name.split("/");
  if (parts.length < 2 || parts.includes("") || tag === "" || more.length > 0 || parts[0] === "openai-compat") {
    throw unusable(id, `"${id}" is no model id: the router knows models as <org>/<model> or <org>/<model>:<provider>.`);
  }
  return path;
}

function isLocalServer(prefix: string): prefix is LocalServer {
  return (localServers as readonly string[]).includes(prefix);
}

function unusable(id: string, message: string): LlmError {
  const near = /^claude/i.test(id) ? "anthropic/" : /^(gpt|o\d|chatgpt)/i.test(id) ? "openai/" : null;
  const guess = near !== null && !/[\s/]/.test(id) ? ` Did you mean ${near}${id}?` : "";
  return new LlmError("LLM_MODEL_UNKNOWN", message, {
    retriable: false,
    hint: `Use anthropic/<model>, openai/<model>, <org>/<model> (Hugging Face), ${localServers
      .map((server) => `${server}/<model>`)
      .join(", ")} or offline/tabular.${guess}`,
  });
}
