// A session that has gone on for long: what the screen is measured with.
import { mkdirSync } from "node:fs";
import type { DurableEvents, DurableType } from "../../../actors/events.ts";
import { openJournal } from "../../../runtime/index.ts";

const turns = 50;
/** Lines of one reply; a turn has many. */
const replyLines = 100;

/** A reply of so many lines, with what replies are made of. */
function replyOf(lines: number, turn: number): string {
  const text = Array.from({ length: lines }, (_, line) => {
    if (line % 40 === 0) return `## Part ${line / 40 + 1} of turn ${turn}`;
    if (line % 8 < 3) return `- item ${line}: **loss** 0.${line % 997} after step \`${line * 10}\` of the run`;
    return line % 8 === 7 ? "" : `Line ${line} of an answer says something about a model that was trained for a while.`;
  });
  return text.join("\n");
}

/**
 * Writes a session whose transcript has so many lines, in turns of many replies; the model knows of none of them any
 * more, so that the next message costs no compaction. `records`: notes between the turns that make the journal longer.
 */
export function writeLongSession(dir: string, cwd: string, lines: number, records = 0): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const journal = openJournal({ dir, syncEveryMs: 0 });
  const say = <T extends DurableType>(type: T, data: DurableEvents[T]) => void journal.append(type, data);
  const model = "llamacpp/bench";
  const messages = turns + lines / replyLines;
  say("session_started", { version: 1, cwd, model, created_by: "bench" });
  say("process_started", { epoch: 1, pid: 1 });
  for (let turn = 1; turn <= turns; turn++) {
    const input_id = `i${turn}`;
    const message = `Question ${turn}`;
    say("user_message", { content: message, input_id, via: "input", queued: false });
    say("processing", { message, turn, input_id });
    for (let n = 0; n < records / turns; n++) say("effort_changed", { effort: n % 2 === 0 ? "low" : "high" });
    for (let n = 0; n < lines / turns / replyLines; n++) {
      const content = replyOf(replyLines, turn);
      say("assistant_message", { content, tool_calls: [], finish_reason: "stop", model });
    }
    say("turn_complete", { history_size: 2, final_response: null, reason: "done", iterations: 1, denied: 0 });
  }
  const counts = { messages_before: messages, messages_after: 0, old_tokens: 900_000, new_tokens: 10 };
  say("compacted", { trigger: "manual", prefix: [], keep_from: messages, summary: "So far.", by: "model", ...counts });
  say("shutdown", { reason: "user" });
  journal.close();
}
