// A conversation as text: answers stream to standard output as they come, all else is short lines on standard error.
import type { SessionEvent } from "../../../actors/events.ts";
import type { CallState } from "../../../actors/session/state.ts";
import { type Lines, silent } from "../../headless/printer.ts";
import { addToRun, emptyRun, type RunFold, type RunResult, resultOf } from "../../headless/result.ts";
import { textPrinter } from "../../headless/text.ts";
import { neutralise, oneLine } from "../../text/neutralise.ts";
import { withoutMarks } from "../../text/outside.ts";
import type { Style } from "../../text/style.ts";
import { dollars } from "./figures.ts";

/** Prints the events of one session. */
export interface ConversationPrinter {
  event(event: SessionEvent): Lines;
  notice(text: string): Lines;
  /** The exit code that the newest turn would have ended a run with; 0 before there was one. */
  readonly exitCode: number;
}

const hints: Readonly<Record<string, string>> = {
  budget: "Raise it with /budget USD, which counts all that the session has spent, and say to go on.",
  iteration_limit: "Say to go on, and it goes on. A higher limit: --max-iterations.",
  empty_reply: "Another model may do better: /model ID.",
  refusal: "Put the task differently, or use another model: /model ID.",
  context_overflow: "Begin anew with /new, or take a model with a larger window: /model ID.",
  compaction_failed: "Begin anew with /new, or take a model with a larger window: /model ID.",
};

/** A printer for a session. `calls` are those that an earlier process has put on record; `style` is of standard error. */
export function conversationPrinter(style: Style, model: string, calls: readonly CallState[]): ConversationPrinter {
  const inner = textPrinter(style);
  inner.recall(calls);
  let fold: RunFold = emptyRun(model, calls);
  let startedAt: number | null = null;
  let exitCode = 0;
  /** The answer is on its way, and the end of its last line is still to come. */
  let begun = false;
  /** This reply has been streamed; something of this turn has been shown. */
  let streamed = false;
  let answered = false;
  /** One half of a character that was cut in two. */
  let half = "";

  function streamChunk(content: string): Lines {
    const text = half + content;
    half = /[\ud800-\udbff]$/.test(text) ? text.slice(-1) : "";
    const out = neutralise(half === "" ? text : text.slice(0, -1));
    if (out === "") return silent;
    begun = !out.endsWith("\n");
    streamed = true;
    answered = true;
    return { out, err: "" };
  }

  /** Ends the line of an answer. */
  function endLine(): string {
    const out = begun ? "\n" : "";
    begun = false;
    half = "";
    return out;
  }

  function reply(content: string): Lines {
    const out = endLine();
    const whole = streamed || content.trim() === "" ? "" : `${neutralise(content.trimEnd())}\n`;
    if (whole !== "") answered = true;
    streamed = false;
    return { out: `${out}${whole}`, err: "" };
  }

  function endTurn(event: SessionEvent, out: string): Lines {
    const durationMs = startedAt === null ? 0 : event.ts - startedAt;
    startedAt = null;
    const outside = { sessionId: event.session_id, durationMs, signal: null, failure: null, idle: false };
    const result = resultOf(fold, { ...outside, resumable: false });
    exitCode = result.exit_code;
    return { out, err: inner.end(forConversation(result)).err };
  }

  function told(event: SessionEvent): Lines {
    switch (event.type) {
      case "assistant_chunk":
        return streamChunk(event.data.content);
      case "assistant_stream_end": {
        const out = endLine();
        if (!event.data.retracted || !streamed) return { out, err: "" };
        streamed = false;
        return { out, err: `${style.yellow("! what was written above is void: the model is asked again")}\n` };
      }
      case "assistant_message":
        return reply(event.data.content);
      case "turn_complete": {
        const answer = event.data.final_response ?? "";
        const out = endLine() + (answered || answer.trim() === "" ? "" : `${neutralise(answer.trimEnd())}\n`);
        return endTurn(event, out);
      }
      case "interrupted":
      case "error":
      case "session_terminated":
        return endTurn(event, endLine());
      // The question says more; see the front.
      case "approval_required":
        return silent;
      case "user_command_ended": {
        const { output, untrusted } = event.data;
        const source =
          untrusted === undefined ? "" : style.dim(`from ${oneLine(untrusted)}, which nobody vouches for\n`);
        return {
          out: endLine(),
          err: `${source}${neutralise(untrusted === undefined ? output : withoutMarks(output))}\n`,
        };
      }
      default: {
        const words = note(event);
        return words === null ? inner.event(event) : { out: "", err: `${style.dim(words)}\n` };
      }
    }
  }

  return {
    get exitCode() {
      return exitCode;
    },
    event(event) {
      if (event.type === "processing") {
        fold = emptyRun(fold.model);
        startedAt = event.ts;
        answered = false;
        streamed = false;
      }
      addToRun(fold, event);
      return told(event);
    },
    notice: (text) => inner.notice(text),
  };
}

/** What happened at the user's word, and what a run to its end has no use for. */
function note(event: SessionEvent): string | null {
  switch (event.type) {
    case "user_message":
      return event.data.queued
        ? event.data.via === "steer"
          ? "it joins at the next step"
          : "it waits for its turn"
        : null;
    case "input_withdrawn":
      return "the newest message that waited is taken back";
    case "undo_complete":
      return event.data.turns === 0 ? "there is no turn to take back" : "the last turn is taken back";
    case "model_requested":
      return `trying ${oneLine(event.data.model)}`;
    case "model_probed":
      return event.data.note === undefined ? "it answers" : `it answers; ${oneLine(event.data.note, 200)}`;
    case "effort_changed":
      return `effort is now ${event.data.effort}`;
    case "budget_changed": {
      const { cap_micro_usd: cap } = event.data;
      return cap === null ? "there is no budget now" : `the budget is now ${dollars(cap / 1e6)}`;
    }
    case "session_renamed":
      return `the session is now named ${oneLine(event.data.name)}`;
    case "rule_added":
      return "the rule holds until you leave";
    default:
      return null;
  }
}

/** What a person has refused in person is no failure, and what helps is at hand. */
function forConversation(result: RunResult): RunResult {
  if (result.status === "denied") return { ...result, status: "done", error: null };
  const hint = hints[result.reason];
  return result.error === null || hint === undefined ? result : { ...result, error: { ...result.error, hint } };
}
