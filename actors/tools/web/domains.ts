// Which hosts hits may come from. Pure.
import { ToolError } from "../errors.ts";

/** Hosts that are wanted, and hosts that are not; an empty list says nothing. */
export interface DomainFilter {
  allowed: string[];
  blocked: string[];
}

/** The host in what a model wrote for a domain: a host, the end of one, either with dots around it, or an address. */
function hostIn(text: string): string {
  const trimmed = text
    .trim()
    .toLowerCase()
    .replace(/^\*?\.+/, "")
    .replace(/^\*\./, "");
  const address = /^[a-z][a-z0-9+.-]*:\/\//.test(trimmed) ? trimmed : `https://${trimmed}`;
  const host = URL.canParse(address) ? new URL(address).hostname.replace(/\.$/, "") : "";
  if (/^[a-z0-9-]+(?:\.[a-z0-9-]+)*$/.test(host)) return host;
  throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(text)} is no domain.`, 'Write it like "example.org".');
}

/** Reads the lists of a call. Throws `BAD_ARGUMENTS` for what is no domain. */
export function domainFilter(allowed: readonly string[], blocked: readonly string[]): DomainFilter {
  const hosts = (list: readonly string[]) => [...new Set(list.filter((one) => one.trim() !== "").map(hostIn))];
  return { allowed: hosts(allowed), blocked: hosts(blocked) };
}

function isBelow(host: string, domain: string): boolean {
  return host === domain || host.endsWith(`.${domain}`);
}

/** Whether a hit at this address is wanted: its host is an allowed one or below it, and none that is blocked. */
export function isWanted({ allowed, blocked }: DomainFilter, address: string): boolean {
  const host = new URL(address).hostname.toLowerCase().replace(/\.$/, "");
  if (allowed.length > 0 && !allowed.some((domain) => isBelow(host, domain))) return false;
  return !blocked.some((domain) => isBelow(host, domain));
}

/** Domains that are handed to the search engine; of more, the answer alone is filtered. */
const mostInQuery = 5;

/**
 * The query with the engine's own operators for the filter, so that a page of results is not filtered empty. Where the
 * engine takes no more than so much of a query, words at its end are left out.
 */
export function withOperators(
  query: string,
  { allowed, blocked }: DomainFilter,
  most = { chars: Number.POSITIVE_INFINITY, words: Number.POSITIVE_INFINITY },
): string {
  const sites = allowed.length > mostInQuery ? [] : allowed.map((domain) => `site:${domain}`);
  const only = sites.length > 1 ? [`(${sites.join(" OR ")})`] : sites;
  const without = blocked.slice(0, mostInQuery).map((domain) => `-site:${domain}`);
  const operators = [...only, ...without].join(" ");
  const room = most.chars - (operators === "" ? 0 : operators.length + 1);
  const words = query.split(" ").slice(0, most.words - (operators === "" ? 0 : operators.split(" ").length));
  while (words.length > 1 && words.join(" ").length > room) words.pop();
  const kept = words.join(" ").slice(0, Math.max(0, room));
  return operators === "" ? kept : `${kept} ${operators}`;
}
