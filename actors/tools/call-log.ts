// What a running call logs, gathered on its way out: thousands of lines a second cost few messages, and no more memory
// than one excerpt, whoever listens at the other end.
import { cutMiddle, grouped, tailOf } from "./cap.ts";

/** Milliseconds between two messages of one call. */
const everyMs = 20;
/** Characters of one message; of more, the middle is left out. Four hundred thousand a second are more than anybody reads. */
const maxChars = 8_000;
/** Characters that may wait before their middle is let go, so that this is done for many lines at once. */
const maxWaiting = 4 * maxChars;

/** The log of one call. */
export interface CallLog {
  /** Takes a piece of text, which may be cut anywhere. The first is passed on at once, later ones together. */
  write(text: string): void;
  /** Takes a line, or several. */
  line(text: string): void;
  /** Passes on what waits; what is written later, by work that was left behind, is not passed on. */
  end(): void;
}

/** Makes the log of a call in front of `pass`. Once `signal` has fired nobody listens, and nothing is passed on. */
export function createCallLog(pass: (text: string) => void, signal: AbortSignal): CallLog {
  const excerpt = createExcerpt();
  let passedAt = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const text = excerpt.take();
    if (text === "" || signal.aborted) return;
    passedAt = performance.now();
    pass(text);
  }

  function write(text: string): void {
    if (text === "" || isOver || signal.aborted) return;
    excerpt.add(text);
    // Looked at here as well, since a tool that never yields lets no timer run.
    const elapsedMs = performance.now() - passedAt;
    if (elapsedMs >= everyMs) flush();
    else timer ??= setTimeout(flush, everyMs - elapsedMs);
  }

  return {
    write,
    line: (text) => write(text === "" || text.endsWith("\n") ? text : `${text}\n`),
    end() {
      flush();
      isOver = true;
    },
  };
}

/** Text that waits: its head, their newest, and how much was let go between them. */
function createExcerpt() {
  let head = "";
  let rest = "";
  let omittedChars = 0;
  let omittedLines = 0;

  /** Lets go of the middle of what is over the limit. */
  function squeeze(): void {
    if (head === "") {
      const cut = cutMiddle(rest, maxChars);
      if (cut === null) return;
      omit(rest.slice(cut.head.length, rest.length - cut.tail.length));
      head = cut.head;
      rest = cut.tail;
      return;
    }
    const near = tailOf(rest, maxChars / 2);
    if (near === rest) return;
    const lineEnd = near.indexOf("\n");
    const tail = lineEnd < 0 || lineEnd === near.length - 1 ? near : near.slice(lineEnd + 1);
    omit(rest.slice(0, rest.length - tail.length));
    rest = tail;
  }

  function omit(text: string): void {
    omittedChars += text.length;
    omittedLines += text.split("\n").length - 1;
  }

  return {
    add(text: string): void {
      rest += text;
      if (rest.length > maxWaiting) squeeze();
    },
    /** What waits as one text, empty when nothing does; it waits no longer. */
    take(): string {
      squeeze();
      const left = `[… ${grouped(omittedLines)} lines, ${grouped(omittedChars)} characters left out here …]\n`;
      const text = head === "" ? rest : `${head}${head.endsWith("\n") ? "" : "\n"}${left}${rest}`;
      head = "";
      rest = "";
      omittedChars = 0;
      omittedLines = 0;
      return text;
    },
  };
}
