// What a sub-agent that was stopped before its end had found: its own notes, and what it has looked at. Pure.
import type { Message } from "../llm/protocol.ts";

/** Characters of notes, and calls that are named. */
const mostNotes = 6_000;
const mostCalls = 40;

/** The findings of an unfinished conversation, as Markdown; empty when there are none. */
export function partialFindings(history: readonly Message[]): string {
  const notes = history.flatMap((message) =>
    message.role === "assistant" && message.text.trim() !== "" ? [message.text.trim()] : [],
  );
  const looked = history.flatMap((message) => {
    if (message.role !== "assistant") return [];
    return message.calls.map((call) => `${call.tool} ${JSON.stringify(call.arguments).slice(0, 160)}`);
  });
  let kept = "";
  // The newest notes are the ripest.
  for (const note of notes.toReversed()) {
    if (kept.length + note.length > mostNotes) break;
    kept = kept === "" ? note : `${note}\n\n${kept}`;
  }
  const parts = [
    ...(kept === "" ? [] : [`## Notes so far\n\n${kept}`]),
    ...(looked.length === 0
      ? []
      : [
          `## Looked at\n\n${looked
            .slice(-mostCalls)
            .map((line) => `- ${line}`)
            .join("\n")}`,
        ]),
  ];
  return parts.join("\n\n");
}
