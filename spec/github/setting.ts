// The tools for GitHub over a scripted GitHub, for specs.
import type { Json } from "../../actors/events.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { ageKept, doorFor, temporaryFolder } from "../http/setting.ts";
import { type FakeGitHub, startGitHub } from "../support/github-service.ts";
import type { Service } from "../support/service.ts";
import { createWorkshop } from "../tools/workshop.ts";

export interface Site {
  github: Service;
  find(args: { [key: string]: Json }): Promise<ToolResult>;
  list(args: { [key: string]: Json }): Promise<ToolResult>;
  read(args: { [key: string]: Json }, options?: { signal?: AbortSignal }): Promise<ToolResult>;
  /** Makes all kept answers older, by milliseconds. */
  age(byMs: number): void;
  close(): Promise<void>;
}

/** Starts it. */
export async function openSite(fake: FakeGitHub, options: { token?: string; isKept?: boolean } = {}): Promise<Site> {
  const github = await startGitHub(fake);
  const cache = options.isKept === true ? temporaryFolder() : null;
  const door = doorFor({
    services: { github: github.url },
    keys: { github: options.token ?? null },
    cacheDir: cache?.path ?? null,
  });
  const shop = createWorkshop({ door });
  return {
    github,
    find: (args) => shop.call("github_find_examples", args),
    list: (args) => shop.call("github_list_repos", args),
    read: (args, more) => shop.call("github_read_file", args, more),
    age: (byMs) => ageKept(cache?.path ?? "", byMs),
    async close() {
      await shop.close();
      cache?.remove();
      await github.close();
    },
  };
}
