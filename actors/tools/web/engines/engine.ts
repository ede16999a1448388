// What a search engine of the web is to this tool: a way of asking one question, and what it can be asked for.
import type { DomainFilter } from "../domains.ts";
import type { Results } from "./hits.ts";
import type { Line } from "./line.ts";
import type { Region } from "./region.ts";

export type Recency = "day" | "week" | "month" | "year";

/** A question to an engine. */
export interface Question {
  query: string;
  /** From 1; a page has ten hits. */
  page: number;
  region: Region | null;
  recency: Recency | null;
  domains: DomainFilter;
}

/** How one kind of engine is spoken to. */
export interface Dialect {
  /** Milliseconds for which it is waited for (a turn, a limit that ends soon) while others are left to be asked. */
  patienceMs: number;
  can: {
    /** Pages of results that can be reached. */
    pages: number;
    /** Whether it keeps to how old pages are. */
    recency: boolean;
    /** Whether it keeps to a region. */
    region(region: Region): boolean;
  };
  /**
   * Asks. Domains are kept to as far as the engine knows how; what it lets through is taken out afterwards. Throws
   * `TurnedAway`, and what the line throws.
   */
  ask(question: Question, line: Line): Promise<Results>;
}

/** The patience with an engine that the user pays for, and with one that anybody may ask. */
export const patience = { paidMs: 8_000, freeMs: 2_500 };

/** An engine answered, but not with results. */
export class TurnedAway extends Error {
  override readonly name = "TurnedAway";

  constructor(
    /** In a few words that follow the engine's name. */
    readonly why: string,
    /** Milliseconds for which others are asked before it. */
    readonly restMs: number,
    /** What somebody can do about it. */
    readonly hint?: string,
  ) {
    super(why);
  }
}
