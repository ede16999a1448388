// The tool for papers over scripted services, for specs.
import type { Json } from "../../actors/events.ts";
import type { ServiceKeys } from "../../actors/http/types.ts";
import type { ToolResult } from "../../actors/tools/protocol.ts";
import { ageKept, doorFor, temporaryFolder } from "../http/setting.ts";
import { samplePaper } from "../support/latexml.ts";
import { scholarEntry, scholarRefusal } from "../support/scholar-service.ts";
import { type Asked, type Reply, type Script, type Service, startService } from "../support/service.ts";
import { createWorkshop } from "../tools/workshop.ts";

/** What is scripted beside the usual; undefined: the usual. */
export type Extra = (asked: Asked, index: number) => Reply | undefined;

export interface LibraryOptions {
  hub?: Extra | undefined;
  arxiv?: Extra | undefined;
  scholar?: Extra | undefined;
  keys?: Partial<ServiceKeys>;
  isKept?: boolean;
  /** Pauses as long as those of a real run. */
  isPatient?: boolean;
  /** The least time between two requests to Semantic Scholar, in milliseconds. */
  scholarInterval?: number;
}

export interface Library {
  hub: Service;
  arxiv: Service;
  scholar: Service;
  /** What people were shown while calls ran. */
  logs: string[];
  /** Makes all kept answers older, by milliseconds. */
  age(byMs: number): void;
  call(args: { [key: string]: Json }, options?: { signal?: AbortSignal }): Promise<ToolResult>;
  touches(args: { [key: string]: Json }): Promise<string[]>;
  close(): Promise<void>;
}

/** A paper as the Hub has it. */
export function hubEntry(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id,
    title: `Hub paper ${id}`,
    summary: "A long abstract about sparse rewards.",
    ai_summary: "Short words.",
    ai_keywords: ["rl", "agents"],
    authors: [{ name: "Ada Lovelace" }, { name: "Alan Turing" }],
    publishedAt: "2024-01-02T00:00:00.000Z",
    upvotes: 42,
    githubRepo: "https://github.com/ada/sparse",
    githubStars: 1234,
    ...more,
  };
}

const hubScript: Script = ({ path }) => {
  if (path === "/api/papers/2401.00001") return { body: hubEntry("2401.00001") };
  if (path.startsWith("/api/papers/")) return { status: 404, body: { error: "Paper not found" } };
  return undefined;
};

const arxivScript: Script = ({ path }) => {
  if (/^\/html\/2401\.00001(v2)?$/.test(path)) return { body: samplePaper, headers: { etag: '"h1"' } };
  return { status: 404, body: "no such paper" };
};

const scholarScript: Script = (asked) => {
  if (asked.path === "/graph/v1/paper/ARXIV:2401.00001") return { body: scholarEntry(1, { citationCount: 999 }) };
  if (/^\/graph\/v1\/paper\/ARXIV/.test(asked.path)) {
    return { status: 404, body: { error: "Paper with id not found" } };
  }
  return undefined;
};

/** Starts it. */
export async function openLibrary(options: LibraryOptions = {}): Promise<Library> {
  const withExtra =
    (extra: Extra | undefined, usual: Script): Script =>
    (asked, index) =>
      extra?.(asked, index) ?? usual(asked, index);
  const hub = await startService(withExtra(options.hub, hubScript));
  const arxiv = await startService(withExtra(options.arxiv, arxivScript));
  const scholar = await startService(
    (asked, index) => scholarRefusal(asked) ?? withExtra(options.scholar, scholarScript)(asked, index),
  );
  const cache = options.isKept === true ? temporaryFolder() : null;
  const door = doorFor({
    services: { hub: hub.url, arxiv: arxiv.url, semanticScholar: scholar.url },
    keys: options.keys ?? {},
    cacheDir: cache?.path ?? null,
    ...(options.isPatient === true ? { waits: { firstMs: 5, mostMs: 60_000 } } : {}),
    ...(options.scholarInterval === undefined ? {} : { intervals: { [scholar.url]: options.scholarInterval } }),
  });
  const shop = createWorkshop({ door });
  return {
    hub,
    arxiv,
    scholar,
    logs: shop.logs,
    age: (byMs) => ageKept(cache?.path ?? "", byMs),
    call: (args, options) => shop.call("hf_papers", args, options),
    async touches(args) {
      const prepared = await shop.prepare("hf_papers", args);
      if (!prepared.ok) throw new Error(prepared.error);
      return prepared.touches.map((access) => (access.kind === "network" ? access.host : access.kind));
    },
    async close() {
      await shop.close();
      cache?.remove();
      await Promise.all([hub, arxiv, scholar].map((service) => service.close()));
    },
  };
}
