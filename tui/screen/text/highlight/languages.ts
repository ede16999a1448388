// The languages that code is coloured in, each loaded when the first block of it is shown.
import type { LanguageFn } from "highlight.js";

const loaders: Readonly<Record<string, () => Promise<{ default: LanguageFn }>>> = {
  python: () => import("highlight.js/lib/languages/python"),
  bash: () => import("highlight.js/lib/languages/bash"),
  json: () => import("highlight.js/lib/languages/json"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
  diff: () => import("highlight.js/lib/languages/diff"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  ini: () => import("highlight.js/lib/languages/ini"),
  sql: () => import("highlight.js/lib/languages/sql"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  dockerfile: () => import("highlight.js/lib/languages/dockerfile"),
};

const aliases: Readonly<Record<string, string>> = {
  py: "python",
  python3: "python",
  ipython: "python",
  sh: "bash",
  shell: "bash",
  zsh: "bash",
  console: "bash",
  jsonc: "json",
  json5: "json",
  jsonl: "json",
  yml: "yaml",
  patch: "diff",
  ts: "typescript",
  tsx: "typescript",
  js: "typescript",
  jsx: "typescript",
  javascript: "typescript",
  mjs: "typescript",
  toml: "ini",
  cfg: "ini",
  conf: "ini",
  c: "cpp",
  "c++": "cpp",
  cc: "cpp",
  h: "cpp",
  cu: "cpp",
  cuda: "cpp",
  docker: "dockerfile",
};

/** The language that a code fence names, by the name it is loaded under; null when there is none for it. */
export function languageOf(name: string): string | null {
  const key = name.trim().toLowerCase();
  const known = Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key;
  return Object.hasOwn(loaders, known) ? known : null;
}

/** Loads the grammar of a language that {@link languageOf} has named. */
export async function grammarOf(language: string): Promise<LanguageFn | null> {
  const load = Object.hasOwn(loaders, language) ? loaders[language] : undefined;
  return load === undefined ? null : (await load()).default;
}
