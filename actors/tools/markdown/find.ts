// Finds words in a Markdown text: the paragraphs that hold them, each with where it stands. Pure.
import { headOf } from "../cap.ts";
import { type Heading, trailTo } from "./outline.ts";

/** A paragraph in which something was found. */
export interface Passage {
  /** Where the paragraph begins, in characters. */
  at: number;
  trail: string[];
  text: string;
}

/** What a search in a text found: the best passages in the text's order, and how many paragraphs match. */
export interface Found {
  passages: Passage[];
  total: number;
}

const passageChars = 700;

/** The part of a paragraph around a word, when the paragraph is long. */
function around(paragraph: string, word: string): string {
  if (paragraph.length <= passageChars) return paragraph;
  const at = Math.max(0, paragraph.toLowerCase().indexOf(word));
  const from = Math.max(0, Math.min(at - passageChars / 3, paragraph.length - passageChars));
  const part = headOf(paragraph.slice(from), passageChars);
  return `${from > 0 ? "… " : ""}${part}${from + part.length < paragraph.length ? " …" : ""}`;
}

/** The paragraphs that hold the phrase; where none does, those that hold all its words, or else most of them. */
export function findIn(markdown: string, headings: readonly Heading[], phrase: string, limit: number): Found {
  const wanted = phrase.toLowerCase().trim().replace(/\s+/g, " ");
  const words = [...new Set(wanted.split(" "))].filter((word) => word !== "");
  const scored: { at: number; score: number; text: string }[] = [];
  for (const match of markdown.matchAll(/\S[^\n]*(?:\n(?!\s*\n)[^\n]*)*/g)) {
    const text = match[0].trimEnd();
    const low = text.toLowerCase().replace(/\s+/g, " ");
    const hits = words.filter((word) => low.includes(word)).length;
    if (hits > 0) scored.push({ at: match.index, score: low.includes(wanted) ? words.length + 1 : hits, text });
  }
  const best = scored.reduce((most, { score }) => Math.max(most, score), 0);
  const matching = scored.filter(({ score }) => score === best || (score >= words.length && best >= words.length));
  const first = matching.slice(0, limit);
  const word = words.find((each) => first[0]?.text.toLowerCase().includes(each)) ?? "";
  const passages = first.map(({ at, text }) => {
    const anchor = text.toLowerCase().includes(wanted) ? wanted : word;
    return { at, trail: trailTo(headings, at), text: around(text, anchor) };
  });
  return { passages, total: matching.length };
}
