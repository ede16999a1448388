// One description of a paper, put together from what several sources say. Each fact knows who says it.

/** Who says something about papers. */
export type Source = "Hugging Face" | "arXiv" | "Semantic Scholar";

/** What can be known of a paper. */
export interface PaperFacts {
  title: string;
  authors: string[];
  /** YYYY-MM-DD, or the year alone. */
  date: string;
  venue: string;
  abstract: string;
  /** One or two sentences, made by a machine. */
  summary: string;
  keywords: string[];
  upvotes: number;
  citations: number;
  influentialCitations: number;
  references: number;
  /** The address of its code, with stars where they are known. */
  code: { url: string; stars: number | null };
  projectPage: string;
  /** Where its text can be had for nothing. */
  pdf: string;
  /** Repositories on the Hub that name it, by kind. */
  linked: { models: number | null; datasets: number | null; spaces: number | null };
}

/** A fact and who says it. */
export interface Fact<T> {
  value: T;
  from: Source;
}

/** A paper. */
export interface Paper {
  arxiv: string | null;
  doi: string | null;
  corpus: string | null;
  /** Semantic Scholar's own id. */
  scholar: string | null;
  facts: { [K in keyof PaperFacts]?: Fact<PaperFacts[K]> };
}

/** What a source says; what is empty, it does not say. */
export type Said = { [K in keyof PaperFacts]?: PaperFacts[K] | null | undefined };

/** The names of a paper that a source knows. */
export type Names = Partial<Record<"arxiv" | "doi" | "corpus" | "scholar", string | null | undefined>>;

/** A paper as one source describes it. */
export function paperFrom(from: Source, names: Names, said: Said): Paper {
  const facts = Object.entries(said).flatMap(([key, value]) => (isEmpty(value) ? [] : [[key, { value, from }]]));
  const name = (key: keyof Names) => names[key] || null;
  return {
    arxiv: name("arxiv"),
    doi: name("doi"),
    corpus: name("corpus"),
    scholar: name("scholar"),
    facts: Object.fromEntries(facts) as Paper["facts"],
  };
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return Array.isArray(value) && value.length === 0;
}

/** One description from several of the same paper: of each fact the first that is there. */
export function merged(first: Paper, ...others: readonly Paper[]): Paper {
  return others.reduce<Paper>(
    (sum, one) => ({
      arxiv: sum.arxiv ?? one.arxiv,
      doi: sum.doi ?? one.doi,
      corpus: sum.corpus ?? one.corpus,
      scholar: sum.scholar ?? one.scholar,
      facts: { ...one.facts, ...sum.facts },
    }),
    first,
  );
}

/** The value of a fact, whoever says it, or null. */
export function known<K extends keyof PaperFacts>(paper: Paper, key: K): PaperFacts[K] | null {
  return (paper.facts[key] as Fact<PaperFacts[K]> | undefined)?.value ?? null;
}
