// The lists of models that services keep under `/v1/models`, and Anthropic's word on one model.
import { asObject, asObjects, asText } from "../../shape.ts";
import { asTokens, type Found } from "./found.ts";

/** Window by model id, where the service says so (vLLM and its kin do). */
export type ListedModels = ReadonlyMap<string, number | null>;

/** Reads a list; null when it holds no model. */
export function readModels(raw: unknown): ListedModels | null {
  const entries = asObjects(asObject(raw)?.data).filter(({ id }) => asText(id) !== "");
  if (entries.length === 0) return null;
  return new Map(entries.map((entry) => [asText(entry.id), asTokens(entry.max_model_len)]));
}

/** Reads Anthropic's description of one model; null when it is none. */
export function readAnthropicModel(raw: unknown): Omit<Found, "asOf"> | null {
  const info = asObject(raw);
  if (asText(info?.id) === "") return null;
  return {
    context: asTokens(info?.max_input_tokens),
    price: null,
    tools: null,
    maxOutput: asTokens(info?.max_tokens),
    source: "provider",
  };
}
