// What a variable of a script can hold, where that is certain: all that is ever assigned to it.
import type { SyntaxNode } from "@lezer/common";
import { childrenOf, type Places } from "./nodes.ts";

/** Nodes around an expression that only read it. */
const reading = new Set([
  "ArgList",
  "ExpressionStatement",
  "FormatReplacement",
  "BinaryExpression",
  "UnaryExpression",
  "ReturnStatement",
  "ParenthesizedExpression",
]);

/**
 * Every expression that is assigned to a variable, whatever the scope; null where one of its places is another than a
 * plain assignment or a reading: a parameter, a loop, a part that is replaced.
 */
export function valuesOf(name: string, { uses }: Places): SyntaxNode[] | null {
  const values: SyntaxNode[] = [];
  for (const use of uses.get(name) ?? []) {
    const assigned = assignedTo(use);
    if (assigned !== null) values.push(assigned);
    else if (!isRead(use)) return null;
  }
  return values.length === 0 ? null : values;
}

/** The value of `name = value` and `name: type = value`, when the node is that name. */
function assignedTo({ parent, from }: SyntaxNode): SyntaxNode | null {
  if (parent?.name !== "AssignStatement") return null;
  const parts = childrenOf(parent).filter((part) => part.name !== "TypeDef");
  const [target, sign, value] = parts;
  const isPlain = parts.length === 3 && target?.from === from && sign?.name === "AssignOp";
  return isPlain ? (value ?? null) : null;
}

/** Whether a place of a variable, with what is called on it and taken from it, is only read. */
function isRead(use: SyntaxNode): boolean {
  let node = use;
  let { parent } = use;
  while (parent !== null && /^(?:Member|Call)Expression$/.test(parent.name)) {
    node = parent;
    ({ parent } = parent);
  }
  if (parent === null) return false;
  if (reading.has(parent.name)) return true;
  if (parent.name === "AssignStatement") return parent.lastChild?.from === node.from;
  return parent.name === "ForStatement" && node.prevSibling?.name === "in";
}
