// The lexer of Markdown, loaded after the first frame: it takes longer to load than a frame to paint, and nothing that is
// painted before a session is open is Markdown.
import type { TokensList } from "marked";

let lex: ((source: string) => TokensList) | null = null;

/** Loads the lexer. Whoever renders Markdown waits for this once before. */
export async function loadMarkdown(): Promise<void> {
  const { lexer } = await import("marked");
  lex = lexer;
}

/** The tokens of a source. Throws before {@link loadMarkdown} is done, and what the lexer throws. */
export function lexer(source: string): TokensList {
  if (lex === null) throw new Error("Markdown is rendered before its lexer was loaded.");
  return lex(source);
}
