// What a pass over a journal adds up: money, calls, files, and how calls were judged.
import type { Access, DurableType } from "../../actors/events.ts";
import { type Data, dataOf, numberOf, textOf } from "../../actors/traces/record.ts";
import type { JournalRecord } from "../../runtime/records.ts";

/** What was spent, as far as it is known. */
export interface Spent {
  model_calls: number;
  usd: number;
  /** Model calls that nobody knows the price of. */
  unknown: number;
  /** US dollars that may have been charged besides, at most. */
  assumed_usd: number;
  /** US dollars that tools have spent, and the jobs on the Hub that they have started. */
  tools_usd: number;
  prompt_tokens: number;
  completion_tokens: number;
}

/** How the calls were judged and how they ended, and what shape the journal is in. */
export interface Audit {
  /** Calls by their verdict: `run`, `ask`, `denied`, `forbidden`, … */
  verdicts: Record<string, number>;
  /** Calls by the rule that decided. */
  rules: Record<string, number>;
  approved: number;
  rejected: number;
  /** Calls that have no end on record. */
  open_calls: number;
  /** Calls of which nobody knows whether they happened. */
  unknown: number;
  records: number;
  processes: number;
  /** Bytes that earlier openings had to cut off, and bytes at the end that are no record. */
  repaired_bytes: number;
  unread_bytes: number;
  /** Long texts whose file is gone or damaged. */
  lost_texts: number;
}

/** What is added up. Members are named as programs get them. */
export interface Gathered {
  created_by: string | null;
  forked_from: { session_id: string; seq: number } | null;
  imported_from: string | null;
  dropped_messages: number;
  spent: Spent;
  /** Calls by tool. */
  tools: Record<string, { calls: number; failed: number }>;
  /** Jobs on the Hub whose end is not on record: they may run, and cost. */
  open_jobs: { job_id: string; job_url: string; flavor: string; price_usd_per_hour: number | null }[];
  /** Files that a call was allowed to write and did, oldest first. */
  written_files: string[];
  plan: { content: string; status: string }[];
  audit: Audit;
}

/** Makes the sum of no records yet. */
export function createGatherer(): { take(record: JournalRecord): void; facts(): Gathered } {
  const spent: Spent = {
    model_calls: 0,
    usd: 0,
    unknown: 0,
    assumed_usd: 0,
    tools_usd: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
  };
  const audit: Audit = {
    verdicts: {},
    rules: {},
    approved: 0,
    rejected: 0,
    open_calls: 0,
    unknown: 0,
    records: 0,
    processes: 0,
    repaired_bytes: 0,
    unread_bytes: 0,
    lost_texts: 0,
  };
  const facts: Gathered = {
    created_by: null,
    forked_from: null,
    imported_from: null,
    dropped_messages: 0,
    spent,
    tools: {},
    open_jobs: [],
    written_files: [],
    plan: [],
    audit,
  };
  const open = new Map<string, Access[]>();
  const written = new Set<string>();
  const jobs = new Map<string, Gathered["open_jobs"][number]>();

  function tookCall(data: Data<"tool_call">): void {
    const verdict = data.gate?.verdict === "refused" ? data.gate.outcome : (data.gate?.verdict ?? "run");
    audit.verdicts[verdict] = (audit.verdicts[verdict] ?? 0) + 1;
    const rule = data.gate !== null && data.gate !== undefined && "rule" in data.gate ? data.gate.rule : undefined;
    if (rule !== undefined) audit.rules[rule] = (audit.rules[rule] ?? 0) + 1;
    open.set(textOf(data.tool_call_id) ?? "", Array.isArray(data.touches) ? data.touches : []);
  }

  function tookOutput(data: Data<"tool_output">): void {
    const id = textOf(data.tool_call_id) ?? "";
    const tool = textOf(data.tool) ?? "";
    facts.tools[tool] ??= { calls: 0, failed: 0 };
    const counts = facts.tools[tool];
    counts.calls += 1;
    if (data.success !== true) counts.failed += 1;
    if (data.outcome === "unknown") audit.unknown += 1;
    spent.tools_usd += numberOf(data.cost_usd);
    if (data.success === true) {
      for (const touch of open.get(id) ?? []) if (touch.kind === "write") written.add(touch.path);
    }
    open.delete(id);
  }

  return {
    take(record) {
      if (holdsLost(record.data)) audit.lost_texts += 1;
      switch (record.type as DurableType) {
        case "session_started": {
          const data = dataOf<"session_started">(record);
          facts.created_by = textOf(data.created_by);
          facts.forked_from = data.forked_from ?? null;
          facts.imported_from = textOf(data.imported_from);
          break;
        }
        case "process_started":
          audit.processes += 1;
          audit.repaired_bytes += numberOf(dataOf<"process_started">(record).repaired_bytes);
          break;
        case "history_imported":
          facts.dropped_messages += numberOf(dataOf<"history_imported">(record).dropped);
          break;
        case "llm_call":
          addCall(spent, dataOf<"llm_call">(record));
          break;
        case "tool_call":
          tookCall(dataOf<"tool_call">(record));
          break;
        case "tool_state_change": {
          const { state } = dataOf<"tool_state_change">(record);
          if (state === "approved" || state === "rejected") audit[state] += 1;
          break;
        }
        case "tool_output":
          tookOutput(dataOf<"tool_output">(record));
          break;
        case "hf_job_submit": {
          const { job_id, job_url, flavor, price_usd_per_hour: price } = dataOf<"hf_job_submit">(record);
          const known = { job_url: textOf(job_url) ?? "", flavor: textOf(flavor) ?? "" };
          const id = textOf(job_id) ?? "";
          jobs.set(id, { job_id: id, ...known, price_usd_per_hour: typeof price === "number" ? price : null });
          break;
        }
        case "hf_job_complete": {
          const { job_id, estimated_cost_usd } = dataOf<"hf_job_complete">(record);
          if (jobs.delete(textOf(job_id) ?? "")) spent.tools_usd += numberOf(estimated_cost_usd);
          break;
        }
        case "plan_update": {
          const { plan } = dataOf<"plan_update">(record);
          facts.plan = Array.isArray(plan) ? plan.map(({ content, status }) => ({ content, status })) : [];
        }
      }
    },
    facts: () => ({
      ...facts,
      open_jobs: [...jobs.values()],
      written_files: [...written],
      audit: { ...audit, open_calls: open.size },
    }),
  };
}

function addCall(spent: Spent, data: Data<"llm_call">): void {
  spent.model_calls += 1;
  if (typeof data.cost_usd === "number") spent.usd += numberOf(data.cost_usd);
  else spent.unknown += 1;
  spent.assumed_usd += numberOf(data.assumed_usd);
  spent.prompt_tokens += numberOf(data.prompt_tokens);
  spent.completion_tokens += numberOf(data.completion_tokens);
}

/** The journal puts a sentence in the place of a text whose file it cannot read. */
function holdsLost(value: unknown): boolean {
  if (typeof value === "string") return /^\[\d+ bytes of text are lost: blobs\//.test(value);
  return typeof value === "object" && value !== null && Object.values(value).some(holdsLost);
}
