// The tools for GitHub over a scripted GitHub, for specs.
import type { Json } from "../../actors/events.ts";
import type { Prepared, ToolResult } from "../../actors/tools/protocol.ts";
import { ageKept, doorFor, temporaryFolder } from "../http/setting.ts";
import { type FakeGitHub, startGitHub } from "../support/github-service.ts";
import type { Service } from "../support/service.ts";
import { createWorkshop, type Workshop } from "../tools/workshop.ts";

/** A call that was accepted. */
export type Accepted = Extract<Prepared, { ok: true }>;

export interface Site {
  github: Service;
  shop: Workshop;
  /** Prepares and runs a call of github_issues. */
  issues(args: { [key: string]: Json }): Promise<ToolResult>;
  /** Prepares one that must be accepted. */
  accepted(args: { [key: string]: Json }): Promise<Accepted>;
  /** Runs, shows, or looks for, a call that was prepared. */
  run(call: Accepted, attempt?: number): Promise<ToolResult>;
  preview(call: Accepted): Promise<string>;
  probe(call: Accepted): ReturnType<Workshop["executor"]["probe"]>;
  /** The requests that would change something. */
  writes(): Service["asked"];
  find(args: { [key: string]: Json }): Promise<ToolResult>;
  list(args: { [key: string]: Json }): Promise<ToolResult>;
  read(args: { [key: string]: Json }, options?: { signal?: AbortSignal }): Promise<ToolResult>;
  /** Makes all kept answers older, by milliseconds. */
  age(byMs: number): void;
  close(): Promise<void>;
}

/** Starts it. */
export async function openSite(
  fake: FakeGitHub,
  options: { token?: string; isKept?: boolean; secrets?: string[]; outputChars?: number } = {},
): Promise<Site> {
  const github = await startGitHub(fake);
  const cache = options.isKept === true ? temporaryFolder() : null;
  const door = doorFor({
    services: { github: github.url },
    keys: { github: options.token ?? null },
    cacheDir: cache?.path ?? null,
  });
  const { secrets = [], outputChars } = options;
  const shop = createWorkshop({
    door,
    reach: { secrets },
    ...(outputChars === undefined ? {} : { limits: { outputChars } }),
  });
  const request = (call: Accepted, attempt = 1) => ({
    id: call.id,
    tool: call.tool,
    arguments: call.arguments,
    attempt,
    seen: {},
  });
  const caller = { signal: new AbortController().signal, progress: () => undefined };
  return {
    github,
    shop,
    issues: (args) => shop.call("github_issues", args),
    async accepted(args) {
      const call = await shop.prepare("github_issues", args);
      if (!call.ok) throw new Error(call.error);
      return call;
    },
    run: (call, attempt) => shop.executor.run(request(call, attempt), caller),
    preview: async (call) => (await shop.executor.preview(request(call), caller))?.text ?? "",
    probe: (call) => shop.executor.probe(request(call), caller),
    writes: () => github.asked.filter(({ method }) => method !== "GET"),
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
