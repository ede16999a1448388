// What a prompt asks for: the table, and perhaps the column to predict. Plain rules, no understanding.

/** A request as far as the rules can read it. */
export interface Request {
  /** The path of the table as written, without quotes; null when the prompt names no file. */
  table: string | null;
  /** The wish for a target in the user's words. `must`: named as such, so it has to be found. */
  target: { text: string; must: boolean } | null;
  kind: "classification" | "regression" | null;
  /** The prompt asks to do something once more. */
  again: boolean;
}

const TABLES = /\.(csv|tsv|tab|psv)$/i;
const OTHER_FILES =
  /\.(txt|data|dat|json|jsonl|ndjson|parquet|feather|arrow|xlsx?|ods|gz|zip|npy|npz|pkl|db|sqlite|md|html?|xml|pdf|png|jpe?g)$/i;
const QUOTED = /"([^"\n]+)"|'([^'\n]+)'|`([^`\n]+)`|“([^”\n]+)”|‘([^’\n]+)’/g;
const BARE = /(?:\\ |[^\s"'`“”‘’<>()[\]{},;])+/g;
const UNTIL_PAUSE = "([^\\n,;:!?]*?)(?=[,;:!?\\n]|\\.(?:\\s|$)|$)";
const EXPLICIT = new RegExp(
  `(?:\\btarget(?:\\s+(?:column|variable|is|to|named|called))*|\\blabels?(?:\\s+column)?\\s*[:=]|\\bpredict\\s*[:=])\\s*[:=]?\\s*${UNTIL_PAUSE}`,
  "i",
);
const LOOSE = new RegExp(`\\b(?:predict|forecast|estimat|classify)(?:e|s|ing|ed)?\\s+${UNTIL_PAUSE}`, "i");

/** A stretch of the prompt that may be a path. */
interface Mention {
  whole: string;
  path: string;
}

function mentions(prompt: string): Mention[] {
  const quoted = [...prompt.matchAll(QUOTED)].map((match) => ({
    whole: match[0],
    path: match.slice(1).find((text) => text !== undefined) ?? "",
  }));
  const bare = [...prompt.replace(QUOTED, " ").matchAll(BARE)].map(([whole]) => ({
    whole,
    path: whole
      .replace(/\\ /g, " ")
      .replace(/^--?[\w-]+=/, "")
      .replace(/[.:!?]+$/, ""),
  }));
  return [...quoted, ...bare].filter(({ path }) => !/^[a-z]+:\/\//i.test(path));
}

/** The file that the prompt most likely means: a table by its ending, else another data file, else a bare path. */
function findTable(prompt: string): Mention | null {
  const all = mentions(prompt);
  const kinds = [TABLES, OTHER_FILES, /^(\.{1,2}|~)?\/[^/]/];
  for (const kind of kinds) {
    const found = all.find(({ path }) => kind.test(path));
    if (found !== undefined) return found;
  }
  return null;
}

function unquoted(text: string): string {
  const [match] = [...text.matchAll(QUOTED)];
  return (match?.slice(1).find((part) => part !== undefined) ?? text).trim();
}

function findTarget(prompt: string): Request["target"] {
  for (const [pattern, must] of [
    [EXPLICIT, true],
    [LOOSE, false],
  ] as const) {
    const text = unquoted(pattern.exec(prompt)?.[1] ?? "");
    if (text !== "") return { text, must };
  }
  return null;
}

/** Reads a prompt. */
export function readRequest(prompt: string): Request {
  const table = findTable(prompt);
  const rest = table === null ? prompt : prompt.replace(table.whole, ", ");
  const kind = /\bregress/i.test(rest) ? "regression" : /\bclassif/i.test(rest) ? "classification" : null;
  return {
    table: table?.path ?? null,
    target: findTarget(rest),
    kind,
    again: /\b(again|once more|rerun|re-run|repeat|same (table|file|data))\b/i.test(rest),
  };
}
