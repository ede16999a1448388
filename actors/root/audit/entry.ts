// What the audit says of an event: who decided what about which call, by which rule. Depends on the journal's events
// alone, so that the same journal always yields the same audit.
import { createHash } from "node:crypto";
import type { JournalRecord } from "../../../runtime/records.ts";
import type { Access, AnsweredBy, DurableEvents, Gate, Json } from "../../events.ts";
import type { PolicyRule } from "../../policy.ts";

/** One decision. */
export interface AuditEntry {
  /** Of the journal's event that states it. */
  seq: number;
  /** When, ISO 8601 in UTC. */
  time: string;
  /** Null for what is about no call. */
  call_id: string | null;
  tool: string | null;
  /** SHA-256, in hex, of the arguments' canonical JSON. */
  arguments_sha256: string | null;
  verdict:
    | Exclude<Gate["verdict"], "refused">
    | Extract<Gate, { verdict: "refused" }>["outcome"]
    | "approved"
    | "rejected"
    | "abandoned"
    | "edited"
    | "rule_added"
    | "budget_changed";
  /** Which rule decided; of an answer, which rule had asked. */
  rule: string | null;
  /** `mode`: how the run deals with questions that it does not put to anybody. */
  who: "policy" | "user" | "mode" | "budget";
  /** Whether the answer came with words for the model. */
  feedback: boolean;
  /** Of an answer that was not given at the terminal: whose it is. */
  by?: AnsweredBy;
  /** US dollars that the call was announced to cost at most; null: unknown. Absent when it costs nothing. */
  cost_usd?: number | null;
  /** With `rule_added`. */
  added?: PolicyRule;
  /** With `budget_changed`, in millionths of a US dollar; null: no limit. */
  cap_micro_usd?: number | null;
}

/** What an answer to a question is about. */
export type Pending = Pick<AuditEntry, "tool" | "arguments_sha256" | "rule" | "cost_usd">;

/** The calls that were asked about and not answered yet, by id. */
export type PendingCalls = Map<string, Pending>;

/** Rules that begin so are no rules but the run's way with questions. */
const modePrefix = "mode:";
/** Cited where a call runs because a person has written its arguments themselves. */
const byPerson = "user:edited";

const answers = new Set(["approved", "rejected", "abandoned"] as const);
type Answer = typeof answers extends Set<infer T> ? T : never;

/** JSON in its one spelling: members sorted by name, no spaces. Members without a value are left out, as JSON does. */
export function canonicalJson(value: Json): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(",")}}`;
}

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function costOf(touches: readonly Access[]): { cost_usd?: number | null } {
  const sums = touches.flatMap((access) => (access.kind === "spend" ? [access.usd] : []));
  if (sums.length === 0) return {};
  return { cost_usd: sums.includes(null) ? null : sums.reduce<number>((sum, usd) => sum + (usd ?? 0), 0) };
}

function decision(gate: Gate): Pick<AuditEntry, "verdict" | "rule" | "who"> {
  const verdict = gate.verdict === "refused" ? gate.outcome : gate.verdict;
  const rule = gate.rule ?? null;
  if (verdict === "over_budget") return { verdict, rule, who: "budget" };
  if (rule === byPerson) return { verdict, rule, who: "user" };
  return { verdict, rule, who: verdict === "denied" || rule?.startsWith(modePrefix) ? "mode" : "policy" };
}

type Facts = Omit<AuditEntry, "seq" | "time">;

function onCall(data: DurableEvents["tool_call"], pending: PendingCalls): Facts {
  const { verdict, rule, who } = decision(data.gate);
  const hash = sha256(canonicalJson(data.arguments));
  const about: Pending = { tool: data.tool, arguments_sha256: hash, rule, ...costOf(data.touches) };
  if (verdict === "ask") pending.set(data.tool_call_id, about);
  else pending.delete(data.tool_call_id);
  return { call_id: data.tool_call_id, ...about, verdict, who, feedback: false };
}

function onAnswer(data: DurableEvents["tool_state_change"], verdict: Answer, pending: PendingCalls): Facts {
  const about = pending.get(data.tool_call_id) ?? { tool: data.tool, arguments_sha256: null, rule: null };
  pending.delete(data.tool_call_id);
  const feedback = "feedback" in data && data.feedback === true;
  const { by } = data;
  // Where nobody answered in time, it is the run's way with questions that decides.
  const who = by?.via === "timeout" ? "mode" : "user";
  return { call_id: data.tool_call_id, ...about, verdict, who, feedback, ...(by === undefined ? {} : { by }) };
}

function onEdited(data: DurableEvents["call_edited"], pending: PendingCalls): Facts {
  const rule = pending.get(data.tool_call_id)?.rule ?? null;
  const about: Pending = { tool: data.tool, arguments_sha256: sha256(canonicalJson(data.arguments)), rule };
  pending.set(data.tool_call_id, about);
  return { call_id: data.tool_call_id, ...about, verdict: "edited", who: "user", feedback: false };
}

const aboutNoCall = { call_id: null, tool: null, arguments_sha256: null, rule: null, who: "user", feedback: false };

function factsOf({ type, data }: JournalRecord, pending: PendingCalls): Facts | null {
  switch (type) {
    case "tool_call":
      return onCall(data as DurableEvents["tool_call"], pending);
    case "tool_state_change": {
      const change = data as DurableEvents["tool_state_change"];
      const answer = [...answers].find((state) => state === change.state);
      return answer === undefined ? null : onAnswer(change, answer, pending);
    }
    case "call_edited":
      return onEdited(data as DurableEvents["call_edited"], pending);
    case "rule_added": {
      const { rule } = data as DurableEvents["rule_added"];
      return { ...aboutNoCall, who: "user", verdict: "rule_added", added: rule };
    }
    case "budget_changed": {
      const { cap_micro_usd } = data as DurableEvents["budget_changed"];
      return { ...aboutNoCall, who: "user", verdict: "budget_changed", cap_micro_usd };
    }
    default:
      return null;
  }
}

/** What the audit says of a record, or null; keeps `pending` up to date. */
export function entryOf(record: JournalRecord, pending: PendingCalls): AuditEntry | null {
  const facts = factsOf(record, pending);
  return facts === null ? null : { seq: record.seq, time: new Date(record.ts).toISOString(), ...facts };
}

/** Takes an entry that is already written into `pending`, as `entryOf` did when it was made. */
export function recall(entry: AuditEntry, pending: PendingCalls): void {
  const { call_id, tool, arguments_sha256, rule, verdict } = entry;
  if (call_id === null) return;
  if (verdict !== "ask" && verdict !== "edited") {
    pending.delete(call_id);
    return;
  }
  const cost = entry.cost_usd === undefined ? {} : { cost_usd: entry.cost_usd };
  pending.set(call_id, { tool, arguments_sha256, rule, ...cost });
}
