// The web tools over scripted sites, for specs.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../actors/events.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { keysOf, servicesAt } from "../support/reach.ts";
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
  const services = servicesAt({
    webSearch: `${site.url}${engine}`,
    hub: site.url,
    openHosts: open ? [new URL(site.url).host] : [],
  });
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

/** A reply with a page. */
export function htmlReply(body: string, headers: Record<string, string> = {}) {
  return { headers: { "content-type": "text/html; charset=utf-8", ...headers }, body };
}
