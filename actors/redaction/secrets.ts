// Which values of an environment and of a configuration are secrets.
import type { Json } from "../events.ts";
import { leastKnownChars } from "./known.ts";

const secretName =
  /(?:^|[_.-])(?:token|pat|secret|password|passwd|passphrase|credentials?|authorization|cookie)$|(?:api|access|secret|private|account|auth|signing|encryption|license)[_-]?key(?:[_-]id)?$|(?:^|[_-])key$|(?:Token|Secret|Password|Key)$/i;
const notSecret = /(?:^|[_-])(?:public|ssh_auth|cache|sort|primary|foreign)[_-]?key$/i;
const filler =
  /^(?:not?[-_ ]?(?:needed|required|used|set|key|token)(?:[-_ ].*)?|dummy.*|placeholder|change[-_ ]?me|password|disabled|undefined|example|[x*.-]+|(.)\1*)$/i;

/**
 * The secret values of an environment and a configuration (any JSON: members of members count). Paths, flags, fillers
 * such as `not-needed` and values of less than 8 characters are none; of a URL, its password is one; of a header such as
 * `Bearer x`, what follows the first word.
 */
export function secretsFrom(env: Readonly<Record<string, string | undefined>>, config: Json): string[] {
  const secrets = new Set<string>();
  for (const [name, value] of Object.entries(env)) if (value !== undefined) collect(name, value, secrets);
  walk(config, "", secrets);
  return [...secrets];
}

function walk(value: Json, name: string, secrets: Set<string>): void {
  if (typeof value === "string") collect(name, value, secrets);
  else if (Array.isArray(value)) for (const item of value) walk(item, name, secrets);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) walk(item, key, secrets);
  }
}

function collect(name: string, raw: string, secrets: Set<string>): void {
  const value = raw.trim();
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:([^/?#@]+)@/i.exec(value)?.[1];
  if (password !== undefined) add(password, secrets);
  if (!secretName.test(name) || notSecret.test(name)) return;
  if (/^(?:~?\/|\.{1,2}\/|[a-z][a-z0-9+.-]*:\/\/)/i.test(value)) return;
  add(/^(?:bearer|basic|token)\s+(\S+)$/i.exec(value)?.[1] ?? value, secrets);
}

function add(value: string, secrets: Set<string>): void {
  if (value.length >= leastKnownChars && !filler.test(value)) secrets.add(value);
}
