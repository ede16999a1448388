// A workshop with a Space of the user's at the stand-in for the Hub.
import type { Json } from "../../actors/events.ts";
import type { Prepared, ToolResult } from "../../actors/tools/protocol.ts";
import { type HubShop, openHubShop } from "../repos/setting.ts";
import { type FakeSpace, spaceOf } from "../support/hub/spaces.ts";
import type { HubOptions } from "../support/hub-service.ts";

/** A secret that the user lets jobs and Spaces have. */
export const key = "a-key-for-apps-0123456789";

export type Args = { [name: string]: Json };
type Accepted = Extract<Prepared, { ok: true }>;

export interface SpaceShop extends HubShop {
  space: FakeSpace;
  /** Prepares and runs a call for the user's Space. */
  call(args: Args): Promise<ToolResult>;
  prepare(args: Args): Promise<Prepared>;
  /** Prepares a call that must be accepted. */
  accepted(args: Args): Promise<Accepted>;
  /** Runs, or looks for, a call that was prepared. */
  run(call: Accepted, signal?: AbortSignal): Promise<ToolResult>;
  probe(call: Accepted): ReturnType<HubShop["shop"]["executor"]["probe"]>;
  preview(call: Accepted): Promise<string>;
}

/** Opens it. `me/app` is the Space. */
export async function openSpaceShop(options: HubOptions & { anonymous?: true } = {}): Promise<SpaceShop> {
  const at = await openHubShop(options, { jobSecrets: { API_KEY: key } });
  const space = spaceOf(at.hub.add("space", "me/app", { "README.md": "---\nsdk: gradio\n---\n" }));
  const full = (args: Args) => ({ repo_id: "me/app", ...args });
  const request = (call: Accepted) => ({ id: "c1", tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} });
  const caller = { signal: new AbortController().signal, progress: () => undefined };
  const prepare = (args: Args) => at.shop.prepare("hf_spaces", full(args));
  return {
    ...at,
    space,
    prepare,
    call: (args) => at.shop.call("hf_spaces", full(args)),
    async accepted(args) {
      const call = await prepare(args);
      if (!call.ok) throw new Error(call.error);
      return call;
    },
    run: (call, signal = caller.signal) => at.shop.executor.run(request(call), { ...caller, signal }),
    probe: (call) => at.shop.executor.probe(request(call), caller),
    preview: async (call) => (await at.shop.executor.preview(request(call), caller))?.text ?? "",
  };
}

/** Puts a variable or a secret into a Space. */
export function put(entries: FakeSpace["variables"], name: string, value: string): void {
  entries.set(name, { value, updatedAt: "2026-01-01T00:00:00.000Z" });
}
