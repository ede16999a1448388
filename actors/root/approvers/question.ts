// What of a call is put to people who are not at the terminal. Pure.
import { costOf } from "../../notifier/compose.ts";
import type { QuestionText } from "../../notifier/protocol.ts";
import type { CallState } from "../../session/state.ts";

/** What a question about a call shows. `facts` stand at its end. */
export function questionText(call: CallState, facts: readonly string[]): QuestionText {
  const { gate, touches, title, preview, arguments: args } = call;
  const cost = costOf(touches);
  const asked = gate.verdict !== "ask" ? [] : [`Why it is asked: ${gate.reason}`, ...sourceOf(gate.source)];
  return {
    title,
    preview: preview?.text ?? JSON.stringify(args, null, 2),
    facts: [...asked, ...(cost === "" ? [] : [`It ${cost}.`]), ...facts],
  };
}

function sourceOf(source: string | undefined): string[] {
  return source === undefined ? [] : [`The wish may come from what was read at ${source}.`];
}
