// Addresses of services, as the configuration names them.
import type { Json } from "../../actors/events.ts";
import { FrontError } from "../errors.ts";

/** The addresses in a setting that may hold several: a list, or a text with spaces or commas between them. */
export function addressesIn(value: Json | undefined): string[] {
  const texts = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === "string");
  return texts.flatMap((text) => text.split(/[\s,]+(?=https?:)|\s+/)).filter((address) => address !== "");
}

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
