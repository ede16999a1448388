// Small questions to the syntax tree of a Python script.
import type { SyntaxNode, Tree } from "@lezer/common";

/** The nodes within a node, without comments. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const children: SyntaxNode[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "Comment") children.push(child);
  }
  return children;
}

/** The arguments of a call. */
export interface Arguments {
  positional: SyntaxNode[];
  named: Map<string, SyntaxNode>;
}

/** The arguments of a call; null where some are unpacked or made in place, so that it is unknown which there are. */
export function argumentsOf(call: SyntaxNode, source: string): Arguments | null {
  const list = call.lastChild;
  if (list?.name !== "ArgList") return null;
  const found: Arguments = { positional: [], named: new Map() };
  let group: SyntaxNode[] = [];
  for (const node of childrenOf(list).slice(1)) {
    if (node.name !== "," && node.name !== ")") {
      group.push(node);
      continue;
    }
    const [first, sign, value] = group;
    if (group.length === 1 && first !== undefined) found.positional.push(first);
    else if (group.length === 3 && first?.name === "VariableName" && sign?.name === "AssignOp" && value !== undefined) {
      found.named.set(source.slice(first.from, first.to), value);
    } else if (group.length > 0) return null;
    group = [];
  }
  return found;
}

/** Every call, and every place where a variable stands, by its name. */
export interface Places {
  calls: SyntaxNode[];
  uses: Map<string, SyntaxNode[]>;
}

/** Collects them. Linear in the length of the script. */
export function placesIn(tree: Tree, source: string): Places {
  const places: Places = { calls: [], uses: new Map() };
  tree.iterate({
    enter({ name, from, to, node }) {
      if (name === "CallExpression") places.calls.push(node);
      if (name !== "VariableName") return;
      const variable = source.slice(from, to);
      const known = places.uses.get(variable);
      if (known === undefined) places.uses.set(variable, [node]);
      else known.push(node);
    },
  });
  return places;
}

/** The text of a plain string literal; null for any other node, and for one with escapes. */
export function literalOf(node: SyntaxNode, source: string): string | null {
  if (node.name !== "String") return null;
  return /^[ru]?(?:"""|'''|"|')([^\\]*?)(?:"""|'''|"|')$/i.exec(source.slice(node.from, node.to))?.[1] ?? null;
}
