// Output for people: the answer on standard output, everything else as short lines on standard error.
import type { Access, DurableEvents, PlanItem, SessionEvent } from "../../actors/events.ts";
import { answeredBy, askedElsewhere } from "../text/answered-by.ts";
import { neutralise, oneLine } from "../text/neutralise.ts";
import type { Style } from "../text/style.ts";
import { whyNotDone } from "./outcome.ts";
import { type KnownCall, type Lines, type Printer, silent } from "./printer.ts";
import type { RunResult } from "./result.ts";

type ApprovalAsk = Extract<SessionEvent, { type: "approval_required" }>["data"]["tools"][number];
type ToolOutput = Extract<SessionEvent, { type: "tool_output" }>["data"];

/** Lines of what the model says between calls that are shown. */
const maxRemarkLines = 12;
/** Characters of a note of the program: they are whole sentences, and the end says what to do. */
const maxNoteChars = 400;

const marks = { completed: "✓", in_progress: "›", pending: "·" } as const;

/** Accesses that may take a while, so that the start of a call is worth a line. */
const slow = new Set<Access["kind"]>(["run", "network", "spend"]);

/** A printer of plain lines; `style` is that of standard error. */
export function textPrinter(style: Style): Printer {
  const calls = new Map<string, { title: string; slow: boolean }>();
  const titleOf = (call: { tool: string; tool_call_id: string }) =>
    oneLine(calls.get(call.tool_call_id)?.title ?? call.tool);
  const know = ({ id, title, touches }: KnownCall) =>
    calls.set(id, { title, slow: touches.some((access) => slow.has(access.kind)) });
  let steps = "";
  const say = (line: string): Lines => ({ out: "", err: `${line}\n` });

  return {
    recall: (known) => known.forEach(know),
    event(event) {
      switch (event.type) {
        case "process_started":
          return say(style.dim(`session ${oneLine(event.session_id)}`));
        case "llm_started":
          return event.data.iteration === 1 ? say(style.dim(`model ${oneLine(event.data.model)}`)) : silent;
        case "assistant_message": {
          if (event.data.tool_calls.length === 0 || event.data.content.trim() === "") return silent;
          return say(remark(event.data.content));
        }
        case "tool_call":
          know({ id: event.data.tool_call_id, title: event.data.title, touches: event.data.touches });
          return silent;
        case "tool_state_change":
          if (event.data.by !== undefined)
            return say(`${answeredBy(event.data.by, event.data.state)}: ${titleOf(event.data)}`);
          if (event.data.state !== "running" || calls.get(event.data.tool_call_id)?.slow !== true) return silent;
          return say(`${style.cyan("▸")} ${titleOf(event.data)}`);
        case "tool_output": {
          const title = titleOf(event.data);
          calls.delete(event.data.tool_call_id);
          // The plan has been shown by its own event.
          if (event.data.tool === "plan_tool" && event.data.outcome === "done") return silent;
          return say(outcome(event.data, title, style));
        }
        case "plan_update": {
          const before = steps;
          steps = event.data.plan.map((item) => item.content).join("\n");
          return say(steps === before ? planLine(event.data.plan, style) : plan(event.data.plan, style));
        }
        case "tool_log":
          return event.data.tool === "system"
            ? say(style.yellow(`! ${oneLine(event.data.log, maxNoteChars)}`))
            : silent;
        case "llm_waiting":
          return say(style.dim(`still waiting for the model, ${Math.round(event.data.elapsed_ms / 1000)} s`));
        case "compacted": {
          const { old_tokens, new_tokens } = event.data;
          return say(style.dim(`conversation compacted: about ${count(old_tokens)} to ${count(new_tokens)} tokens`));
        }
        case "compact_failed": {
          const { message, hint } = event.data;
          return say(
            style.yellow(
              `! not compacted: ${oneLine(hint === undefined ? message : `${message} ${hint}`, maxNoteChars)}`,
            ),
          );
        }
        case "llm_retry": {
          const { attempt, of, delay_ms, message } = event.data;
          const wait = `attempt ${attempt} of ${of} in ${seconds(delay_ms)}`;
          return say(style.yellow(`! the model did not answer: ${oneLine(message)} (${wait})`));
        }
        case "model_changed":
          return say(
            event.data.reason === "failover"
              ? style.yellow(`! the model failed; ${oneLine(event.data.model)} takes over`)
              : style.dim(`model is now ${oneLine(event.data.model)}`),
          );
        case "model_rejected":
          return say(
            style.yellow(`! ${oneLine(event.data.model)} is not used: ${oneLine(event.data.message, maxNoteChars)}`),
          );
        case "cost_warning": {
          const { spent_usd, threshold_usd } = event.data;
          return say(style.yellow(`! this session has cost ${dollars(spent_usd)} (told at ${dollars(threshold_usd)})`));
        }
        case "notification_failed": {
          const { destination, message, hint } = event.data;
          const advice = hint === undefined ? "" : ` ${hint}`;
          const what = event.data.event_type === "approval_answer" ? "no answers from" : "no message to";
          return say(style.yellow(`! ${what} ${oneLine(destination)}: ${oneLine(message + advice, maxNoteChars)}`));
        }
        case "approval_asked":
          return say(style.yellow(`? ${askedElsewhere(event.data)}`));
        case "call_silent": {
          const { title, silent_ms } = event.data;
          return say(style.yellow(`! nothing from "${oneLine(title, 80)}" for ${seconds(silent_ms)}; it still runs`));
        }
        case "approval_required":
          return say(event.data.tools.map((call) => style.yellow(asked(call))).join("\n"));
        case "resume_complete":
          return event.data.unfinished_turn ? say(style.dim("finishing the turn that was cut off")) : silent;
        case "actor_restarted":
          return say(style.yellow(`! ${oneLine(event.data.actor)} failed and was restarted; the run goes on`));
        case "notice":
          return say(style.dim(`! ${noticed(event.data)}`));
        case "turn_complete": {
          const answer = event.data.final_response;
          return answer === null || answer.trim() === ""
            ? silent
            : { out: `${neutralise(answer.trimEnd())}\n`, err: "" };
        }
        default:
          return silent;
      }
    },
    notice: (text) => say(style.yellow(`! ${neutralise(text)}`)),
    end: (result) => ({ out: "", err: closing(result, style) }),
  };
}

function remark(content: string): string {
  const lines = neutralise(content.trim()).split("\n");
  const shown = lines.slice(0, maxRemarkLines);
  if (lines.length > shown.length) shown.push(`… ${lines.length - shown.length} more lines`);
  return shown.join("\n");
}

function noticed({ reason, job_id: id }: DurableEvents["notice"]): string {
  return oneLine(id === undefined ? reason.replaceAll("_", " ") : `job ${id} has ended, and the model was told`);
}

function outcome(result: ToolOutput, title: string, style: Style): string {
  // The others did not run, or not to an end that was seen: the time on record is not theirs.
  const timed = result.outcome === "done" || result.outcome === "failed" || result.outcome === "timeout";
  const took = timed ? ` ${style.dim(seconds(result.duration_ms))}` : "";
  if (result.outcome === "done") return `${style.green("✓")} ${title}${took}`;
  return `${style.red("✗")} ${title}${took}\n  ${oneLine(whyNotDone(result), 240)}`;
}

function doneOf(items: PlanItem[]): string {
  return `plan ${items.filter((item) => item.status === "completed").length}/${items.length}`;
}

/** The plan on one line: for when only its progress changed. */
function planLine(items: PlanItem[], style: Style): string {
  const current = items.find((item) => item.status === "in_progress");
  return current === undefined ? doneOf(items) : `${doneOf(items)} ${style.bold(`› ${oneLine(current.content, 120)}`)}`;
}

function plan(items: PlanItem[], style: Style): string {
  const lines = items.map((item) => {
    const line = `  ${marks[item.status]} ${oneLine(item.content, 120)}`;
    return item.status === "in_progress" ? style.bold(line) : style.dim(line);
  });
  return [doneOf(items), ...lines].join("\n");
}

function closing(result: RunResult, style: Style): string {
  const lines: string[] = [];
  if (result.error !== null) {
    const { code, message, hint } = result.error;
    lines.push(style.red(`ml-intern: ${neutralise(message)} [${oneLine(code)}]`));
    if (hint !== undefined) lines.push(`  ${neutralise(hint)}`);
  } else if (result.status !== "done") {
    lines.push(style.yellow(`ml-intern: ${result.status} (${result.reason}).`));
  }
  if (result.resumable) lines.push("  Go on with --continue.");
  if (result.reason === "nothing_to_finish") {
    return `${style.yellow(`! nothing to finish: the last turn of session ${oneLine(result.session_id)} had ended`)}\n`;
  }
  const { prompt_tokens: read, completion_tokens: written, model_calls: calls, cache_read_tokens: kept } = result.usage;
  const cached = kept === null || kept === 0 ? "" : ` (${count(kept)} from the cache)`;
  const tokens = read === null || written === null ? [] : [`${count(read)} tokens in${cached}, ${count(written)} out`];
  const cost = costLine(result);
  const facts = [`${calls} model ${calls === 1 ? "call" : "calls"}`, ...tokens, cost, seconds(result.duration_ms)];
  lines.push(style.dim(facts.join(" · ")));
  return `${lines.join("\n")}\n`;
}

/** What a run has cost, and what may come on top of it. */
function costLine({ cost_usd, assumed_usd }: RunResult): string {
  if (cost_usd === null) return "cost unknown";
  if (assumed_usd === null) return `${dollars(cost_usd)} and what broken-off calls cost`;
  return assumed_usd === 0
    ? dollars(cost_usd)
    : `${dollars(cost_usd)}, up to ${dollars(assumed_usd)} more for broken-off calls`;
}

/** A call that waits for an answer, with what would show a person what it does. */
function asked({ title, reason, source }: ApprovalAsk): string {
  const from = source === undefined ? "" : `; the wish may come from ${oneLine(source, 120)}`;
  return `? ${oneLine(title, 160)} (${oneLine(reason, maxNoteChars)}${from})`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(amount > 0 && amount < 0.1 ? 4 : 2)}`;
}

function count(tokens: number): string {
  return tokens < 1000 ? String(tokens) : `${(tokens / 1000).toFixed(1)}k`;
}

function seconds(milliseconds: number): string {
  if (milliseconds < 60_000) return `${(milliseconds / 1000).toFixed(milliseconds < 9_950 ? 1 : 0)} s`;
  const minutes = Math.floor(milliseconds / 60_000);
  return `${minutes} min ${Math.round((milliseconds % 60_000) / 1000)} s`;
}
