// Which key goes to which host. A key is sent to the origin of its own service and to no other, redirects included.
import type { SearchEngine, ServiceKeys, Services } from "./types.ts";

/** A user without any. */
export const noKeys: ServiceKeys = {
  hub: null,
  github: null,
  semanticScholar: null,
  brave: null,
  tavily: null,
  marginalia: null,
};

/** The services that take a key, with the addresses that share it. */
function owners(services: Services): Record<keyof ServiceKeys, string[]> {
  const engines = (kind: SearchEngine["kind"]) =>
    services.webSearch.filter((engine) => engine.kind === kind).map(({ address }) => address);
  return {
    hub: [services.hub, services.datasetsServer],
    github: [services.github],
    semanticScholar: [services.semanticScholar],
    brave: engines("brave"),
    tavily: engines("tavily"),
    marginalia: engines("marginalia"),
  };
}

/** The header in which a service wants its key, where it is not `Authorization: Bearer`. */
const ownHeaders: Partial<Record<keyof ServiceKeys, string>> = {
  semanticScholar: "x-api-key",
  brave: "x-subscription-token",
  marginalia: "api-key",
};

function headerFor(service: keyof ServiceKeys, key: string): Record<string, string> {
  const own = ownHeaders[service];
  return own === undefined ? { authorization: `Bearer ${key}` } : { [own]: key };
}

/** Makes the function that says which headers a request to an address gets on account of the user's keys. */
export function keyring(services: Services, keys: ServiceKeys): (url: URL) => Record<string, string> {
  const byOrigin = new Map<string, Record<string, string>>();
  for (const [service, addresses] of Object.entries(owners(services)) as [keyof ServiceKeys, string[]][]) {
    const key = keys[service];
    if (key === null) continue;
    for (const address of addresses) byOrigin.set(new URL(address).origin, headerFor(service, key));
  }
  return (url) => byOrigin.get(url.origin) ?? {};
}
