// Which keys a config file may have, and what to say about those it should not.
import { nearest } from "../text/nearest.ts";
import { isObject, type JsonObject } from "./layers.ts";
import { keyOf, variables } from "./variables.ts";

/** Keys of the original's configuration for features that this version does not have: accepted, without effect. */
const dormant = new Set([
  "save_sessions",
  "share_traces",
  "session_dataset_repo",
  "personal_trace_repo_template",
  "auto_save_interval",
  "heartbeat_interval_s",
  "confirm_cpu_jobs",
  "auto_file_upload",
  "tool_runtime",
]);

/** Whether a top-level key has an effect. */
export function isLive(key: string, shipped: JsonObject): boolean {
  return Object.hasOwn(shipped, key) || variables.some((variable) => keyOf(variable) === key);
}

/** A warning for each key that nothing reads; `shipped` is the shipped configuration, which has every plain key. */
export function unknownKeys(values: JsonObject, shipped: JsonObject, file: string): string[] {
  const known = [...Object.keys(shipped), ...variables.map(keyOf), ...dormant];
  const warnings = Object.keys(values)
    .filter((key) => !known.includes(key) && !key.startsWith("$"))
    .map((key) => warn(file, key, nearest(key, known)));
  const limits = values.limits;
  const knownLimits = isObject(shipped.limits) ? Object.keys(shipped.limits) : [];
  if (!isObject(limits)) return warnings;
  const unknown = Object.keys(limits).filter((key) => !knownLimits.includes(key));
  return [...warnings, ...unknown.map((key) => warn(file, `limits.${key}`, nearest(key, knownLimits)))];
}

function warn(file: string, key: string, guess: string | null): string {
  return `${file}: "${key}" is no known key and has no effect.${guess === null ? "" : ` Did you mean "${guess}"?`}`;
}
