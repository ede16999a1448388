// Events on their way to the model, put together where nobody can tell the difference: pieces of one text, and output
// of one call between two facts.
import type { SessionEvent } from "../../../actors/events.ts";
import type { Input } from "./inputs.ts";

/** Characters of output of one call in one batch. Of more, the beginning is left out: the newest is what is looked at. */
export const maxLogChars = 64 * 1024;

type Piece = Extract<SessionEvent, { type: "assistant_chunk" | "thinking_chunk" }>;
type LogEvent = Extract<SessionEvent, { type: "tool_log" }>;

/** Inputs that wait. */
export interface Waiting {
  readonly size: number;
  add(input: Input): void;
  /** All that waits, in order; nothing waits any more. */
  take(): Input[];
}

/** Makes an empty store of inputs that wait. */
export function createWaiting(): Waiting {
  let inputs: Input[] = [];
  /** Where a further piece of text can be added, and output of each call: nothing came since that must not be passed. */
  let pieceAt: number | null = null;
  let logAt = new Map<string, number>();

  function at(index: number | null | undefined): SessionEvent | undefined {
    const input = index == null ? undefined : inputs[index];
    return input?.kind === "event" ? input.event : undefined;
  }

  function addPiece(piece: Piece): void {
    const before = at(pieceAt);
    if (pieceAt !== null && before?.type === piece.type && before.seq === piece.seq) {
      const data = { content: before.data.content + piece.data.content };
      inputs[pieceAt] = { kind: "event", event: { ...before, data } };
      return;
    }
    pieceAt = inputs.push({ kind: "event", event: piece }) - 1;
  }

  function addLog(event: LogEvent, id: string): void {
    const index = logAt.get(id);
    const before = at(index);
    if (index !== undefined && before?.type === "tool_log" && before.seq === event.seq) {
      const log = newestOf(before.data.log + event.data.log);
      inputs[index] = { kind: "event", event: { ...event, data: { ...event.data, log } } };
      return;
    }
    logAt.set(id, inputs.push({ kind: "event", event }) - 1);
  }

  return {
    get size() {
      return inputs.length;
    },
    add(input) {
      if (input.kind === "event") {
        const { event } = input;
        if (event.type === "assistant_chunk" || event.type === "thinking_chunk") return addPiece(event);
        if (event.type === "tool_log" && event.data.tool_call_id !== null)
          return addLog(event, event.data.tool_call_id);
      }
      inputs.push(input);
      pieceAt = null;
      logAt = new Map();
    },
    take() {
      const taken = inputs;
      inputs = [];
      pieceAt = null;
      logAt = new Map();
      return taken;
    },
  };
}

function newestOf(log: string): string {
  if (log.length <= maxLogChars) return log;
  const kept = log.slice(-maxLogChars / 2);
  const lineEnd = kept.indexOf("\n");
  const lines = lineEnd < 0 ? kept : kept.slice(lineEnd + 1);
  return `\n[… ${log.length - lines.length} characters left out …]\n${lines}`;
}
