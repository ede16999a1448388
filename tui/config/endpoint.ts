// Addresses of services, as the configuration names them.
import { FrontError } from "../errors.ts";

/** The address without a slash at its end. Throws a `FrontError` for what is no http(s) URL; `key` names the setting. */
export function endpointAt(value: string, key: string): string {
  const trimmed = value.trim().replace(/\/+$/, "");
  const scheme = URL.canParse(trimmed) ? new URL(trimmed).protocol : "";
  if (scheme === "http:" || scheme === "https:") return trimmed;
  throw new FrontError(
    "ENDPOINT_INVALID",
    `${key.toUpperCase()} is no http(s) URL: ${JSON.stringify(value)}.`,
    "Write it with its scheme, for example http://localhost:8000/v1",
  );
}
