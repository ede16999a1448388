// `${VAR}` and `${VAR:-default}` in the strings of a config file.
import type { Json } from "../../actors/events.ts";
import { FrontError } from "../errors.ts";
import type { Environment } from "./variables.ts";

const reference = /\$\{([A-Za-z_][A-Za-z0-9_]*)(?:(:-?)([^}]*))?\}/g;

/**
 * Puts environment variables into every string of a value. `${NAME}` must be set; `${NAME:-text}` falls back to the
 * text when the variable is unset or empty; `${NAME:text}` without the dash is read as required. A bare `$NAME` stays.
 * Throws a `FrontError` that names the variable, the key and the file.
 */
export function substitute(value: Json, env: Environment, file: string, path: readonly string[] = []): Json {
  if (typeof value === "string") {
    return value.replace(reference, (_, name: string, mark: string | undefined, fallback: string | undefined) => {
      const found = env[name];
      if (mark === ":-") return found === undefined || found === "" ? (fallback ?? "") : found;
      if (found !== undefined) return found;
      throw new FrontError(
        "CONFIG_VARIABLE_UNSET",
        `${file}: "${path.join(".")}" needs the environment variable ${name}, which is not set.`,
        `Set it (export ${name}=…), or give it a default: \${${name}:-value}`,
      );
    });
  }
  if (Array.isArray(value)) return value.map((item, index) => substitute(item, env, file, [...path, String(index)]));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, substitute(item, env, file, [...path, key])]),
  );
}
