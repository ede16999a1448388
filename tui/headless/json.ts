// Output for programs: one object at the end, or one event a line.
import { askedElsewhere } from "../text/answered-by.ts";
import { neutralise, safeJson } from "../text/neutralise.ts";
import { type Printer, silent } from "./printer.ts";

/** One JSON object on standard output when the run is over. */
export function jsonPrinter(): Printer {
  return {
    recall: () => undefined,
    // A run that waits for a person looks like one that hangs.
    event: ({ type, data }) =>
      type === "approval_asked" ? { out: "", err: `ml-intern: ${askedElsewhere(data)}\n` } : silent,
    notice: (text) => ({ out: "", err: `ml-intern: ${neutralise(text)}\n` }),
    end: (result) => ({ out: `${safeJson(result)}\n`, err: "" }),
  };
}

/**
 * Every event of the run as a line of JSON, and a last line of type `result`. A line carries only what is new (chunks
 * are deltas), and no character that line readers or terminals would act on.
 */
export function streamJsonPrinter(now: () => number = Date.now): Printer {
  let lastSeq = 0;
  return {
    recall: () => undefined,
    event(event) {
      lastSeq = event.seq;
      const { type, seq, ts, session_id, data } = event;
      return { out: `${safeJson({ type, seq, ts, session_id, data })}\n`, err: "" };
    },
    notice: (text) => ({ out: "", err: `ml-intern: ${neutralise(text)}\n` }),
    end(result) {
      const line = { type: "result", seq: lastSeq, ts: now(), session_id: result.session_id, data: result };
      return { out: `${safeJson(line)}\n`, err: "" };
    },
  };
}
