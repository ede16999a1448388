// What one line of a program's output says of a training: measurements, the step they belong to, and how far it is.
import { type Progress, readBar } from "./bar.ts";
import { isAside, isEpoch, isMeasured, isStep } from "./names.ts";
import { numberOf, numberSource } from "./number.ts";

/** What a line says. */
export interface Reading {
  /** The step that the line names; null when it names none. */
  step: number | null;
  /** The pass over the data; may be a fraction. */
  epoch: number | null;
  values: [name: string, value: number][];
  progress: Progress | null;
}

/** Characters of a line that are looked at, and values that are taken from one. */
const maxLine = 4_096;
const maxValues = 64;

const name = String.raw`[A-Za-z][\w./@-]{0,63}`;
const end = String.raw`(?=$|[\s,;|)\]}'"%]|\.(?:\s|$))`;
const metricLine = /^\s{0,16}METRIC\s+(?=[A-Za-z])/;
const label = new RegExp(String.raw`(?<![\w./@-])${name}=([A-Za-z][\w./@-]{0,31})(?=$|[\s,;])`, "g");
const spaced = new RegExp(String.raw`^(${name})\s+(${numberSource})${end}`);
const pair = new RegExp(
  String.raw`(?<![\w./@-])(${name})['"]?[\])]?\s{0,2}[=:]\s{0,8}['"]?(${numberSource})${end}`,
  "g",
);
const bare = new RegExp(
  String.raw`(?<![\w./@-])(?:(train|training|val|valid|validation|eval|test|dev)[ _])?([A-Za-z][\w./@-]{0,63})\s{1,4}(${numberSource})${end}`,
  "g",
);
const counter =
  /(?<![\w./@-])(step|steps|global_step|iter|iters|iteration|batch|update|epoch)[ :=#]{0,3}[[(]?\s{0,4}(\d{1,12})(?:\s{0,2}(?:\/|of)\s{0,2}(\d{1,12}))?(?![\w%]|\.\d)/gi;

/** Reads a line; null when it says nothing of a training. Takes time in proportion to the line, whatever it holds. */
export function readLine(line: string): Reading | null {
  if (!/\d|nan|inf/i.test(line)) return null;
  const text = line.length > maxLine ? line.slice(0, maxLine) : line;
  const metric = metricLine.exec(text);
  if (metric !== null) return readMetric(text.slice(metric[0].length));
  const bar = readBar(text);
  const counters = bar === null ? countersOf(text) : { list: [], progress: null };
  const pairs = pairsOf(bar === null ? text : text.slice(bar.end));
  if (isTable(text, pairs)) return null;
  const anchored = bar !== null || counters.list.length > 0 || pairs.some(isCounter);
  const values = pairs.filter((each) => !isCounter(each) && (anchored ? !isAside(each[0]) : isMeasured(each[0])));
  if (anchored && bar === null) values.push(...bareOf(text, values));
  const found = reading(values, [...pairs.filter(isCounter), ...counters.list], bar?.progress ?? counters.progress);
  // An epoch or a step alone, in the middle of a sentence, is no news.
  return found.values.length === 0 && found.progress === null ? null : found;
}

/**
 * What follows `METRIC`: every number counts, under the program's own name for it. Words say whose numbers they are,
 * and become part of the name: `candidate=linear accuracy=0.9` is a point of `accuracy linear`.
 */
function readMetric(text: string): Reading | null {
  const lone = spaced.exec(text);
  const pairs = lone === null ? pairsOf(text, true) : [[lone[1] ?? "", numberOf(lone[2] ?? "")] satisfies Pair];
  const labels = Array.from(text.matchAll(label), ([, word = ""]) => word).filter(
    (word) => !/^(?:nan|inf)/i.test(word),
  );
  const values = pairs
    .filter((each) => !isCounter(each) && !isAside(each[0]))
    .map(([key, value]): Pair => [[key, ...labels.slice(0, 2)].join(" "), value]);
  return values.length === 0 ? null : reading(values, pairs.filter(isCounter), null);
}

type Pair = [name: string, value: number];

function reading(values: Pair[], counters: readonly Pair[], progress: Progress | null): Reading {
  const step = counters.find(([key]) => isStep(key))?.[1] ?? null;
  const epoch = counters.find(([key]) => isEpoch(key))?.[1] ?? null;
  return { step, epoch, values: values.slice(0, maxValues), progress };
}

function isCounter([key]: Pair): boolean {
  return isStep(key) || isEpoch(key);
}

/** `name=value`, `name: value`, and entries of a dict of Python's or JSON's. */
function pairsOf(text: string, verbatim = false): Pair[] {
  // In a dict the names are the program's own; elsewhere `Loss` and `loss` are one.
  const own = verbatim || /[{,]\s{0,4}['"]/.test(text);
  return Array.from(
    text.matchAll(pair),
    ([, key = "", value = ""]): Pair => [own ? key : key.toLowerCase(), numberOf(value)],
  );
}

/** A dict that has a name more than once lists many moments, for example as the result of a run: it is none of them. */
function isTable(text: string, pairs: readonly Pair[]): boolean {
  return /[[{]\s{0,4}\{/.test(text) && new Set(pairs.map(([key]) => key)).size < pairs.length;
}

/** `loss 1.28` and `val loss 2.1`, of names that are measurements by themselves. */
function bareOf(text: string, known: readonly Pair[]): Pair[] {
  const found: Pair[] = [];
  for (const [, part, key = "", value = ""] of text.matchAll(bare)) {
    const full = (part === undefined ? key : `${part}_${key}`).toLowerCase();
    if (isMeasured(key) && !known.some(([other]) => other === full)) found.push([full, numberOf(value)]);
  }
  return found;
}

/** `step 180/300`, `Epoch [1/10]`, `iter 100`. */
function countersOf(text: string): { list: Pair[]; progress: Progress | null } {
  const list: Pair[] = [];
  let progress: Progress | null = null;
  let epoch = 0;
  for (const [, key = "", done = "", total] of text.matchAll(counter)) {
    // Steps that are counted anew in each epoch go on from one to the next.
    const before = isStep(key) && total !== undefined && epoch > 1 ? (epoch - 1) * Number(total) : 0;
    list.push([key.toLowerCase(), before + Number(done)]);
    if (isEpoch(key) && total !== undefined) epoch = Number(done);
    if (total === undefined || Number(total) === 0) continue;
    const counted = { label: key.toLowerCase(), done: Number(done), total: Number(total), unit: key.toLowerCase() };
    // Of an epoch and the steps in it, the epoch says how far the whole is; the steps do, when there is no epoch.
    if (progress === null || isEpoch(key)) {
      progress = { ...counted, perSecond: null, elapsedMs: null, remainingMs: null };
    }
  }
  return { list, progress };
}
