// The documentation tools over a scripted Hub, for specs.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Json } from "../../actors/events.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { type DocsServiceOptions, docsScript } from "../support/docs-service.ts";
import { keysOf, servicesAt } from "../support/reach.ts";
import { type Service, startService } from "../support/service.ts";
import { createWorkshop } from "../tools/workshop.ts";

type Args = { [key: string]: Json };

/** A Hub with documentation, and the tools of a user of it. */
export interface DocsSetting {
  hub: Service;
  /** Where the program keeps what need not be fetched again. */
  cacheDir: string;
  explore(args?: Args): Promise<ToolResult>;
  read(url: string, args?: Args): Promise<ToolResult>;
  api(args: Args): Promise<ToolResult>;
  /** Tools of another process over the same cache. */
  again(): DocsSetting;
  close(): Promise<void>;
}

/** Starts a Hub. `key`: the user's, or null for none. */
export async function docsSetting(options: DocsServiceOptions = {}, key: string | null = null): Promise<DocsSetting> {
  const hub = await startService(docsScript(options));
  const cacheDir = mkdtempSync(join(tmpdir(), "docs-spec-"));
  const shops: { close(): Promise<void> }[] = [];
  const make = (): DocsSetting => {
    const services = servicesAt({ hub: hub.url, gradio: hub.url });
    const shop = createWorkshop({
      reach: { services, keys: keysOf({ hub: key }), cacheDir },
      limits: { timeoutMs: 60_000 },
    });
    shops.push(shop);
    return {
      hub,
      cacheDir,
      explore: (args = {}) => shop.call("explore_hf_docs", args),
      read: (url, args = {}) => shop.call("fetch_hf_docs", { url, ...args }),
      api: (args) => shop.call("find_hf_api", args),
      again: make,
      async close() {
        await Promise.all(shops.map((each) => each.close()));
        await hub.close();
        rmSync(cacheDir, { recursive: true, force: true });
      },
    };
  };
  return make();
}
