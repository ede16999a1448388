// How much a file looks like an example, and how well it fits a keyword. Pure.
import { distance } from "fastest-levenshtein";

/** A file with its score, 0 to 100. */
export interface Scored<F> {
  file: F;
  score: number;
}

/** Names of folders, and parts of names of files, that say what is in them: 100 is an example and nothing else. */
const telling: readonly [pattern: RegExp, worth: number][] = [
  [/^examples?$/, 100],
  [/^(cookbooks?|recipes?|quick-?starts?|getting-?started)$/, 95],
  [/^(tutorials?|notebooks?|demos?|samples?|how-?tos?|walk-?throughs?)$/, 90],
  [/^(guides?|use-?cases?|show-?cases?|playgrounds?|courses?|lessons?|workshops?)$/, 80],
  [/^(scripts?|snippets?|templates?|research-?projects?|reference|references|sandbox)$/, 72],
  [/^(benchmarks?|experiments?|projects?)$/, 60],
];

/** Names of files that say it where the folders do not. */
const tellingFile =
  /^(examples?|demo|tutorial|quick-?start|getting-?started|run|train|fine-?tune|infer|inference|generate|evaluate|eval|predict)(?![a-z])/;

/** What shows how something is done, by the end of the name; what is not here is data, pictures or furniture. */
const kinds: Readonly<Record<string, number>> = {
  py: 1,
  ipynb: 1,
  sh: 0.92,
  ts: 0.95,
  js: 0.95,
  rs: 0.95,
  go: 0.95,
  cpp: 0.95,
  cu: 0.95,
  java: 0.95,
  jl: 0.95,
  r: 0.9,
  md: 0.85,
  mdx: 0.85,
  rst: 0.8,
  yaml: 0.8,
  yml: 0.8,
  toml: 0.7,
  json: 0.6,
};

const furniture =
  /^(__init__\.py|conftest\.py|setup\.py|package(-lock)?\.json|tsconfig.*\.json|index\.m?js|license.*|contributing.*|code_of_conduct.*|changelog.*|_toctree\.yml|.*\.lock)$/i;
/** Folders whose files are no examples, whatever they are called. */
const elsewhere =
  /(^|\/)(tests?|__pycache__|node_modules|vendor|third_party|\.github|\.circleci|dist|build|assets|images?)(\/|$)/i;

/** Whether a folder of a repository is likely to hold examples; the lower the number, the likelier. For `filesOf`. */
export function rankOfFolder(folder: string): number {
  const parts = folder.split("/").filter((part) => part !== "");
  if (parts.length === 0) return 0;
  if (elsewhere.test(folder)) return 1_000;
  const worth = Math.max(0, ...parts.map(worthOf));
  return (worth > 0 ? 100 - worth : 200) + parts.length;
}

function worthOf(part: string): number {
  const name = part.toLowerCase().replaceAll("_", "-");
  return telling.find(([pattern]) => pattern.test(name))?.[1] ?? 0;
}

/** How much a path looks like an example, 0 to 100; 0: it does not. */
export function likeness(path: string): number {
  const parts = path.split("/");
  const name = parts.at(-1) ?? "";
  const folders = parts.slice(0, -1);
  const kind = kinds[/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? ""] ?? 0;
  if (kind === 0 || furniture.test(name) || elsewhere.test(folders.join("/"))) return 0;
  const byFolder = Math.max(0, ...folders.map(worthOf));
  const byName = tellingFile.test(name.toLowerCase().replaceAll("_", "-")) ? 65 : 0;
  const worth = Math.max(byFolder, byName);
  if (worth === 0) return 0;
  const both = byFolder > 0 && byName > 0 ? 4 : 0;
  const depth = Math.min(folders.length, 6);
  const isReadme = /^readme\./i.test(name) ? 6 : 0;
  return Math.max(1, Math.min(100, Math.round((worth + both) * kind - depth - isReadme)));
}

const wordsIn = (text: string) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

/** How well one word is found among others: whole, as a part, or with one slip of the pen in a long one. */
function fitOfWord(word: string, others: readonly string[]): number {
  if (others.includes(word)) return 100;
  if (word.length >= 3 && others.some((other) => other.startsWith(word))) return 88;
  if (word.length >= 3 && others.some((other) => other.includes(word))) return 78;
  const isNear =
    word.length >= 5 &&
    // Names of methods differ by their first letter: lora and qlora are two things.
    others.some((other) => other[0] === word[0] && distance(word, other) === 1);
  return isNear ? 70 : 0;
}

/** How well a path fits a keyword, 0 to 100; all its words must be there. What stands in the file's name weighs more. */
export function matchOf(path: string, keyword: string): number {
  const asked = wordsIn(keyword);
  if (asked.length === 0) return 0;
  const inName = wordsIn(path.split("/").at(-1) ?? "");
  const anywhere = wordsIn(path);
  const joined = anywhere.join("");
  const scores = asked.map((word) => {
    const best = Math.max(fitOfWord(word, inName), fitOfWord(word, anywhere) - 8);
    // "fine-tune" is "finetune" to people.
    return best > 0 ? best : 0;
  });
  if (scores.every((score) => score > 0))
    return Math.round(scores.reduce((sum, score) => sum + score, 0) / scores.length);
  const whole = asked.join("");
  return whole.length >= 5 && joined.includes(whole) ? 75 : 0;
}

/** The files that look like examples, best first; with a keyword those that fit it, likeness counting still. */
export function bestExamples<F extends { path: string }>(
  files: readonly F[],
  keyword: string,
  least: number,
): Scored<F>[] {
  const scored = files.flatMap((file): Scored<F>[] => {
    const like = likeness(file.path);
    if (keyword === "") return like >= least ? [{ file, score: like }] : [];
    const fits = matchOf(file.path, keyword);
    if (fits < least || like === 0) return [];
    return [{ file, score: Math.round(fits * 0.6 + like * 0.4) }];
  });
  return scored.sort(
    (a, b) => b.score - a.score || depthOf(a.file.path) - depthOf(b.file.path) || (a.file.path < b.file.path ? -1 : 1),
  );
}

function depthOf(path: string): number {
  return path.split("/").length;
}
