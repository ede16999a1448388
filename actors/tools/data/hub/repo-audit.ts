// The report on a data set that the viewer does not show: by the head of one of its own files.
import { fitsOf } from "../../../data/fit.ts";
import { columnsOf } from "../../../data/profile.ts";
import { warningsOf } from "../../../data/warnings.ts";
import { HttpError } from "../../../http/errors.ts";
import { hubFailure } from "../../../hub/failure.ts";
import { type Repo, webPath } from "../../../hub/repo.ts";
import { grouped, shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";
import { type DatasetReport, mostReported } from "../report.ts";
import type { HubQuery } from "./inspect.ts";
import { fileFor, lookAtRepoFile, type RepoFile, repoFiles } from "./repo-files.ts";
import type { Asking, ViewerFailure } from "./viewer.ts";

/** Milliseconds for parsing what was fetched. */
const limitMs = 20_000;

/** Makes the report. Throws `ToolError` with the viewer's reason where the files do not help either. */
export async function auditRepo(
  repo: Repo,
  query: HubQuery,
  why: ViewerFailure,
  facts: readonly string[],
  asking: Asking,
): Promise<DatasetReport> {
  const files = await listed(repo, why, asking);
  const file = fileFor(files, { config: query.config, split: query.split });
  const page = `${asking.door.services.hub}/${webPath(repo)}/tree/main`;
  if (file === undefined) {
    const what = files.length === 0 ? "it holds no CSV, JSON or Parquet files" : `no file of it is of ${query.split}`;
    const code = why.refusal === "converting" || why.refusal === "busy" ? "TIMEOUT" : "NOT_FOUND";
    throw new ToolError(
      code,
      `${repo.id} cannot be inspected. ${why.message} And ${what}.`,
      `${why.hint} Its files: ${page}`,
    );
  }
  const { offset, length } = query;
  const look = await lookAtRepoFile(repo, file, { offset, length, limitMs, sampleBytes: 8 << 20 }, asking).catch(
    (error: unknown) => {
      asking.signal.throwIfAborted();
      if (!(error instanceof ToolError) && !(error instanceof HttpError)) throw error;
      throw new ToolError(
        "SYSTEM",
        `${repo.id} cannot be inspected. ${why.message} And ${file.path} cannot be read: ${error.message}`,
        why.hint,
      );
    },
  );
  const { profile } = look;
  return {
    name: repo.id,
    from: "hub",
    facts: [
      `${why.message} ${why.hint}`,
      `So this is the head of its own file ${file.path} (${[look.format, shownBytes(file.size), ...look.notes].join("; ")}); ${grouped(files.length)} data files in all.`,
      ...facts,
    ],
    config: query.config ?? null,
    split: file.split,
    // One file of several says nothing of the split's length.
    rows: files.filter(({ split }) => split === file.split).length === 1 ? look.rows : null,
    isExact: look.isExact,
    splits: bySplit(files),
    columns: profile.columns.slice(0, mostReported),
    basis: look.isWhole ? "all rows" : `${grouped(profile.rows)} rows from the head of ${file.path}`,
    fits: fitsOf(columnsOf(profile)),
    warnings: [...look.problems, ...warningsOf(profile)].sort((a, b) => b.weight - a.weight),
    failures: [],
    offset,
    sample: look.shown,
    next: [],
  };
}

async function listed(repo: Repo, why: ViewerFailure, asking: Asking): Promise<RepoFile[]> {
  try {
    return await repoFiles(repo, asking);
  } catch (error) {
    asking.signal.throwIfAborted();
    if (!(error instanceof HttpError)) throw error;
    const { door } = asking;
    const failure = hubFailure(error, `the data set ${repo.id}`, door.has("hub"), door.services.hub);
    throw new ToolError(
      "SYSTEM",
      `${repo.id} cannot be inspected. ${why.message} And its files cannot be listed: ${failure.message}`,
      failure.hint,
    );
  }
}

function bySplit(files: readonly RepoFile[]): DatasetReport["splits"] {
  const names = [...new Set(files.map(({ split }) => split))];
  return names.map((split) => ({
    config: null,
    split,
    rows: null,
    isExact: false,
    bytes: files.filter((file) => file.split === split).reduce((sum, { size }) => sum + size, 0),
  }));
}
