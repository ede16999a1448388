// What of linkedom's documents is used here. Its own types want the platform's DOM types, which Node's do not have.
import { DOMParser, parseHTML } from "linkedom";

/** An element of a parsed page. */
export interface Element {
  readonly localName: string;
  readonly parentElement: Element | null;
  readonly firstElementChild: Element | null;
  readonly nextElementSibling: Element | null;
  textContent: string;
  innerHTML: string;
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  closest(selector: string): Element | null;
  matches(selector: string): boolean;
  querySelector(selector: string): Element | null;
  querySelectorAll(selector: string): Iterable<Element>;
  remove(): void;
}

/** A parsed page. */
export interface Page extends Omit<Element, "parentElement"> {
  readonly body: Element | null;
  readonly documentElement: Element | null;
  readonly title: string;
}

/** Parses HTML; a fragment becomes a whole page. */
export function parsePage(html: string): Page {
  const whole = /<html[\s>]/i.test(html) ? html : `<!doctype html><html><body>${html}</body></html>`;
  return (parseHTML(whole) as unknown as { document: Page }).document;
}

/** Parses XML. */
export function parseXml(xml: string): Page {
  return new DOMParser().parseFromString(xml, "text/xml") as unknown as Page;
}

/** How deep the elements of a page lie in one another. */
export function depthOf(page: Page): number {
  let deepest = 0;
  let depth = 0;
  for (let at = page.documentElement; at !== null; ) {
    if (at.firstElementChild !== null) {
      at = at.firstElementChild;
      depth += 1;
      deepest = Math.max(deepest, depth);
      continue;
    }
    let from: Element | null = at;
    while (from !== null && from.nextElementSibling === null) {
      from = from.parentElement;
      depth -= 1;
    }
    at = from?.nextElementSibling ?? null;
  }
  return deepest;
}
