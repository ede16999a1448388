// A workshop whose tools have the stand-in for the Hub before them.
import type { Json } from "../../actors/events.ts";
import type { Prepared, ToolResult } from "../../actors/tools/protocol.ts";
import { doorFor } from "../http/setting.ts";
import { type HubOptions, type HubService, startHub } from "../support/hub-service.ts";
import { keysOf, servicesAt } from "../support/reach.ts";
import { createWorkshop, type Workshop, type WorkshopOptions } from "../tools/workshop.ts";

export interface HubShop {
  hub: HubService;
  shop: Workshop;
  files(args: Json): Promise<ToolResult>;
  git(args: Json): Promise<ToolResult>;
  prepared(tool: string, args: Json): Promise<Extract<Prepared, { ok: true }>>;
  close(): Promise<void>;
}

export async function openHubShop(
  options: HubOptions & {
    anonymous?: true;
    token?: string;
    limits?: WorkshopOptions["limits"];
    secrets?: string[];
  } = {},
  reach: WorkshopOptions["reach"] = {},
): Promise<HubShop> {
  const hub = await startHub(options);
  const services = servicesAt({ hub: hub.url, openHosts: [new URL(hub.storage.url).host] });
  const keys = keysOf({ hub: options.anonymous ? null : hub.token });
  const door = doorFor({ services, keys });
  const { secrets = [] } = options;
  const shop = createWorkshop({
    door,
    reach: { services, keys, secrets, ...reach },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  });
  return {
    hub,
    shop,
    files: (args) => shop.call("hf_repo_files", args),
    git: (args) => shop.call("hf_repo_git", args),
    async prepared(tool, args) {
      const found = await shop.prepare(tool, args);
      if (!found.ok) throw new Error(found.error);
      return found;
    },
    async close() {
      await shop.close();
      await hub.close();
    },
  };
}
