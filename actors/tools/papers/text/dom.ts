// What of a parsed page is used here. The parser's own types want the platform's DOM types, which Node's do not have.

/** A node: an element, a text, or something else. */
export interface Node {
  readonly nodeType: number;
  readonly childNodes: Iterable<Node>;
  readonly textContent: string;
}

/** An element. */
export interface Element extends Node {
  readonly localName: string;
  getAttribute(name: string): string | null;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
}

/** Parses HTML. The parser is loaded when there is something to parse. */
export async function parseHtml(html: string): Promise<Element> {
  const { parseHTML } = await import("linkedom");
  return (parseHTML(html) as unknown as { document: Element }).document;
}

/** Whether a node is an element. */
export function isElement(node: Node): node is Element {
  return node.nodeType === 1;
}

/** Whether a node is text. */
export function isText(node: Node): boolean {
  return node.nodeType === 3;
}

/** Whether an element has one of these classes. */
export function hasClass(element: Element, ...names: string[]): boolean {
  const classes = (element.getAttribute("class") ?? "").split(/\s+/);
  return names.some((name) => classes.includes(name));
}

/** The elements among a node's children. */
export function elementsOf(node: Node): Element[] {
  return [...node.childNodes].filter(isElement);
}
