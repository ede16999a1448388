// A stand-in for the two services that know data sets: the Hub's API with its files, and the dataset viewer's server,
// with the shapes and the error codes that they have. Both answer at one address.
import { type Asked, type Reply, type Service, startService } from "./service.ts";

/** A data set that the service has. */
export interface FakeDataset {
  id: string;
  features?: Record<string, unknown>;
  /** Rows by config and split. Absent: the viewer knows no splits. */
  rows?: Record<string, Record<string, Record<string, unknown>[]>>;
  /** Rows that each split is said to have, where these are more than there are here. */
  counts?: Record<string, number>;
  statistics?: { column_name: string; column_type: string; column_statistics: Record<string, unknown> }[];
  partial?: boolean;
  /** What the Hub says of it beside its id. */
  about?: Record<string, unknown>;
  /** Only this token may see it: `gated` ones are known to everybody all the same. */
  onlyFor?: string;
  /** Files of its repository. */
  files?: Record<string, string | Uint8Array>;
  pending?: { config: string; split: string }[];
  failed?: { config: string; error: string }[];
}

/** A refusal of an endpoint of the viewer, as its server writes them. */
export interface ViewerError {
  status: number;
  code: string | null;
  error: string;
  /** Only so many times; always when absent. */
  times?: number;
}

/** How the service is set up. */
export interface DatasetsOptions {
  datasets: FakeDataset[];
  /** By endpoint (`splits`, `rows`, …); `*` stands for all. */
  refuse?: Record<string, ViewerError>;
  /** Answers before anything else; undefined: not this one. */
  first?: (asked: Asked) => Reply | undefined;
  /** Names that lead to others. */
  renamed?: Record<string, string>;
}

const endpoints = [
  "is-valid",
  "splits",
  "info",
  "size",
  "statistics",
  "parquet",
  "first-rows",
  "rows",
  "search",
  "filter",
];

/** A refusal with its code in the header, as the viewer's server sends it. */
export function refusal({ status, code, error }: ViewerError): Reply {
  return { status, headers: code === null ? {} : { "x-error-code": code }, body: { error } };
}

const unauthenticated: ViewerError = {
  status: 401,
  code: "ExternalUnauthenticatedError",
  error: "The dataset does not exist, or is not accessible without authentication (private or gated).",
};
const authenticated: ViewerError = {
  status: 404,
  code: "ExternalAuthenticatedError",
  error: "The dataset does not exist, or is not accessible with the current credentials (private or gated).",
};

/** Starts it. */
export async function startDatasetsService(options: DatasetsOptions): Promise<Service> {
  const refused = new Map<string, number>();
  return startService((asked) => {
    const own = options.first?.(asked);
    if (own !== undefined) return own;
    const endpoint = asked.path.slice(1);
    if (endpoints.includes(endpoint)) return ofViewer(endpoint, asked, options, refused);
    return ofHub(asked, options);
  });
}

function tokenOf({ headers }: Asked): string | null {
  return /^Bearer (.*)$/.exec(headers.authorization ?? "")?.[1] ?? null;
}

function ofViewer(
  endpoint: string,
  asked: Asked,
  options: DatasetsOptions,
  refused: Map<string, number>,
): Reply | undefined {
  const name = asked.query.get("dataset") ?? "";
  const refuse = options.refuse?.[endpoint] ?? options.refuse?.["*"];
  const times = refused.get(endpoint) ?? 0;
  if (refuse !== undefined && times < (refuse.times ?? Number.POSITIVE_INFINITY)) {
    refused.set(endpoint, times + 1);
    return refusal(refuse);
  }
  const newName = options.renamed?.[name];
  if (newName !== undefined) {
    return refusal({
      status: 404,
      code: "RenamedDatasetError",
      error: `The dataset has been renamed. Please use the current dataset name: ${newName}`,
    });
  }
  const dataset = options.datasets.find(({ id }) => id === name);
  const token = tokenOf(asked);
  if (dataset === undefined || (dataset.onlyFor !== undefined && dataset.onlyFor !== token)) {
    return refusal(token === null ? unauthenticated : authenticated);
  }
  return { body: answerOf(endpoint, asked.query, dataset) };
}

function answerOf(endpoint: string, query: URLSearchParams, dataset: FakeDataset): object {
  const { id, features = {}, rows = {}, counts = {}, partial = false } = dataset;
  const config = query.get("config") ?? "";
  const split = query.get("split") ?? "";
  const all = rows[config]?.[split] ?? [];
  const splits = Object.entries(rows).flatMap(([ofConfig, bySplit]) =>
    Object.keys(bySplit).map((name) => ({ dataset: id, config: ofConfig, split: name })),
  );
  const more = { partial, pending: [], failed: [] };
  const total = (name: { config: string; split: string }) =>
    counts[name.split] ?? rows[name.config]?.[name.split]?.length ?? 0;
  const listed = Object.entries(features).map(([name, type], index) => ({ feature_idx: index, name, type }));
  const page = (from: readonly Record<string, unknown>[], of: number, pick: (index: number) => number) => {
    const offset = Number(query.get("offset") ?? 0);
    const length = Number(query.get("length") ?? 100);
    const shown =
      from.length === 0
        ? []
        : Array.from({ length: Math.max(0, Math.min(length, of - offset)) }, (_, index) => offset + index);
    const entries = shown.map((index) => ({
      row_idx: pick(index),
      row: from[index % from.length],
      truncated_cells: [],
    }));
    return { features: listed, rows: entries, num_rows_total: of, num_rows_per_page: 100, partial };
  };
  switch (endpoint) {
    case "is-valid":
      return { preview: true, viewer: !partial, search: true, filter: true, statistics: true };
    case "splits":
      return { splits, pending: dataset.pending ?? [], failed: dataset.failed ?? [] };
    case "info":
      return { dataset_info: { config_name: config, features, splits: {} }, ...more };
    case "size": {
      const sized = splits.map((name) => ({
        ...name,
        num_rows: total(name),
        num_bytes_parquet_files: 1_000,
        num_bytes_memory: 2_000,
        num_columns: listed.length,
        estimated_num_rows: null,
      }));
      const sum = sized.reduce((count, { num_rows }) => count + num_rows, 0);
      const whole = {
        dataset: id,
        num_bytes_original_files: 5_000,
        num_bytes_parquet_files: 4_000,
        num_bytes_memory: 9_000,
        num_rows: sum,
        estimated_num_rows: null,
      };
      return { size: { dataset: whole, configs: [], splits: sized }, ...more };
    }
    case "statistics":
      return { num_examples: total({ config, split }), statistics: dataset.statistics ?? [], partial };
    case "parquet":
      return {
        parquet_files: splits.map((name) => ({
          ...name,
          url: `https://huggingface.co/datasets/${id}/resolve/refs%2Fconvert%2Fparquet/${name.config}/${name.split}/0000.parquet`,
          filename: "0000.parquet",
          size: 1_000,
        })),
        ...more,
      };
    case "first-rows":
      return {
        dataset: id,
        config,
        split,
        features: listed,
        rows: all.slice(0, 100).map((row, index) => ({ row_idx: index, row, truncated_cells: [] })),
        truncated: false,
      };
    case "rows":
      return page(all, total({ config, split }), (index) => index);
    case "search": {
      const words = (query.get("query") ?? "").toLowerCase();
      const found = all
        .map((row, index) => ({ row, index }))
        .filter(({ row }) => JSON.stringify(row).toLowerCase().includes(words));
      return page(
        found.map(({ row }) => row),
        found.length,
        (index) => found[index]?.index ?? 0,
      );
    }
    default:
      return page(all, all.length, (index) => index);
  }
}

function ofHub(asked: Asked, { datasets, renamed = {} }: DatasetsOptions): Reply | undefined {
  const token = tokenOf(asked);
  const api = /^\/api\/datasets\/([^/]+\/[^/]+)(\/tree\/main)?$/.exec(asked.path);
  const file = /^\/datasets\/([^/]+\/[^/]+)\/resolve\/main\/(.+)$/.exec(asked.path);
  const name = api?.[1] ?? file?.[1];
  if (name === undefined) return undefined;
  const newName = renamed[name];
  if (newName !== undefined) return { status: 307, headers: { location: asked.path.replace(name, newName) } };
  const dataset = datasets.find(({ id }) => id === name);
  const isClosed = dataset?.onlyFor !== undefined && dataset.onlyFor !== token;
  const isGated = dataset?.about?.gated !== undefined;
  if (dataset === undefined || (isClosed && !isGated)) {
    const status = token === null ? 401 : 404;
    const error = token === null ? "Invalid username or password." : "Repository not found";
    return {
      status,
      headers:
        token === null
          ? { "x-error-message": "Repository not found", "x-error-code": "RepoNotFound" }
          : { "x-error-code": "RepoNotFound" },
      body: { error },
    };
  }
  const files = dataset.files ?? {};
  if (file !== null) return part(files[decodeURIComponent(file[2] ?? "")], asked);
  if (api?.[2] !== undefined) {
    return {
      body: Object.entries(files).map(([path, content]) => ({
        type: "file",
        path,
        size: Buffer.byteLength(content),
        oid: "0",
      })),
    };
  }
  return {
    body: {
      id: dataset.id,
      private: false,
      gated: false,
      disabled: false,
      downloads: 1_234,
      likes: 5,
      tags: ["license:mit", "task_categories:text-generation", "language:en"],
      lastModified: "2026-03-01T00:00:00.000Z",
      ...dataset.about,
    },
  };
}

function part(content: string | Uint8Array | undefined, { headers }: Asked): Reply {
  if (content === undefined)
    return { status: 404, headers: { "x-error-code": "EntryNotFound" }, body: { error: "Entry not found" } };
  const bytes = Buffer.from(content as Uint8Array);
  const range = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "");
  if (range === null) return { body: bytes };
  const [from, to] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
  return {
    status: 206,
    headers: { "content-range": `bytes ${from}-${to}/${bytes.length}` },
    body: bytes.subarray(from, to + 1),
  };
}
