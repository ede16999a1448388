// What the research actor understands: it has a sub-agent work on a question, in a session of its own below the one
// that asks, and answers with what was found.

export interface ResearchRequest {
  /** The call that asks. Asked again with the same id, the same sub-agent goes on where it was. */
  callId: string;
  /** One line for people. */
  label: string;
  /** What to find out, with what is known already. */
  task: string;
  /** A sub-agent of an earlier call, to be asked further; null: a new one. */
  followUp: string | null;
}

/** One thing that the answer names as its source. */
export interface Source {
  /** The number that the answer cites it by; null where it has none. */
  number: number | null;
  /** An address, or an id on the Hub or the arXiv. */
  name: string;
  /** Whether it appears in anything that the sub-agent has read. */
  wasRead: boolean;
}

/** A recipe that the answer reports: what was done with what, and what came of it. */
export interface Recipe {
  [column: string]: string;
}

export interface ResearchResult {
  agentId: string;
  /** `partial`: it was stopped before its own end; what it had found is there. */
  outcome: "done" | "partial" | "failed";
  /** Why it is not `done`; empty when it is. */
  reason: string;
  answer: string;
  recipes: Recipe[];
  sources: Source[];
  toolCalls: number;
  tokens: number;
}

/** Progress of a sub-agent: lines for people. */
export interface ResearchProgress {
  log: string;
}

export interface ResearchProtocol {
  tells: Record<never, never>;
  asks: {
    /** Cancelling the ask interrupts the sub-agent. Fails with `AGENT_UNKNOWN` for a follow-up to nobody. */
    run: [ResearchRequest, ResearchResult];
  };
}
