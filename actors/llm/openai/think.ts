// Splits text into what a model says and what it thinks, for models that think between tags inside their text.

const opening = "<think>";
const closing = "</think>";

/** A piece of text that is known to be one or the other. */
export type Piece = { kind: "text" | "thinking"; text: string };

/** Takes text piece by piece; `end` gives what was held back because it might have been part of a tag. */
export interface ThinkSplitter {
  push(text: string): Piece[];
  end(): Piece[];
}

/** Makes a splitter. Tags count at the very beginning only: later ones are text about tags. */
export function createThinkSplitter(): ThinkSplitter {
  let state: "start" | "thinking" | "after" | "text" = "start";
  let held = "";

  function push(text: string): Piece[] {
    if (state === "text") return text === "" ? [] : [{ kind: "text", text }];
    held += text;
    if (state === "start") {
      const start = held.trimStart();
      if (start.length < opening.length && opening.startsWith(start)) return [];
      state = start.startsWith(opening) ? "thinking" : "text";
      held = state === "thinking" ? start.slice(opening.length) : held;
      if (state === "text") return release("text");
    }
    if (state === "thinking") {
      const end = held.indexOf(closing);
      if (end < 0) {
        const safe = held.length - partialTail(held, closing);
        const thought = held.slice(0, safe);
        held = held.slice(safe);
        return thought === "" ? [] : [{ kind: "thinking", text: thought }];
      }
      const thought = held.slice(0, end);
      held = held.slice(end + closing.length);
      state = "after";
      return [...(thought === "" ? [] : [{ kind: "thinking" as const, text: thought }]), ...push("")];
    }
    // Blank lines between the thinking and the answer are not part of the answer.
    held = held.trimStart();
    if (held === "") return [];
    state = "text";
    return release("text");
  }

  function release(kind: Piece["kind"]): Piece[] {
    const text = held;
    held = "";
    return text === "" ? [] : [{ kind, text }];
  }

  return {
    push,
    end() {
      const pieces = release(state === "thinking" ? "thinking" : "text");
      state = "text";
      return pieces;
    },
  };
}

/**
 * A whole text without its thinking. Also cuts thinking whose opening tag the server's template swallowed; that shows
 * only at its end, by a closing tag on a line of its own.
 */
export function withoutThinking(text: string): string {
  const trimmed = text.trimStart();
  if (trimmed.startsWith(opening)) {
    const end = trimmed.indexOf(closing);
    return end < 0 ? "" : trimmed.slice(end + closing.length).trimStart();
  }
  const swallowed = /(^|\n)[ \t]*<\/think>[ \t]*(\n|$)/.exec(text);
  if (swallowed === null || text.slice(0, swallowed.index).includes(opening)) return text;
  return text.slice(swallowed.index + swallowed[0].length).trimStart();
}

/** Length of the end of `text` that is a beginning of `tag`. */
function partialTail(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
