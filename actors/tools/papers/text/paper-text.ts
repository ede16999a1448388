// The text of a paper in sections, and how one finds one's way in it. Pure.
import { nearest } from "../../coerce.ts";

/** A part of a paper. */
export interface Section {
  /** As the paper counts: `3`, `3.2`, `A`, `A.1`; null for a part without a number. */
  number: string | null;
  title: string;
  /** 1 for a section, 2 for what is within it, and so on. */
  level: number;
  /** Markdown, without the parts within it. */
  text: string;
}

/** A paper's text. */
export interface PaperText {
  title: string;
  authors: string[];
  /** The id with the version that was read, where the page says it. */
  version: string | null;
  form: "html" | "pdf";
  /** LaTeX commands that the conversion did not know: something may be missing near them. */
  unknownMacros: number;
  sections: Section[];
}

/** A section by its place, or those that a reference may mean. */
export type Lookup = { kind: "found"; at: number } | { kind: "several" | "none"; near: number[] };

/** A section's name as the index shows it. */
export function nameOf({ number, title }: Section): string {
  return number === null ? title : `${number} ${title}`;
}

const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}.]+/gu, " ")
    .trim();

/**
 * Finds a section by what a reader calls it: its number (`3.2`, `A`, `Appendix A`), its title, or words of its title.
 * The number goes before the title, the whole before a part.
 */
export function findSection(sections: readonly Section[], reference: string): Lookup {
  const asked = bare(reference).replace(/^(section|sec\.?|appendix|chapter|app\.?)\s+(?=[\da-z.]+$)/, "");
  const places = (test: (section: Section) => boolean) =>
    sections.flatMap((section, index) => (test(section) ? [index] : []));
  const number = asked.replace(/\.$/, "");
  const aliases: Record<string, string> = { bibliography: "references", methodology: "method" };
  const steps: ((section: Section) => boolean)[] = [
    (section) => section.number?.toLowerCase() === number,
    (section) => bare(section.title) === bare(reference) || bare(nameOf(section)) === bare(reference),
    (section) => bare(section.title) === aliases[asked],
    (section) => asked.length > 2 && bare(section.title).includes(asked),
    (section) => asked.length > 2 && asked.split(" ").every((word) => bare(section.title).includes(word)),
  ];
  for (const step of steps) {
    const [first, ...others] = places(step);
    if (first === undefined) continue;
    if (others.every((other) => isWithin(sections, first, other))) return { kind: "found", at: first };
    return { kind: "several", near: [first, ...others] };
  }
  const close = nearest(
    reference,
    sections.map(({ title }) => title),
  );
  return { kind: "none", near: places(({ title }) => close.includes(title)) };
}

/** The place after the last part within the section at `at`. */
export function endOf(sections: readonly Section[], at: number): number {
  const level = sections[at]?.level ?? 1;
  const next = sections.findIndex((section, index) => index > at && section.level <= level);
  return next === -1 ? sections.length : next;
}

function isWithin(sections: readonly Section[], outer: number, inner: number): boolean {
  return inner > outer && inner < endOf(sections, outer);
}

/** The text of the sections from `from` to before `to`, with their headings. */
export function textOf(sections: readonly Section[], from: number, to: number): string {
  return sections
    .slice(from, to)
    .map((section) => `${"#".repeat(Math.min(section.level + 1, 6))} ${nameOf(section)}\n\n${section.text}`.trimEnd())
    .join("\n\n");
}

/** Characters of a section with all that is within it. */
export function sizeOf(sections: readonly Section[], at: number): number {
  return textOf(sections, at, endOf(sections, at)).length;
}

/** The share of the words that a passage must hold. */
const mostly = 0.6;

/** A passage of a paper. */
export interface Passage {
  section: string;
  text: string;
}

/** The blocks that hold all the words, or most of them, best first. */
export function passagesWith(sections: readonly Section[], words: string, most: number): Passage[] {
  const asked = [...new Set(bare(words).split(" "))].filter((word) => word.length > 1);
  const found = sections.flatMap((section) =>
    section.text.split(/\n{2,}/).map((text) => {
      const inside = bare(text);
      const hits = asked.filter((word) => inside.includes(word)).length;
      return { section: nameOf(section), text, score: hits + (inside.includes(bare(words)) ? 1 : 0), hits };
    }),
  );
  return found
    .filter(({ hits }) => hits > 0 && hits >= Math.ceil(asked.length * mostly))
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ section, text }) => ({ section, text }));
}
