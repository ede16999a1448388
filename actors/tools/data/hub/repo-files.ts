// The way around the viewer: the heads of a repository's own data files, by range requests.
import type { AsyncBuffer } from "hyparquet";
import { HttpError } from "../../../http/errors.ts";
import { pagedObjects } from "../../../hub/pages.ts";
import { apiPath, filePart, type Repo, webPath } from "../../../hub/repo.ts";
import { asCount, asText } from "../../../shape.ts";
import { ToolError } from "../../errors.ts";
import { type Format, formatOf, splitOf } from "../files/formats.ts";
import { lookAtParquet } from "../files/parquet-table.ts";
import { memorySource } from "../files/source.ts";
import type { TableLook, TableQuery } from "../files/table.ts";
import { lookAtText } from "../files/text-table.ts";
import type { Asking } from "./viewer.ts";

/** Files of a repository that are listed. */
const mostListed = 5_000;
/** Bytes of a text file that are fetched, and limits for Parquet; a file's first row group is enough for a look. */
const headBytes = 1 << 20;
const effort = { limits: { footer: 16 << 20, column: 1 << 20, page: 8 << 20 }, groups: 1, rows: 500 };
/** Bytes that are fetched of one file in all. */
const mostFetched = 48 << 20;

/** A data file of a repository. */
export interface RepoFile {
  path: string;
  size: number;
  format: Format;
  split: string;
}

/** The data files of a repository that can be looked into. Throws `HttpError`. */
export async function repoFiles(repo: Repo, { door, signal, onWait }: Asking): Promise<RepoFile[]> {
  const first = `${door.services.hub}/api/${apiPath(repo)}/tree/main?recursive=true`;
  const files: RepoFile[] = [];
  let listed = 0;
  for await (const entry of pagedObjects(door, first, { signal, onWait })) {
    listed += 1;
    if (listed > mostListed) break;
    const path = asText(entry.path);
    const known = formatOf(path);
    // Packed files cannot be read from the middle.
    if (entry.type !== "file" || known === null || known.packing !== null || /(^|\/)\.|dataset_infos\.json$/.test(path))
      continue;
    files.push({ path, size: asCount(entry.size) ?? 0, format: known.format, split: splitOf(path) ?? "train" });
  }
  return files;
}

/** The file to look at: of the wanted config and split as far as names tell, else of train, else the first. */
export function fileFor(
  files: readonly RepoFile[],
  wanted: { config: string | undefined; split: string | undefined },
): RepoFile | undefined {
  const { config, split } = wanted;
  const inConfig = files.filter(({ path }) => config === undefined || path.split(/[/.]/).includes(config));
  const pool = inConfig.length > 0 ? inConfig : files;
  const named = pool.find((file) => file.split === (split ?? "train"));
  return split === undefined ? (named ?? pool[0]) : (named ?? pool.find(({ path }) => path.includes(split)));
}

/** Looks at the head of a file. Throws `HttpError` and `ToolError`. */
export async function lookAtRepoFile(
  repo: Repo,
  file: RepoFile,
  query: TableQuery,
  asking: Asking,
): Promise<TableLook> {
  const url = `${asking.door.services.hub}/${webPath(repo)}/resolve/main/${filePart(file.path)}`;
  if (file.format === "parquet") return lookAtParquet(remoteBuffer(url, file.size, asking), query, effort);
  const bytes = new Uint8Array(await range(url, 0, headBytes, asking));
  return lookAtText(memorySource(bytes, bytes.length < file.size), file.format, file.path, query);
}

/** Some bytes of a file. A server that does not know ranges sends all: then only a beginning can be had. */
async function range(url: string, start: number, end: number, { door, signal, onWait }: Asking): Promise<ArrayBuffer> {
  const headers = { range: `bytes=${start}-${end - 1}`, "accept-encoding": "identity" };
  const answer = await door.expect(url, { headers, signal, onWait });
  if (answer.status !== 206 && start > 0) {
    answer.close();
    throw new HttpError("HTTP_STATUS", `${new URL(answer.url).host} does not send parts of files.`);
  }
  const { bytes } = await answer.head(end - start);
  answer.close();
  return new Uint8Array(bytes).buffer;
}

function remoteBuffer(url: string, byteLength: number, asking: Asking): AsyncBuffer {
  let fetched = 0;
  return {
    byteLength,
    slice(start, end = byteLength) {
      fetched += end - start;
      if (fetched > mostFetched) throw new ToolError("TOO_LARGE", "more than is fetched of one file would be needed");
      return range(url, start, end, asking);
    },
  };
}
