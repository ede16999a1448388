// The whole Hub at one address, as a program sees it: repositories, jobs, datasets with their viewer, documentation and
// papers, each by the stand-in that knows it. Free of test libraries.
import { startDatasetsService } from "./datasets-service.ts";
import { docsScript } from "./docs-service.ts";
import { startHub } from "./hub-service.ts";
import { startJobsService } from "./jobs-service.ts";
import { type Asked, type Reply, type Service, startService } from "./service.ts";

export interface WholeHub {
  /** For HF_ENDPOINT. */
  readonly url: string;
  /** For HF_DATASETS_SERVER_URL. */
  readonly viewer: string;
  readonly repos: Awaited<ReturnType<typeof startHub>>;
  readonly jobs: Awaited<ReturnType<typeof startJobsService>>;
  readonly datasets: Service;
  /** Every request to the one address, in order. */
  readonly asked: Asked[];
  close(): Promise<void>;
}

export interface WholeHubOptions {
  token: string;
  user: string;
  jobs?: Parameters<typeof startJobsService>[0];
  datasets: Parameters<typeof startDatasetsService>[0];
  /** Entries of papers, by their id on the arXiv. */
  papers: Record<string, object>;
}

/** Hands a request on to another stand-in, and its answer back. */
export async function handOn(asked: Asked, to: string): Promise<Reply> {
  const query = asked.query.size === 0 ? "" : `?${asked.query}`;
  const hasBody = asked.bytes.length > 0;
  const headers = Object.fromEntries(
    Object.entries(asked.headers).flatMap(([name, value]) =>
      typeof value === "string" && !/^(host|connection|content-length|transfer-encoding)$/.test(name)
        ? [[name, value]]
        : [],
    ),
  );
  const response = await fetch(`${to}${asked.path}${query}`, {
    method: asked.method,
    headers,
    redirect: "manual",
    ...(hasBody ? { body: new Uint8Array(asked.bytes) } : {}),
  });
  const kept = [...response.headers].filter(
    ([name]) => !/^(connection|content-length|transfer-encoding|content-encoding|keep-alive)$/.test(name),
  );
  const body = response.body === null ? null : (response.body as unknown as AsyncIterable<Uint8Array>);
  return { status: response.status, headers: Object.fromEntries(kept), body };
}

/** Starts it. */
export async function startWholeHub(options: WholeHubOptions): Promise<WholeHub> {
  const { token, user, papers } = options;
  const repos = await startHub({ token, user });
  const jobs = await startJobsService({ user, ...options.jobs });
  const datasets = await startDatasetsService(options.datasets);
  const docs = await startService(docsScript());
  const ids = new Set(options.datasets.datasets.map(({ id }) => id));

  const front = await startService((asked): Promise<Reply> | Reply => {
    const { path } = asked;
    if (/^\/api\/(scheduled-)?jobs\b/.test(path)) return handOn(asked, jobs.url);
    if (/^\/(docs|learn|api\/docs|\.well-known)\b/.test(path)) return handOn(asked, docs.url);
    if (asked.query.has("filter") && /^\/api\/(models|datasets|spaces)$/.test(path)) {
      return { body: [{ id: `${user}/of-a-paper`, downloads: 7, likes: 3 }] };
    }
    if (path === "/api/spaces" && asked.method === "GET") return { body: [] };
    if (path === "/api/collections") return { body: [{ slug: `${user}/list-1`, title: "A list", items: [{}] }] };
    if (path === "/api/daily_papers") return { body: Object.values(papers).map((paper) => ({ paper })) };
    if (path === "/api/papers/search") return { body: Object.values(papers) };
    const paper = /^\/api\/papers\/(.+)$/.exec(path)?.[1];
    if (paper !== undefined)
      return papers[paper] === undefined ? { status: 404, body: { error: "not found" } } : { body: papers[paper] };
    const dataset = /^\/api\/datasets\/([^/]+\/[^/]+)/.exec(path)?.[1];
    if (dataset !== undefined && ids.has(dataset)) return handOn(asked, datasets.url);
    return handOn(asked, repos.url);
  });
  return {
    url: front.url,
    viewer: datasets.url,
    repos,
    jobs,
    datasets,
    asked: front.asked,
    close: async () => {
      await Promise.all([front, repos, jobs, datasets, docs].map((one) => one.close()));
    },
  };
}
