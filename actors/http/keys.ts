// Which key goes to which host. A key is sent to the origin of its own service and to no other, redirects included.
import type { ServiceKeys, Services } from "./types.ts";

/** The services that take a key, with the addresses that share it. */
function owners(services: Services): Record<keyof ServiceKeys, string[]> {
  return {
    hub: [services.hub, services.datasetsServer],
    github: [services.github],
    semanticScholar: [services.semanticScholar],
  };
}

function headerFor(service: keyof ServiceKeys, key: string): Record<string, string> {
  return service === "semanticScholar" ? { "x-api-key": key } : { authorization: `Bearer ${key}` };
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
