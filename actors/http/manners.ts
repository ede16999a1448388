// How we behave towards services: how often we ask at most, and how long we wait when we are turned away.

/**
 * The least time between two requests, in milliseconds, by origin. The arXiv asks for three seconds (its API's terms of
 * use); Semantic Scholar for one second, with or without a key; so does the smallest plan of Brave's search.
 */
export const politeIntervals: Readonly<Record<string, number>> = {
  "https://arxiv.org": 3_000,
  "https://export.arxiv.org": 3_000,
  "https://api.semanticscholar.org": 1_000,
  "https://api.search.brave.com": 1_000,
};

/** The first pause before a retry, and the longest that a call waits for a service, in milliseconds. */
export const waits = { firstMs: 1_000, mostMs: 60_000 };
