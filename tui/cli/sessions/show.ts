// One session in full, for people.
import type { Facts } from "../../sessions/facts.ts";
import type { Audit, Spent } from "../../sessions/gather.ts";
import { oneLine } from "../../text/neutralise.ts";
import type { Style } from "../../text/style.ts";
import { shownState } from "./list.ts";

/** Files and messages that people are shown; programs get them all. */
const mostShown = 30;

/** The text of `sessions show`. */
export function shownFacts(facts: Facts, style: Style): string {
  const { id, name, state } = facts;
  const title = `${style.bold(oneLine(id, 80))}${name === null ? "" : `  ${style.cyan(oneLine(name, 80))}`}`;
  const rows: [string, string | null][] = [
    ["state", `${shownState(state, style)}, ${count(facts.turns, "turn")}${undone(facts)}`],
    ["model", facts.model],
    ["folder", facts.cwd],
    ["begun", facts.created_at === null ? null : new Date(facts.created_at).toISOString()],
    ["last used", new Date(facts.updated_at).toISOString()],
    ["made by", facts.created_by],
    [
      "forked from",
      facts.forked_from === null ? null : `${facts.forked_from.session_id}, line ${facts.forked_from.seq}`,
    ],
    ["imported from", imported(facts)],
    ["spent", shownSpent(facts.spent)],
    ["calls", shownTools(facts)],
    ["jobs", shownJobs(facts)],
    ["plan", shownPlan(facts)],
    ["decisions", shownDecisions(facts.audit)],
    ["audit", shownAudit(facts)],
    ["journal", shownJournal(facts)],
    ["kept in", facts.dir],
  ];
  const table = rows.flatMap(([label, value]) =>
    value === null || value === "" ? [] : [`  ${style.dim(label.padEnd(14))}${oneLine(value, 400)}`],
  );
  return `${[title, ...table, ...shownMessages(facts, style), ...shownFiles(facts, style)].join("\n")}\n`;
}

function count(n: number, word: string): string {
  return `${n} ${word}${n === 1 ? "" : "s"}`;
}

function undone({ undone_turns, waiting_messages }: Facts): string {
  const back = undone_turns === 0 ? "" : `, ${count(undone_turns, "message")} taken back`;
  return waiting_messages === 0 ? back : `${back}, ${count(waiting_messages, "message")} waiting`;
}

function imported({ imported_from, dropped_messages }: Facts): string | null {
  if (imported_from === null) return null;
  return dropped_messages === 0 ? imported_from : `${imported_from} (${count(dropped_messages, "message")} dropped)`;
}

function usd(value: number): string {
  return `$${value.toFixed(value !== 0 && value < 0.01 ? 4 : 2)}`;
}

function shownSpent(spent: Spent): string {
  const { model_calls, prompt_tokens, completion_tokens } = spent;
  const parts = [
    `${usd(spent.usd)} for ${count(model_calls, "model call")}`,
    `${prompt_tokens} tokens in, ${completion_tokens} out`,
    ...(spent.unknown === 0 ? [] : [`${count(spent.unknown, "call")} of unknown price`]),
    ...(spent.assumed_usd === 0 ? [] : [`up to ${usd(spent.assumed_usd)} more for failed attempts`]),
    ...(spent.tools_usd === 0 ? [] : [`${usd(spent.tools_usd)} by tools`]),
  ];
  return parts.join(", ");
}

/** Jobs on the Hub that may still run, and what that costs. */
function shownJobs({ open_jobs }: Facts): string {
  return open_jobs
    .map(({ job_id, job_url, flavor, price_usd_per_hour: price }) => {
      const cost = price === null ? "" : ` at ${usd(price)} an hour`;
      return `${job_id} on ${flavor}${cost} may still run: ${job_url}`;
    })
    .join("; ");
}

function shownTools({ tools }: Facts): string {
  return Object.entries(tools)
    .sort(([, a], [, b]) => b.calls - a.calls)
    .map(([tool, { calls, failed }]) => `${tool} ${calls}${failed === 0 ? "" : ` (${failed} failed)`}`)
    .join(", ");
}

function shownPlan({ plan }: Facts): string | null {
  if (plan.length === 0) return null;
  return `${plan.filter(({ status }) => status === "completed").length} of ${count(plan.length, "step")} completed`;
}

function shownDecisions({ verdicts, rules, approved, rejected, open_calls, unknown }: Audit): string {
  const verdict = Object.entries(verdicts).map(([name, calls]) => `${name.replaceAll("_", " ")} ${calls}`);
  const named = Object.entries(rules).map(([rule, calls]) => `${rule} ${calls}`);
  return [
    ...verdict,
    ...(approved + rejected === 0 ? [] : [`a person approved ${approved} and rejected ${rejected}`]),
    ...(named.length === 0 ? [] : [`by rule: ${named.join(", ")}`]),
    ...(unknown === 0 ? [] : [`${count(unknown, "call")} that may or may not have happened`]),
    ...(open_calls === 0 ? [] : [`${count(open_calls, "call")} without an end`]),
  ].join(", ");
}

function shownAudit({ audit_file: check }: Facts): string | null {
  switch (check.state) {
    case "holds":
      return `${count(check.entries, "decision")}, each as the journal has it${check.missing === 0 ? "" : `; ${check.missing} more are not written yet`}`;
    case "absent":
      return check.missing === 0 ? null : `there is none; the next run writes it (${count(check.missing, "decision")})`;
    case "broken":
      return `BROKEN at line ${check.line}: ${check.reason}`;
  }
}

function shownJournal({ bytes, audit }: Facts): string {
  return [
    `${count(audit.records, "line")}, ${bytes} bytes, ${count(audit.processes, "process").replace(/processs$/, "processes")}`,
    ...(audit.repaired_bytes === 0 ? [] : [`${audit.repaired_bytes} bytes were cut off by a crash`]),
    ...(audit.unread_bytes === 0 ? [] : [`its last ${audit.unread_bytes} bytes are no record (yet)`]),
    ...(audit.lost_texts === 0 ? [] : [`${count(audit.lost_texts, "line")} with a lost text`]),
  ].join(", ");
}

function shownMessages({ messages }: Facts, style: Style): string[] {
  if (messages.length === 0) return [];
  const lines = messages.slice(-mostShown).map(({ number, text, opens, end }) => {
    const how = opens ? (end === null ? "not ended" : end.replaceAll("_", " ")) : "joined the turn";
    return `  ${String(number).padStart(4)}  ${oneLine(text, 90)}  ${style.dim(how)}`;
  });
  const left = messages.length > lines.length ? [style.dim(`        … ${messages.length - lines.length} before`)] : [];
  return ["", style.bold("messages"), ...left, ...lines];
}

function shownFiles({ written_files }: Facts, style: Style): string[] {
  if (written_files.length === 0) return [];
  const lines = written_files.slice(-mostShown).map((path) => `  ${oneLine(path, 300)}`);
  const left =
    written_files.length > lines.length ? [style.dim(`  … ${written_files.length - lines.length} before`)] : [];
  return ["", style.bold("written files"), ...left, ...lines];
}
