// Where the services beside the models are, and the keys for them.
import type { ServiceKeys, Services } from "../../actors/http/types.ts";
import { FrontError } from "../errors.ts";
import { endpointAt } from "./endpoint.ts";
import type { JsonObject } from "./layers.ts";
import { searchEngines } from "./web-search.ts";

/** The config key of each service's address, and where it is when the user has not moved it. */
const addresses: Record<Exclude<keyof Services, "openHosts" | "webSearch">, [key: string, usual: string]> = {
  hub: ["hf_endpoint", "https://huggingface.co"],
  datasetsServer: ["hf_datasets_server_url", "https://datasets-server.huggingface.co"],
  github: ["github_api_url", "https://api.github.com"],
  arxiv: ["arxiv_url", "https://arxiv.org"],
  semanticScholar: ["semantic_scholar_api_url", "https://api.semanticscholar.org"],
  gradio: ["gradio_url", "https://www.gradio.app"],
};

/** The services of a configuration. Throws a `FrontError` for an address that is no http(s) URL. */
export function servicesOf(config: JsonObject): Services {
  const found = Object.entries(addresses).map(([service, [key, usual]]) => [
    service,
    endpointAt(textOf(config, key) ?? usual, key),
  ]);
  return {
    ...(Object.fromEntries(found) as Omit<Services, "openHosts" | "webSearch">),
    webSearch: searchEngines(config),
    openHosts: openHosts(config),
  };
}

/** The keys of a configuration. */
export function serviceKeysOf(config: JsonObject): ServiceKeys {
  return {
    hub: textOf(config, "hf_token"),
    github: textOf(config, "github_token"),
    semanticScholar: textOf(config, "semantic_scholar_api_key"),
    brave: textOf(config, "brave_api_key"),
    tavily: textOf(config, "tavily_api_key"),
    marginalia: textOf(config, "marginalia_api_key"),
  };
}

function openHosts(config: JsonObject): string[] {
  const hosts = Array.isArray(config.open_hosts) ? config.open_hosts : [];
  return hosts.map((host) => {
    const text = String(host).trim();
    if (/^[a-z0-9.-]+(:\d+)?$|^\[[0-9a-f:]+\](:\d+)?$/i.test(text)) return text.toLowerCase();
    throw new FrontError(
      "CONFIG_INVALID",
      `open_hosts names ${JSON.stringify(host)}, which is no host.`,
      'Write "host" or "host:port", without http://.',
    );
  });
}

function textOf(config: JsonObject, key: string): string | null {
  const value = config[key];
  return typeof value === "string" && value !== "" ? value : null;
}
