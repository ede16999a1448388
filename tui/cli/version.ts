// Which version this is.
import { readFileSync } from "node:fs";

/** The version of the package that this bundle is part of. */
export function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
