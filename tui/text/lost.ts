// Words and codes for output that could not be written.

/** Why a stream cannot be written: the platform's code and words. */
export interface Problem {
  code: string;
  message: string;
}

/** What a program ends with whose reader has gone: 128 + SIGPIPE, as any in a pipeline. */
export const desertedCode = 141;

/** The problem behind a stream's error. */
export function problemOf(error: NodeJS.ErrnoException): Problem {
  return { code: error.code ?? "WRITE_FAILED", message: error.message };
}

/** One line about output that was lost, for standard error. */
export function lostLine({ code, message }: Problem): string {
  return `ml-intern: Standard output cannot be written: ${message} [${code}]\n`;
}
