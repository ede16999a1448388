// The report on a split by what the viewer knows of it.
import { shownRow } from "../../../data/cells.ts";
import type { Column } from "../../../data/columns.ts";
import { columnsOfFeatures } from "../../../data/features.ts";
import { fitsOf } from "../../../data/fit.ts";
import { createProfile, type TableProfile } from "../../../data/profile.ts";
import { leakBetween, type Warning, warningsOf } from "../../../data/warnings.ts";
import { asObject } from "../../../shape.ts";
import { grouped } from "../../cap.ts";
import { type DatasetReport, mostReported } from "../report.ts";
import type { HubQuery } from "./inspect.ts";
import { askRows, type RowsAnswer, sampleRows } from "./rows.ts";
import { createSections } from "./sections.ts";
import { parquetLine, sizedSplits, sizeLine } from "./sizes.ts";
import type { SplitName } from "./splits.ts";
import { joined, statisticsIn } from "./statistics.ts";
import { type Asking, askViewer } from "./viewer.ts";

/** Other splits whose rows are compared. */
const mostCompared = 2;

interface Found {
  splits: SplitName[];
  pending: string[];
  broken: string[];
}

/** Makes the report; null when the viewer knows neither columns nor rows. */
export async function auditSplit(
  of: SplitName & { dataset: string },
  found: Found,
  query: HubQuery,
  facts: readonly string[],
  asking: Asking,
): Promise<DatasetReport | null> {
  const { dataset, config, split } = of;
  const { part, failures } = createSections(asking.signal);
  const others = found.splits.filter((each) => each.config === config && each.split !== split).slice(0, mostCompared);
  const ask = (endpoint: string, parameters: object) => askViewer(asking, endpoint, { dataset, ...parameters });
  const size = part("sizes", ask("size", {}));
  const sample = part("sample rows", rowsOf(of, size, asking));
  const [sizes, info, statistics, parquet, isValid, rows, page, compared] = await Promise.all([
    size,
    part("schema", ask("info", { config })),
    part("statistics", ask("statistics", { config, split })),
    part("Parquet files", ask("parquet", { config })),
    part("viewer status", ask("is-valid", {})),
    sample,
    pageOf(of, query, asking, part, sample),
    Promise.all(
      others.map(async (other) => ({
        other,
        rows: await part(
          `rows of ${other.split}`,
          askRows(asking, "first-rows", { dataset, config, split: other.split }),
        ),
      })),
    ),
  ]);
  const columns = columnsFrom(info, rows);
  if (columns.length === 0) return null;

  const stated = statistics === null ? { rows: null, columns: new Map() } : statisticsIn(statistics);
  const splits = sizedSplits(found.splits, sizes);
  const own = splits.find((each) => each.config === config && each.split === split);
  const profile = profileOf(columns, rows);
  const stats = joined(columns, profile.columns, stated);
  const warnings = [
    ...leaks(split, columns, profile, compared),
    ...warningsOf({ ...profile, columns: stats }),
    ...viewerWarnings(found, isValid),
  ].sort((a, b) => b.weight - a.weight);
  const total = own?.rows ?? rows?.total ?? stated.rows;
  const shown = page?.rows.slice(0, query.length).map(shownRow) ?? [];
  return {
    name: dataset,
    from: "hub",
    facts: [
      ...facts,
      ...sizeLine(sizes, new Set(found.splits.map((each) => each.config)).size),
      ...parquetLine(parquet, of),
    ],
    config,
    split,
    rows: total,
    isExact: own?.isExact ?? true,
    splits,
    columns: stats.slice(0, mostReported),
    basis: basisOf(stated.rows, profile.rows),
    fits: fitsOf(
      stats.map(({ name, type, distinct }) => (stated.rows === null ? { name, type } : { name, type, distinct })),
    ),
    warnings,
    failures,
    offset: query.offset,
    sample: shown,
    next: nextSteps(total, query.offset, shown.length),
  };
}

function nextSteps(total: number | null, offset: number, shown: number): string[] {
  if (total === null) return [];
  if (offset >= total && offset > 0) return [`There are no rows from ${grouped(offset)} on.`];
  return offset + shown < total ? [`More rows: offset ${offset + shown}. Matching rows: query or where.`] : [];
}

function basisOf(counted: number | null, sampled: number): string {
  const sample = sampled === 0 ? "" : `${grouped(sampled)} sampled rows`;
  if (counted === null) return sample === "" ? "nothing" : sample;
  return `${grouped(counted)} rows${sample === "" ? "" : ` (texts and conversations: ${sample})`}`;
}

async function rowsOf(
  of: SplitName & { dataset: string },
  size: Promise<Record<string, unknown> | null>,
  asking: Asking,
): Promise<RowsAnswer> {
  const [own] = sizedSplits([of], await size);
  return sampleRows(asking, of, own?.isExact === true ? own.rows : null);
}

/** The rows that are shown: of the sample where it begins with them, else asked for. */
async function pageOf(
  { dataset, config, split }: SplitName & { dataset: string },
  { offset, length }: HubQuery,
  asking: Asking,
  part: ReturnType<typeof createSections>["part"],
  sample: Promise<RowsAnswer | null>,
): Promise<RowsAnswer | null> {
  if (offset === 0) {
    const sampled = await sample;
    if (sampled === null || sampled.numbers[0] === 0 || sampled.rows.length === 0) return sampled;
    return part("first rows", askRows(asking, "first-rows", { dataset, config, split }));
  }
  return part(
    `rows from ${grouped(offset)} on`,
    askRows(asking, "rows", { dataset, config, split, offset, length: Math.max(1, length) }),
  );
}

/** The schema: as stated for the config, else as the rows state it. */
function columnsFrom(info: Record<string, unknown> | null, rows: RowsAnswer | null): Column[] {
  const stated = columnsOfFeatures(asObject(info?.dataset_info)?.features ?? {});
  return stated.length > 0 ? stated : (rows?.columns ?? []);
}

function profileOf(columns: readonly Column[], answer: RowsAnswer | null): TableProfile {
  const profile = createProfile(columns);
  for (const row of answer?.rows ?? []) profile.addRow(row);
  return profile.result();
}

function leaks(
  split: string,
  columns: readonly Column[],
  profile: TableProfile,
  compared: readonly { other: SplitName; rows: RowsAnswer | null }[],
): Warning[] {
  return compared.flatMap(({ other, rows }) => {
    if (rows === null) return [];
    const leak = leakBetween({ name: split, profile }, { name: other.split, profile: profileOf(columns, rows) });
    return leak === null ? [] : [leak];
  });
}

function viewerWarnings({ pending, broken }: Found, isValid: Record<string, unknown> | null): Warning[] {
  const warnings: Warning[] = [];
  if (broken.length > 0) {
    const text = `The viewer could not read some configs: ${broken.slice(0, 5).join("; ")}.`;
    warnings.push({ code: "broken_configs", weight: 2, text });
  }
  if (pending.length > 0) {
    const text = `The viewer is still converting some configs: ${[...new Set(pending)].slice(0, 5).join(", ")}.`;
    warnings.push({ code: "pending_configs", weight: 1, text });
  }
  if (isValid !== null && isValid.viewer === false && isValid.preview === true) {
    warnings.push({
      code: "preview_only",
      weight: 1,
      text: "The viewer has a preview of it only: counts may be missing.",
    });
  }
  return warnings;
}
