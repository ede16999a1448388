// The turns of a journal: where each begins and ends, what was asked, and which were taken back.

import { type JournalRecord, readJournal } from "../../runtime/records.ts";
import type { DurableType } from "../events.ts";
import { dataOf, textOf } from "./record.ts";

/** A message of the user that reached the model, in the order in which it did. */
export interface Asked {
  inputId: string;
  /** Its beginning. */
  text: string;
  ts: number;
  /** It began a turn; otherwise it joined the one that ran. */
  opens: boolean;
  /** Seq of the record with which the turn began, or the message joined it. */
  seq: number;
  /** How its turn ended, or null when it has not: `done`, `iteration_limit`, `interrupted`, `error`, `terminated`, … */
  end: string | null;
}

/** What a journal's turns are. */
export interface Outline {
  /** The messages that stand, oldest first: those of turns that were taken back are not among them. */
  asked: Asked[];
  /** Ids of the inputs whose turns were taken back. */
  undone: Set<string>;
  /** The last seq at which no turn was open, so that the journal can be cut behind it. */
  restSeq: number;
  /** Messages that wait for their turn. */
  waiting: number;
  /** The seq of the newest record. */
  seq: number;
  /** Messages were taken over from another program. */
  imported: boolean;
}

const previewChars = 400;

/** Reads the outline of a journal, of which no more is held in memory than is returned. */
export function outlineOf(sessionDir: string): Outline {
  return outline(readJournal(sessionDir));
}

/** The same of records. */
export function outline(records: Iterable<JournalRecord>): Outline {
  const texts = new Map<string, string>();
  const result: Outline = { asked: [], undone: new Set(), restSeq: 0, waiting: 0, seq: 0, imported: false };
  let open = false;

  function begin(record: JournalRecord, opens: boolean): void {
    const inputId = textOf(dataOf<"processing">(record).input_id) ?? "";
    const text = texts.get(inputId) ?? textOf(dataOf<"processing">(record).message)?.slice(0, previewChars) ?? "";
    texts.delete(inputId);
    result.asked.push({ inputId, text, ts: record.ts, opens, seq: record.seq, end: null });
  }

  function end(how: string): void {
    open = false;
    for (let at = result.asked.length - 1; at >= 0; at -= 1) {
      const asked = result.asked[at];
      if (asked === undefined || asked.end !== null) break;
      asked.end = how;
      if (asked.opens) break;
    }
  }

  function takeBack(inputId: string | null): void {
    const from = result.asked.findIndex((asked) => asked.opens && asked.inputId === inputId);
    if (from < 0) return;
    for (const asked of result.asked.splice(from)) result.undone.add(asked.inputId);
  }

  for (const record of records) {
    switch (record.type as DurableType) {
      case "user_message": {
        const { input_id, content } = dataOf<"user_message">(record);
        texts.set(textOf(input_id) ?? "", (textOf(content) ?? "").slice(0, previewChars));
        break;
      }
      case "input_withdrawn":
        texts.delete(textOf(dataOf<"input_withdrawn">(record).input_id) ?? "");
        break;
      case "processing":
        open = true;
        begin(record, true);
        break;
      case "steered":
        begin(record, false);
        break;
      case "turn_complete":
        end(textOf(dataOf<"turn_complete">(record).reason) ?? "done");
        break;
      case "interrupted":
      case "error":
        end(record.type);
        break;
      case "session_terminated":
        end("terminated");
        break;
      case "undo_complete":
        takeBack(textOf(dataOf<"undo_complete">(record).input_id));
        break;
      case "history_imported":
        result.imported = true;
        break;
    }
    result.seq = record.seq;
    if (!open) result.restSeq = record.seq;
  }
  result.waiting = texts.size;
  return result;
}
