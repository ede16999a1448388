// The report on files of this machine: one file, or the files of a folder grouped by the splits that they name.
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fitsOf } from "../../../data/fit.ts";
import { columnsOf } from "../../../data/profile.ts";
import { leakBetween, type Warning, warningsOf } from "../../../data/warnings.ts";
import { grouped, shownBytes } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import { describeError, ToolError } from "../../errors.ts";
import { statOrNull } from "../../files/open.ts";
import { type DatasetReport, mostReported, type SectionFailure, type SplitFacts } from "../report.ts";
import { formatNames, formatOf, splitOf } from "./formats.ts";
import type { FileQuery } from "./look.ts";
import type { TableLook } from "./table.ts";

/** What to inspect. */
export interface FilesQuery {
  path: string;
  split: string | undefined;
  offset: number;
  length: number;
}

/** Milliseconds for counting a file and for parsing it, each; bytes that are parsed for statistics. */
const full = { limitMs: 45_000, sampleBytes: 32 << 20 };
/** The same for files that are only compared with it. */
const brief = { limitMs: 10_000, sampleBytes: 8 << 20 };
/** Files of a folder that are listed, and that are looked into. */
const mostListed = 20_000;
const mostLooked = 4;

interface DataFile {
  path: string;
  split: string;
  bytes: number;
}

/** Inspects a file or a folder. Throws `NOT_FOUND`, `BAD_ARGUMENTS`, and for a single file what is wrong with it. */
export async function auditFiles(query: FilesQuery, context: ToolContext): Promise<DatasetReport> {
  const stats = await statOrNull(query.path);
  if (stats === null)
    throw new ToolError(
      "NOT_FOUND",
      `${context.shown(query.path)} does not exist.`,
      "List the folder to see what is there.",
    );
  if (!stats.isDirectory()) return ofFile(query, stats.size, context);
  const files = await dataFiles(query.path, context);
  if (files.length === 0) {
    throw new ToolError("NOT_FOUND", `${context.shown(query.path)} holds no data files: ${formatNames} are read.`);
  }
  return ofFolder(query, files, context);
}

function lookAt(context: ToolContext, query: FilesQuery, path: string, effort = full): Promise<TableLook> {
  const question: FileQuery = { path, offset: query.offset, length: query.length, ...effort };
  return context.pool<TableLook>("lookAtTable", question).catch((error: unknown) => {
    context.signal.throwIfAborted();
    if ((error as { code?: unknown } | null)?.code !== "ACTOR_GONE") throw error;
    throw new ToolError(
      "TOO_LARGE",
      "Reading it took more memory than there is for it.",
      "Look at it in bash with a program for its format.",
    );
  });
}

async function ofFile(query: FilesQuery, bytes: number, context: ToolContext): Promise<DatasetReport> {
  if (formatOf(query.path) === null) {
    throw new ToolError(
      "BAD_ARGUMENTS",
      `${context.shown(query.path)} is no table that can be read: ${formatNames} are.`,
    );
  }
  context.log(`Reading ${context.shown(query.path)}, ${shownBytes(bytes)}`);
  const look = await lookAt(context, query, query.path);
  const facts = [[`${look.format}, ${shownBytes(bytes)}`, ...look.notes].join("; ")];
  return reportOf(context.shown(query.path), look, {
    query,
    facts,
    split: null,
    splits: [],
    warnings: [],
    failures: [],
  });
}

interface Around {
  query: FilesQuery;
  facts: string[];
  split: string | null;
  splits: SplitFacts[];
  warnings: Warning[];
  failures: SectionFailure[];
}

function reportOf(name: string, look: TableLook, { query, warnings, ...around }: Around): DatasetReport {
  const { profile, rows, isExact, isWhole } = look;
  const end = query.offset + look.shown.length;
  const next: string[] = [];
  const more = profile.columns.length + profile.moreColumns - mostReported;
  if (more > 0) next.push(`${grouped(more)} more columns are left out here.`);
  if (query.length > 0 && look.shown.length === 0 && query.offset > 0) {
    next.push(
      `No rows could be shown from ${grouped(query.offset)} on: the table ends before, or they lie deep within a row group.`,
    );
  } else if (rows !== null && end < rows) next.push(`More rows: offset ${end}.`);
  return {
    name,
    from: "files",
    config: null,
    rows,
    isExact,
    columns: profile.columns.slice(0, mostReported),
    basis: isWhole ? "all rows" : `${grouped(profile.rows)} sampled rows`,
    fits: fitsOf(columnsOf(profile)),
    warnings: [...warnings, ...look.problems, ...warningsOf(profile)].sort((a, b) => b.weight - a.weight),
    offset: query.offset,
    sample: look.shown,
    next,
    ...around,
  };
}

/** The data files below a folder that no rule closes; hidden ones and links are passed over. */
async function dataFiles(root: string, context: ToolContext): Promise<DataFile[]> {
  const files: DataFile[] = [];
  const folders = [root];
  let listed = 0;
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    context.signal.throwIfAborted();
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      listed += 1;
      if (listed > mostListed) return files;
      const path = join(folder, entry.name);
      if (entry.name.startsWith(".") || context.closed(path) !== null) continue;
      if (entry.isDirectory()) folders.push(path);
      else if (
        entry.isFile() &&
        formatOf(entry.name) !== null &&
        !/^dataset_infos?\.json$|^state\.json$/.test(entry.name)
      ) {
        const { size } = await stat(path);
        files.push({ path, split: splitOf(relative(root, path)) ?? "train", bytes: size });
      }
    }
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function ofFolder(query: FilesQuery, files: readonly DataFile[], context: ToolContext): Promise<DatasetReport> {
  const bySplit = new Map<string, DataFile[]>();
  for (const file of files) bySplit.set(file.split, [...(bySplit.get(file.split) ?? []), file]);
  const names = [...bySplit.keys()].sort((a, b) => Number(b === "train") - Number(a === "train"));
  const wanted = query.split ?? names[0] ?? "train";
  const group = bySplit.get(wanted);
  if (group === undefined) {
    throw new ToolError(
      "NOT_FOUND",
      `No file's name says that it is of the split ${wanted}.`,
      `There are: ${names.join(", ")}.`,
    );
  }
  const largest = group.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const others = names.filter((name) => name !== wanted).flatMap((name) => bySplit.get(name)?.[0] ?? []);
  context.log(`Reading ${context.shown(largest.path)}, ${shownBytes(largest.bytes)}`);
  const look = await lookAt(context, query, largest.path);
  const failures: SectionFailure[] = [];
  const warnings: Warning[] = [];
  const splits: SplitFacts[] = [];
  const looks = new Map([[wanted, look]]);
  for (const file of others.slice(0, mostLooked - 1)) {
    try {
      const other = await lookAt(context, { ...query, length: 0 }, file.path, brief);
      looks.set(file.split, other);
      const leak = leakBetween({ name: wanted, profile: look.profile }, { name: file.split, profile: other.profile });
      if (leak !== null) warnings.push(leak);
      warnings.push(...differences(look, other, file.split));
    } catch (error) {
      context.signal.throwIfAborted();
      failures.push({ section: context.shown(file.path), text: describeError(error) });
    }
  }
  for (const name of names) {
    const parts = bySplit.get(name) ?? [];
    const bytes = parts.reduce((sum, file) => sum + file.bytes, 0);
    const seen = looks.get(name);
    const rows = seen?.rows ?? null;
    // One file of several was counted: the others are taken to be as dense.
    const seenBytes = name === wanted ? largest.bytes : (parts[0]?.bytes ?? 0);
    const estimate = rows === null || seenBytes === 0 ? null : Math.round((rows * bytes) / seenBytes);
    splits.push({
      config: null,
      split: name,
      rows: estimate,
      isExact: parts.length === 1 && seen?.isExact === true,
      bytes,
    });
  }
  const of = splits.find(({ split }) => split === wanted);
  const many = group.length > 1 ? `; the rows and statistics are of ${context.shown(largest.path)}, the largest` : "";
  const facts = [
    `${grouped(files.length)} files, ${shownBytes(files.reduce((sum, { bytes }) => sum + bytes, 0))}; split ${wanted}: ${grouped(group.length)} files${many}`,
    [`${look.format}, ${shownBytes(largest.bytes)}`, ...look.notes].join("; "),
  ];
  const report = reportOf(context.shown(query.path), look, { query, facts, split: wanted, splits, warnings, failures });
  return { ...report, rows: of?.rows ?? null, isExact: of?.isExact === true };
}

/** Columns that one split has and the other has not: they cannot be loaded together. */
function differences(a: TableLook, b: TableLook, name: string): Warning[] {
  const names = (look: TableLook) => new Set(look.profile.columns.map((column) => column.name));
  const [here, there] = [names(a), names(b)];
  const missing = [...here].filter((column) => !there.has(column));
  const extra = [...there].filter((column) => !here.has(column));
  if (missing.length + extra.length === 0) return [];
  const parts = [
    ...(missing.length > 0 ? [`lacks ${missing.slice(0, 8).join(", ")}`] : []),
    ...(extra.length > 0 ? [`has ${extra.slice(0, 8).join(", ")} beside`] : []),
  ];
  return [{ code: "columns_differ", weight: 3, text: `The columns of ${name} differ: it ${parts.join(" and ")}.` }];
}
