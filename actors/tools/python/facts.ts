// What can be told of a Python script from its syntax tree, without running it.
import type { SyntaxNode } from "@lezer/common";
import { parser } from "@lezer/python";
import { type Training, trainingIn } from "./training.ts";

/** The facts of a script. */
export interface ScriptFacts {
  /** The first place that is no Python: its line, from 1, and the text there; null: it parses. */
  error: { line: number; text: string } | null;
  /** Top-level names of imported modules, each with the line of its first import. */
  imports: Map<string, number>;
  /** Every name that is used: variables, attributes, functions. */
  names: Set<string>;
  /** Keyword arguments of calls, as `name=value`, without spaces. */
  keywords: Set<string>;
  /** The contents of plain string literals. */
  strings: string[];
  /** The one training on the one data set, where nothing about that is uncertain. */
  training: Training | null;
}

/** Characters of a string literal that are kept. */
const stringChars = 200;

/** Reads a script. Linear in its length. */
export function factsOf(script: string): ScriptFacts {
  const facts: ScriptFacts = {
    error: null,
    imports: new Map(),
    names: new Set(),
    keywords: new Set(),
    strings: [],
    training: null,
  };
  const textOf = ({ from, to }: { from: number; to: number }) => script.slice(from, to);
  const lines = lineCounter(script);
  const tree = parser.parse(script);
  tree.iterate({
    enter(node) {
      if (node.type.isError) {
        facts.error ??= { line: lines(node.from), text: lineAt(script, node.from) };
        return;
      }
      if (node.name === "ImportStatement") readImport(node.node, textOf, lines(node.from), facts.imports);
      else if (node.name === "VariableName" || node.name === "PropertyName") facts.names.add(textOf(node));
      else if (node.name === "String") facts.strings.push(contentOf(textOf(node)).slice(0, stringChars));
      else if (node.name === "ArgList") readKeywords(node.node, textOf, facts.keywords);
    },
  });
  if (facts.error === null) facts.training = trainingIn(tree, script, facts);
  return facts;
}

function readImport(
  statement: SyntaxNode,
  textOf: (node: SyntaxNode) => string,
  line: number,
  imports: Map<string, number>,
): void {
  const text = textOf(statement).replace(/\\\n|[()]/g, " ");
  const from = /^from\s+([\w.]+)\s+import\b/.exec(text)?.[1];
  const modules = from === undefined ? text.replace(/^import\s+/, "").split(",") : [from];
  for (const module of modules) {
    const top = /^\s*([A-Za-z_]\w*)/.exec(module)?.[1];
    if (top !== undefined && !imports.has(top)) imports.set(top, line);
  }
}

function readKeywords(list: SyntaxNode, textOf: (node: SyntaxNode) => string, keywords: Set<string>): void {
  for (let node = list.firstChild; node !== null; node = node.nextSibling) {
    const value = node.nextSibling?.nextSibling;
    if (node.name !== "VariableName" || node.nextSibling?.name !== "AssignOp" || !value) continue;
    keywords.add(`${textOf(node)}=${textOf(value).slice(0, stringChars)}`);
  }
}

function contentOf(literal: string): string {
  return literal.replace(/^[A-Za-z]*("""|'''|"|')/, "").replace(/("""|'''|"|')$/, "");
}

function lineAt(script: string, at: number): string {
  const from = script.lastIndexOf("\n", at - 1) + 1;
  const to = script.indexOf("\n", at);
  return script
    .slice(from, to < 0 ? undefined : to)
    .trim()
    .slice(0, 120);
}

/** Lines of offsets that never go back by much: each is counted from the last. */
function lineCounter(script: string): (offset: number) => number {
  let line = 1;
  let at = 0;
  return (offset) => {
    if (offset < at) {
      line = 1;
      at = 0;
    }
    for (let next = script.indexOf("\n", at); next >= 0 && next < offset; next = script.indexOf("\n", at)) {
      line += 1;
      at = next + 1;
    }
    return line;
  };
}
