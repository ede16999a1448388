// For how long what was looked up is used. All in milliseconds.

/** An answer counts as fresh. */
export const freshMs = 300_000;
/** After a failure nothing is asked. */
export const afterFailureMs = 15_000;
/** An answer is awaited. */
export const answerMs = 4_500;
/** A description as a whole may take. */
export const describeMs = 5_000;
/** An answer on disk is of use at all: prices and models change. */
export const longestMs = 30 * 24 * 3_600_000;
