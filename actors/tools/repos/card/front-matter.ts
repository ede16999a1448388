// The YAML block at the head of a card, between two lines of `---`.
import { type Document, parseDocument } from "yaml";

/** A card in its two parts. */
export interface Card {
  /** The YAML block, parsed; null where there is none. */
  matter: Document | null;
  /** What follows it. */
  body: string;
  /** What is wrong with the YAML, or null. */
  fault: { message: string; line: number } | null;
}

/** Takes a card apart. Never throws: a fault is a part of what it finds. */
export function readCard(text: string): Card {
  const plain = text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n");
  const match = /^---[ \t]*\n([\s\S]*?)(?:^|\n)---[ \t]*(?:\n|$)/.exec(plain);
  if (match === null) return { matter: null, body: plain, fault: null };
  const matter = parseDocument(match[1] ?? "", { prettyErrors: true });
  const [error] = matter.errors;
  const body = plain.slice(match[0].length);
  if (error !== undefined) {
    const message = (error.message.split("\n")[0] ?? "").replace(/ at line \d+.*$/, "");
    return { matter: null, body, fault: { message, line: (error.linePos?.[0].line ?? 0) + 1 } };
  }
  const isMap = matter.contents === null || typeof matter.toJS() === "object";
  if (!isMap) return { matter: null, body, fault: { message: "it is no list of `key: value` lines", line: 2 } };
  return { matter, body, fault: null };
}
