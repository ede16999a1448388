// What is wrong with a data set, by its statistics and its sample: each in one sentence, worst first.
import { type ChatFault, chatFaultWords } from "./chat.ts";
import { duplicateShare, overlapOf } from "./hash.ts";
import type { TableProfile } from "./profile.ts";
import { plainName } from "./rules/find.ts";
import type { ColumnStats } from "./stats.ts";
import { type TextFault, tokensOf } from "./text-faults.ts";

/** A warning. `code` is for those who branch on it. */
export interface Warning {
  code: string;
  text: string;
  /** 3: training on it would go wrong; 2: look at it first; 1: good to know. */
  weight: 1 | 2 | 3;
}

const faultWords: Record<TextFault, string> = {
  mojibake: "show wrongly decoded characters (mojibake such as Ã©)",
  replacement: "hold U+FFFD, so characters were lost",
  html: "hold HTML tags or entities",
  control: "hold control characters",
  json: "are lists or objects written as text: parse them (json.loads, or ast.literal_eval for Python's way)",
};

function share(part: number, of: number): string {
  const percent = of === 0 ? 0 : (part / of) * 100;
  return percent > 0 && percent < 0.1 ? "under 0.1%" : `${percent >= 10 ? Math.round(percent) : percent.toFixed(1)}%`;
}

const idName = /(^|[^a-z])(id|ids|uuid|guid|index|idx|key|hash|sha\d*|rowid)$/i;

/** Whether a column tells rows apart and says nothing else of them. */
function isId({ name, type, unique, rows, numbers }: ColumnStats): boolean {
  if (!unique || rows < 20) return false;
  const split = name.replace(/([a-z])([A-Z])/g, "$1_$2");
  if (idName.test(split) || name === "" || /^unnamed/i.test(name)) return type.kind !== "float";
  // A run of whole numbers without a gap is an index, whatever it is called.
  return type.kind === "integer" && numbers !== null && rows > 50 && numbers.max - numbers.min === rows - 1;
}

const labelName = /^(labels?|class|target|category|sentiment|intent|topic|emotion|stars|rating|y|outcome|species)$/;

function isLabel(column: ColumnStats): boolean {
  return column.type.kind === "label" || (labelName.test(plainName(column.name)) && column.top !== null);
}

/** Warnings about one column. */
function ofColumn(column: ColumnStats): Warning[] {
  const { name, rows, nulls, blank, distinct, top, mixed, checked, faults, lengths, chat, type } = column;
  const warnings: Warning[] = [];
  const warn = (weight: Warning["weight"], code: string, text: string) => warnings.push({ code, weight, text });
  const named = `\`${name}\``;
  if (rows === 0) return [];
  if (nulls === rows) warn(2, "all_null", `${named} has no values at all.`);
  else if (nulls > 0)
    warn(isLabel(column) ? 3 : nulls / rows > 0.2 ? 2 : 1, "nulls", `${named}: ${share(nulls, rows)} without a value.`);
  if (blank > 0) warn(2, "blank", `${named}: ${share(blank, rows)} of the texts are blank.`);
  if (distinct === 1 && nulls === 0 && rows > 1 && !isLabel(column)) {
    warn(1, "constant", `${named} is constant (${top?.[0]?.[0] ?? "one value"}): it says nothing.`);
  }
  if (isLabel(column) && top !== null) warnings.push(...ofLabel(column, top));
  if (isId(column) && type.kind !== "label") {
    const isTarget = labelName.test(plainName(name));
    warn(
      isTarget ? 3 : 1,
      "id",
      `${named} is different in every row: an id${isTarget ? ", not a target" : "; keep it out of the features"}.`,
    );
  }
  if (mixed.length > 1) {
    const values = mixed.reduce((sum, [, count]) => sum + count, 0);
    const kinds = mixed.map(([kind, count]) => `${kind} ${share(count, values)}`).join(", ");
    warn(2, "mixed_types", `${named} mixes types (${kinds}).`);
  }
  for (const [fault, count] of Object.entries(faults) as [TextFault, number][]) {
    if (count / checked < 0.001 && count < 3) continue;
    warn(fault === "html" ? 1 : 2, fault, `${named}: ${share(count, checked)} of the texts ${faultWords[fault]}.`);
  }
  if (lengths?.unit === "characters" && tokensOf(lengths.p99 ?? lengths.max) > 4_096) {
    const most = tokensOf(lengths.max).toLocaleString("en-US");
    const p99 = lengths.p99 === null ? "" : `, 1% over about ${tokensOf(lengths.p99).toLocaleString("en-US")}`;
    warn(
      2,
      "long_texts",
      `${named} has very long texts (longest about ${most} tokens${p99}): set the maximum length on purpose.`,
    );
  }
  if (chat !== null) {
    for (const [fault, count] of Object.entries(chat.faults) as [ChatFault, number][]) {
      const weight = fault === "no_assistant" || fault === "empty" || fault === "no_role" ? 3 : 2;
      warn(
        weight,
        `chat_${fault}`,
        `${named}: ${share(count, chat.checked)} of the conversations ${chatFaultWords[fault]}.`,
      );
    }
  }
  return warnings;
}

function ofLabel({ name, rows, nulls, distinct }: ColumnStats, top: [string, number][]): Warning[] {
  const [most] = top;
  if (most === undefined) return [];
  if (distinct === 1)
    return [
      { code: "single_class", weight: 3, text: `\`${name}\` has a single class (${most[0]}) in what was looked at.` },
    ];
  const counted = rows - nulls;
  const least = top.length === distinct ? top.at(-1) : undefined;
  const tilt = least === undefined ? 0 : most[1] / Math.max(least[1], 1);
  if (most[1] / counted < 0.8 && tilt < 10) return [];
  const rarest = least === undefined ? "" : `, ${least[0]} only ${share(least[1], counted)}`;
  return [
    {
      code: "imbalance",
      weight: 2,
      text: `\`${name}\` is imbalanced: ${most[0]} is ${share(most[1], counted)}${rarest}. Accuracy will mislead; stratify and weight.`,
    },
  ];
}

/** Warnings about a table. */
export function warningsOf(profile: TableProfile): Warning[] {
  const warnings = profile.columns.flatMap(ofColumn);
  const { rows, emptyRows, hashes } = profile;
  if (emptyRows > 0)
    warnings.push({ code: "empty_rows", weight: 2, text: `${share(emptyRows, rows)} of the rows are empty.` });
  const repeated = duplicateShare(hashes);
  if (repeated > 0.0005) {
    const text = `${share(repeated, 1)} of the rows looked at repeat another row exactly.`;
    warnings.push({ code: "duplicates", weight: repeated > 0.02 ? 3 : 2, text });
  }
  const names = profile.columns.map(({ name }) => name);
  const blank = names.filter((name) => name.trim() === "" || /^unnamed: ?\d+$/i.test(name));
  if (blank.length > 0)
    warnings.push({
      code: "unnamed",
      weight: 1,
      text: `A column without a name: often an index that was saved by accident.`,
    });
  const padded = names.filter((name) => name !== name.trim() && name.trim() !== "");
  if (padded.length > 0)
    warnings.push({
      code: "padded_name",
      weight: 2,
      text: `Column names with blanks at an end: ${padded.map((name) => JSON.stringify(name)).join(", ")}.`,
    });
  return warnings.sort((a, b) => b.weight - a.weight);
}

const evaluation = /test|val|dev|eval|holdout/i;

/** Rows that stand in two splits, or null when none was seen. It is a leak unless both are there to be trained on. */
export function leakBetween(
  a: { name: string; profile: TableProfile },
  b: { name: string; profile: TableProfile },
): Warning | null {
  const { shared, of } = overlapOf(a.profile.hashes, b.profile.hashes);
  if (shared === 0) return null;
  const counts = `${shared.toLocaleString("en-US")} of ${of.toLocaleString("en-US")}`;
  const text = `${share(shared, of)} of the rows of ${b.name} that were looked at (${counts}) also stand in ${a.name}`;
  const isLeak = evaluation.test(a.name) || evaluation.test(b.name);
  if (!isLeak) return { code: "overlap", weight: 1, text: `${text}.` };
  return { code: "leak", weight: 3, text: `${text}: a leak between splits.` };
}
