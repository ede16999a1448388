// The web tools over scripted sites, for specs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../actors/events.ts";
import type { SearchEngine, ServiceKeys } from "../../actors/http/types.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { wake } from "../../actors/tools/web/rests.ts";
import { ageKept, doorFor } from "../http/setting.ts";
import { keysOf, searchEngine, servicesAt } from "../support/reach.ts";
import { type Script, type Service, startService } from "../support/service.ts";
import { createWorkshop, type Workshop } from "../tools/workshop.ts";

/** A site, and the tools of a user who may reach it. */
export interface WebSetting {
  site: Service;
  shop: Workshop;
  fetch(path: string, args?: { [key: string]: Json }): Promise<ToolResult>;
  search(args: { [key: string]: Json }): Promise<ToolResult>;
  close(): Promise<void>;
}

/** Starts a site. `engine`: where on it the search engine is. `open`: whether the user has opened its host. */
export async function webSetting(script: Script, { engine = "/html", open = true } = {}): Promise<WebSetting> {
  const site = await startService(script);
  const own = searchEngine(engine === "/html" ? "duckduckgo" : "searxng", `${site.url}${engine}`);
  const services = servicesAt({ webSearch: [own], hub: site.url, openHosts: open ? [new URL(site.url).host] : [] });
  const cacheDir = mkdtempSync(join(tmpdir(), "web-spec-"));
  const shop = createWorkshop({ reach: { services, keys: keysOf({ hub: "hf_secret" }), cacheDir } });
  return {
    site,
    shop,
    fetch: (path, args = {}) => shop.call("web_fetch", { url: `${site.url}${path}`, ...args }),
    search: (args) => shop.call("web_search", args),
    async close() {
      await shop.close();
      await site.close();
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}

/** Several engines, each at a site of its own, in the order in which they are asked. */
export interface SearchSetting {
  sites: Service[];
  shop: Workshop;
  /** What is asked beside the query `some words`. */
  search(args?: { [key: string]: Json }, options?: { signal?: AbortSignal }): Promise<ToolResult>;
  /** Makes all kept answers older, by milliseconds. */
  age(byMs: number): void;
  close(): Promise<void>;
}

/**
 * Starts them. `openHosts`: hosts of the user's that a redirect may lead to. `intervalMs`: the least time between two
 * requests to the first one.
 */
export async function searchSetting(
  engines: readonly (readonly [kind: SearchEngine["kind"], script: Script])[],
  keys: Partial<ServiceKeys> = {},
  { openHosts = [], intervalMs = 0 }: { openHosts?: readonly string[]; intervalMs?: number } = {},
): Promise<SearchSetting> {
  const sites = await Promise.all(engines.map(([, script]) => startService(script)));
  const paths: Partial<Record<SearchEngine["kind"], string>> = { duckduckgo: "/html", searxng: "/search" };
  const webSearch = engines.map(([kind], index) =>
    searchEngine(kind, `${sites[index]?.url ?? ""}${paths[kind] ?? ""}`),
  );
  // A port may have been another engine's a moment ago.
  for (const { address } of webSearch) wake(address);
  const cacheDir = mkdtempSync(join(tmpdir(), "web-spec-"));
  const door = doorFor({
    services: { webSearch, openHosts },
    keys: { hub: "hf_secret", ...keys },
    cacheDir,
    intervals: { [sites[0]?.url ?? ""]: intervalMs },
  });
  const shop = createWorkshop({ door });
  return {
    sites,
    shop,
    search: (args = {}, options = {}) => shop.call("web_search", { query: "some words", ...args }, options),
    age: (byMs) => ageKept(cacheDir, byMs),
    async close() {
      await shop.close();
      await Promise.all(sites.map((site) => site.close()));
      rmSync(cacheDir, { recursive: true, force: true });
    },
  };
}

/** A reply with a page. */
export function htmlReply(body: string, headers: Record<string, string> = {}) {
  return { headers: { "content-type": "text/html; charset=utf-8", ...headers }, body };
}
