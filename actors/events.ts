// The one catalogue of events: every fact that a session states, typed, and marked durable (a line of the journal,
// numbered) or ephemeral (seen by those who listen now, never stored). Nothing else invents an event. The names are
// those of the original ML Intern where it had them.
import type { Effort, Message } from "./llm/protocol.ts";
import type { McpTool } from "./mcp/protocol.ts";
import type { PolicyRule } from "./policy.ts";
import type { ToolRuntime } from "./tools/protocol.ts";
import type { Guard } from "./watcher/protocol.ts";

/** A value that JSON carries. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** One step of the agent's plan. */
export interface PlanItem {
  id: string;
  content: string;
  status: "pending" | "in_progress" | "completed";
}

/** A call of a tool as the model asked for it. */
export interface ToolCall {
  id: string;
  tool: string;
  /** The arguments as parsed JSON; when the model's text was no JSON object, the text itself as a string. */
  arguments: Json;
}

/** Tokens of one model call. `null` means that the provider did not say. */
export interface Usage {
  prompt_tokens: number | null;
  completion_tokens: number | null;
  total_tokens: number | null;
  cache_read_tokens: number | null;
  cache_creation_tokens: number | null;
}

/** Why a model stopped writing. `truncated`: the output limit; `refusal`: the provider's or the model's own. */
export type FinishReason = "stop" | "tool_calls" | "truncated" | "refusal" | "unknown";

/** What must be replayed to the provider that wrote a message (signed thinking, encrypted reasoning), unchanged. */
export interface NativeReplay {
  /** The provider's folder name, for example `anthropic`. */
  provider: string;
  /** The model id that wrote it: another model must not be shown it. */
  model: string;
  blocks: Json;
}

/** What a call touches, so that calls of one reply which conflict run in order and the policy can judge them. */
export type Access =
  | { kind: "read" | "write"; path: string }
  /** Runs code in a folder: anything below it may change. `open`: nothing holds it there, so that anything may. */
  | { kind: "run"; path: string; open?: true }
  /** `address`: the whole of what is asked for, where the call sends nothing beside it. */
  | { kind: "network"; host: string; address?: string }
  /** Costs money: at most so many US dollars (null: unknown), charged to `payer` where it is known. */
  | { kind: "spend"; usd: number | null; payer?: string }
  /** Makes something known outside this machine, or changes it there: an upload, a post, a merge. */
  | { kind: "publish"; host: string; target: string; what: PublishKind }
  /** Removes something outside this machine. */
  | { kind: "delete"; host: string; target: string; what: string };

/** What is published. Those on the always-ask list of the policy are asked for in every mode. */
export type PublishKind =
  | "message"
  | "upload"
  | "merge"
  | "create_repo"
  | "visibility_public"
  | "force_push"
  | "scheduled_job"
  /** A call of a foreign program that nobody vouches for: what it does is its own to know. */
  | "mcp_call"
  | "other";

/**
 * What the end of a process means for a call that was in flight. `pure`: run again. `keyed`: run again with the same
 * key. `probe`: look at the world, then decide. `adopt`: attach to what still runs. `effect`: never again; the model
 * is told that it may have happened.
 */
export type OnCrash = "pure" | "keyed" | "probe" | "adopt" | "effect";

/** What the check and the policy said of a call. `rule` names what decided, for the audit. */
export type Gate =
  | { verdict: "run"; rule?: string }
  | {
      verdict: "ask";
      reason: string;
      rule?: string;
      /** No rule and no mode passes it: a person has to answer each time. */
      always?: boolean;
      /** The rule that "for this session" would add, or absent where that answer is not on offer. */
      session_rule?: PolicyRule;
      /** Untrusted text that was read before and may have put the wish there. */
      source?: string;
    }
  /** `text` is what the model reads instead of a result. */
  | { verdict: "refused"; outcome: "denied" | "forbidden" | "invalid" | "over_budget"; text: string; rule?: string };

/** Why the watcher ends a turn. */
export type StopReason = "doom_loop" | "malformed_calls" | "no_progress";

/** A named end of a turn that reached its end. */
export type TurnCompleteReason =
  | "done"
  | StopReason
  | "iteration_limit"
  | "budget"
  | "truncated"
  | "empty_reply"
  | "refusal";

/** Why the conversation is made shorter. `switch`: so that another model's window takes it. */
export type CompactTrigger = "threshold" | "overflow" | "manual" | "switch";

/** What a model call is for. */
export type CallKind = "main" | "summary" | "research" | "probe";

/** What a person reads before they approve: the change, the command or the script as it would run. */
export interface Preview {
  kind: "diff" | "command" | "script" | "text";
  text: string;
}

/** Who answered a question, where it was not the person at the terminal. */
export type AnsweredBy =
  /** An approver, by Slack's id and name of them. */
  | { via: "slack"; user_id: string; user_name: string }
  /** Nobody, for so many minutes. */
  | { via: "timeout"; minutes: number };

/** What is known of a model. */
export interface ModelFacts {
  model: string;
  /** Tokens of the context window; null when nobody says. */
  context_tokens: number | null;
  /** US dollars per million tokens; null when unknown, zeros when it is known to be free. */
  price: { input: number; output: number; cacheRead?: number; cacheWrite?: number } | null;
  /** Whether it can call tools; null when nobody says. */
  tools: boolean | null;
  /** The most output tokens that a request will ask for. */
  max_output_tokens: number;
  /** Who says so. `unknown`: nobody. */
  source: "config" | "catalogue" | "provider" | "server" | "builtin" | "unknown";
  /** When the facts were fetched, milliseconds since 1970; null for what is not fetched. */
  as_of: number | null;
}

/** A durable event that a running call states itself, before its end. */
export type ToolFact = Extract<NewEvent, { type: (typeof toolFacts)[number] }>;

/** The events that a running call may state. */
export const toolFacts = ["hf_job_submit", "hf_job_complete"] as const satisfies DurableType[];

/** A typed failure as events carry it. */
export interface Failure {
  code: string;
  message: string;
  /** What the user can do about it. */
  hint?: string;
}

/** Events that are lines of the journal. */
export interface DurableEvents {
  /** First line of every journal. */
  session_started: {
    version: 1;
    cwd: string;
    model: string;
    created_by: string;
    /** The machine's time zone, and the minutes that its clocks were ahead of UTC; absent: UTC. */
    time_zone?: string;
    utc_offset_minutes?: number;
    /** The user's standing instructions, as the section of the system prompt that they are; absent: none. */
    instructions?: string;
    /** Where bash and the file tools work; absent: here. */
    tool_runtime?: ToolRuntime;
    /** The session that this one was forked from, and the seq up to which it was copied. */
    forked_from?: { session_id: string; seq: number };
    /** The file that this session was imported from. */
    imported_from?: string;
  };
  /** A process took the session over (also the first one); fences older processes. */
  process_started: {
    epoch: number;
    pid: number;
    /** Bytes of a torn last line that were cut off the journal, and kept beside it. */
    repaired_bytes?: number;
  };
  /** Input of the user; `queued` when it waits for the running turn to end or, steered, to make its next call. */
  user_message: { content: string; input_id: string; via: "input" | "steer"; queued: boolean };
  /** A turn began, on this user message. */
  processing: { message: string; turn: number; input_id: string };
  /** The user took back an input that had waited in the queue. */
  input_withdrawn: { input_id: string };
  /** Steered input joined the running turn. */
  steered: { input_id: string };
  /** The user runs a command of their own, beside the turns. */
  user_command: { command_id: string; command: string };
  /** It has ended, with what a call of `bash` would have come to. */
  user_command_ended: { command_id: string; command: string } & Pick<
    DurableEvents["tool_output"],
    "output" | "success" | "outcome" | "duration_ms" | "untrusted" | "data"
  >;
  /** The model gets to see it, with what it printed. */
  user_command_told: { command_id: string };
  /** A note of the program to the model, not a message of the user's. `job_id`: the job whose end it tells. */
  notice: { content: string; reason: string; job_id?: string };
  /** The watcher has seen the turn go wrong; it is acted on before the next model call. */
  guard_raised: { guard: Guard };
  /** The model is about to be called; under a budget, so much is set aside until its `llm_call`. */
  llm_started: { iteration: number; model: string; kind?: CallKind; reserved_micro_usd?: number };
  /** A finished reply of the model. `content` may be empty when there are calls. */
  assistant_message: {
    content: string;
    tool_calls: ToolCall[];
    finish_reason: FinishReason;
    model: string;
    native?: NativeReplay;
  };
  /** One model call ended, well or not; what it used and cost. */
  llm_call: {
    kind: CallKind;
    model: string;
    latency_ms: number;
    /** Milliseconds from the request to the first token, or null. */
    first_token_ms: number | null;
    finish_reason: FinishReason | "error" | "interrupted";
    attempts: number;
    /** US dollars; null when the price or the usage is unknown, 0 only when it is known to be free. */
    cost_usd: number | null;
    /**
     * US dollars that may have been charged besides, at most: attempts that failed in the middle, a reply that was cut
     * off. Null when that cannot be bounded; absent: nothing.
     */
    assumed_usd?: number | null;
  } & Usage;
  /** A call was accepted, refused or found malformed: it is now on record and will get exactly one `tool_output`. */
  tool_call: {
    tool: string;
    /** As validated and completed with defaults; as the model wrote them when they are not valid. */
    arguments: Json;
    tool_call_id: string;
    on_crash: OnCrash;
    touches: Access[];
    /** One line for people: what this call is about to do. */
    title: string;
    /** Milliseconds that the call may take. */
    timeout_ms: number;
    /** Whether it may run. Part of this event, so that no crash can come between a call and its verdict. */
    gate: Gate;
  };
  /** A call moved: it waits for approval, was approved or rejected, started (written before its effect), or is being cancelled. */
  tool_state_change: {
    tool_call_id: string;
    tool: string;
    state: "approved" | "rejected" | "running" | "cancelled" | "abandoned";
    /** With `running`: which start of the call this is. */
    attempt?: number;
    /** With `rejected`: the person gave words for the model along. */
    feedback?: boolean;
    /** With `approved` and `rejected`: who said so; absent: the person at the terminal, or the run in their place. */
    by?: AnsweredBy;
    /** With `running` of a call that spends: what is set aside for it, in millionths of a US dollar. */
    reserved_micro_usd?: number;
  };
  /** The one terminal event of a call. */
  tool_output: {
    tool: string;
    tool_call_id: string;
    /** What the model reads. */
    output: string;
    success: boolean;
    /**
     * `denied`: it needed an approval that was not given. `forbidden`: the policy refuses it in any case. `unknown`: it
     * may have happened; the program died or the tool was lost, and the call is not safe to repeat.
     */
    outcome:
      | "done"
      | "failed"
      | "denied"
      | "forbidden"
      | "invalid"
      | "over_budget"
      | "cancelled"
      | "timeout"
      | "unknown";
    duration_ms: number;
    /** US dollars that the call has cost; absent or null for a call that spends: what was set aside counts. */
    cost_usd?: number | null;
    /** The output holds text from outside that nobody vouches for, from this source. */
    untrusted?: string;
    /** The typed result, for screens and scripts. */
    data?: Json;
    /** Files whose content the model now knows: absolute path to content hash (null: gone). */
    files?: Record<string, string | null>;
    /** Images that the model should see. */
    images?: { media_type: string; base64: string }[];
  };
  /** A job was started on the Hub, and costs money until it ends. */
  hf_job_submit: {
    job_id: string;
    job_url: string;
    /** Who pays. */
    namespace: string;
    flavor: string;
    timeout_s: number;
    /** `sandbox`, `space`: a machine on which a session works. */
    job_type: "uv" | "docker" | "sandbox" | "space";
    image: string | null;
    title: string;
    /** The call that started it. */
    tool_call_id: string;
    /** US dollars for an hour; null when nobody says. */
    price_usd_per_hour: number | null;
  };
  /** A job on the Hub has really ended. */
  hf_job_complete: {
    job_id: string;
    namespace: string;
    flavor: string;
    /** The stage that the Hub names, in lower case: `completed`, `error`, `canceled`, `deleted`. */
    final_status: string;
    message: string | null;
    /** Seconds from start to end, as far as the Hub says. */
    wall_time_s: number | null;
    /** US dollars; null when the price or the time is unknown. */
    estimated_cost_usd: number | null;
  };
  /** A sub-agent began to work on a call, in a session of its own; under a budget, so much is set aside for it. */
  agent_started: {
    /** The sub-agent's own session, below the folder of this one; a follow-up names an earlier one. */
    agent_id: string;
    tool_call_id: string;
    label: string;
    model: string;
    reserved_micro_usd?: number;
  };
  /** A sub-agent has ended its work on a call. */
  agent_ended: {
    agent_id: string;
    tool_call_id: string;
    outcome: "done" | "partial" | "failed" | "interrupted";
    /** What this work has cost, in US dollars, as in `llm_call`. */
    cost_usd: number | null;
    assumed_usd?: number | null;
    /** Model calls and tool calls of this work. */
    calls: number;
    tool_calls: number;
    prompt_tokens: number;
    completion_tokens: number;
  };
  /** Calls wait for a person. */
  approval_required: {
    tools: {
      tool: string;
      arguments: Json;
      tool_call_id: string;
      title: string;
      reason: string;
      touches?: Access[];
      preview?: Preview;
      always?: boolean;
      session_rule?: PolicyRule;
      source?: string;
    }[];
    count: number;
  };
  /** A person has changed the arguments of a call that waited for them; it is checked and judged again. */
  call_edited: { tool_call_id: string; tool: string; arguments: Json };
  /** The policy got a rule that holds until this process ends. */
  rule_added: { rule: PolicyRule };
  /** The plan, whole. */
  plan_update: { plan: PlanItem[] };
  /** The turn ended; `final_response` is null when the model did not give one. */
  turn_complete: {
    history_size: number;
    final_response: string | null;
    reason: TurnCompleteReason;
    iterations: number;
    /** Calls that were denied for want of an approval in this turn. */
    denied: number;
  };
  /** The turn ended in a failure. */
  error: { error: string; code: string; hint?: string };
  /** The turn is to end at once; `content` is what the model had written so far. Its calls are cancelled next. */
  interrupting: { reason: "user" | "signal"; content: string };
  /** The turn was ended by the user. */
  interrupted: { reason: "user" | "signal" };
  /** The session cannot go on. */
  session_terminated: {
    reason: "context_overflow" | "compaction_failed";
    error: string;
    user_message: string;
  };
  /** The provider refused the conversation as too long. */
  context_overflow: { error: string; window_tokens: number };
  /** The user asked for a compaction. */
  compact_requested: Record<string, never>;
  /** The conversation was made shorter: `prefix` stands in for its messages before `keep_from`. The journal keeps all. */
  compacted: {
    trigger: CompactTrigger;
    old_tokens: number;
    new_tokens: number;
    prefix: Message[];
    keep_from: number;
    summary: string;
    by: "model" | "mechanical" | "none";
    messages_before: number;
    messages_after: number;
  };
  /** A compaction came to nothing and the conversation stays as it is: it failed, or the user stopped it. */
  compact_failed: { trigger: CompactTrigger } & Failure;
  /** The newest turn was taken back; `turns` is 0 when there was none. */
  undo_complete: { turns: number; input_id: string | null };
  /** Another model is wanted: it is tried first. */
  model_requested: { model: string; effort?: Effort };
  /** The wanted model answers, and so much is known of it. */
  model_probed: { model: string; facts: ModelFacts; effort: string | null; latency_ms: number; note?: string };
  /** The wanted model cannot be used; the present one stays. */
  model_rejected: { model: string } & Failure;
  /** Another model answers from now on. */
  model_changed: { model: string; reason?: "user" | "start" | "failover" };
  /** What a model can do and costs, as far as it is known. */
  model_facts: ModelFacts;
  /** The model is to think so hard from now on. */
  effort_changed: { effort: Effort };
  /** What the session may spend in all, in millionths of a US dollar; null for no limit. */
  budget_changed: { cap_micro_usd: number | null };
  /** The session has spent so much that the user should know. */
  cost_warning: { threshold_usd: number; spent_usd: number };
  /** Models are offered these tools of MCP servers, and no others, from the next turn on. All of them, in order. */
  tools_changed: { tools: McpTool[] };
  /** The session got a name. */
  session_renamed: { name: string };
  /** A supervised part was restarted; the session went on. */
  actor_restarted: { actor: string; reason: string; epoch: number };
  /** The session was taken up again by a new process. */
  resume_complete: { restored_count: number; calls_adopted: number; unfinished_turn: boolean };
  /** Messages of a session of another program were taken over. */
  history_imported: { messages: Message[]; dropped: number };
  /** The session was closed in an orderly way. */
  shutdown: { reason: "done" | "user" | "signal" | "error" };
}

/** Events that nobody stores. */
export interface EphemeralEvents {
  /** Everything is up. */
  ready: { message: string; tool_count: number };
  /** Text of the reply as it comes. */
  assistant_chunk: { content: string };
  /** The model's visible thinking as it comes. */
  thinking_chunk: { content: string };
  /** The reply is over; its `assistant_message` follows. `retracted`: what was streamed is void, a retry follows. */
  assistant_stream_end: { retracted: boolean };
  /** Output of a running call or of a user's command as it comes, or with tool `system` a note of the program. */
  tool_log: { tool: string; tool_call_id: string | null; log: string };
  /** A message of the program's reached a destination of the user's. */
  notification_sent: { destination: string; event_type: string };
  /** It did not, and is given up. */
  notification_failed: { destination: string; event_type: string } & Failure;
  /** A question is being put to the approvers of a destination. `wait_ms`: how long the run waits for them; null: for ever. */
  approval_asked: { destination: string; tool_call_id: string; title: string; wait_ms: number | null };
  /** What a sub-agent is doing: its newest step, and what it has come to so far. */
  agent_progress: {
    agent_id: string;
    tool_call_id: string;
    label: string;
    doing: string;
    tool_calls: number;
    tokens: number;
    cost_usd: number | null;
  };
  /** A job on the Hub that no call waits for is seen to be in this stage, as the Hub names it. */
  hf_job_state: { job_id: string; tool_call_id: string; stage: string };
  /** A running call has said nothing for so long. */
  call_silent: { tool: string; tool_call_id: string; title: string; silent_ms: number };
  /** The model has not begun to answer for so long. */
  llm_waiting: { elapsed_ms: number };
  /** The model call failed in a way that a retry may mend. */
  llm_retry: { attempt: number; of: number; delay_ms: number } & Failure;
}

/** Every event by its name. */
export type Events = DurableEvents & EphemeralEvents;
export type DurableType = keyof DurableEvents;
export type EphemeralType = keyof EphemeralEvents;
export type EventType = keyof Events;

/** A durable event before the journal has numbered it. */
export type NewEvent = { [T in DurableType]: { type: T; data: DurableEvents[T] } }[DurableType];
/** An ephemeral event. */
export type NewEphemeral = { [T in EphemeralType]: { type: T; data: EphemeralEvents[T] } }[EphemeralType];

/**
 * An event as readers get it. `seq` counts durable events from 1 without a gap; an ephemeral event carries the seq of
 * the durable event before it. `ts` is milliseconds since 1970, UTC.
 */
export type SessionEvent = {
  [T in EventType]: { type: T; seq: number; ts: number; session_id: string; data: Events[T] };
}[EventType];

/** The end of a turn: exactly one of these follows each `processing`. */
export const turnEnds = [
  "turn_complete",
  "interrupted",
  "error",
  "session_terminated",
] as const satisfies DurableType[];

const durable: Record<DurableType, true> = {
  session_started: true,
  process_started: true,
  user_message: true,
  processing: true,
  input_withdrawn: true,
  steered: true,
  user_command: true,
  user_command_ended: true,
  user_command_told: true,
  notice: true,
  guard_raised: true,
  llm_started: true,
  assistant_message: true,
  llm_call: true,
  tool_call: true,
  tool_state_change: true,
  tool_output: true,
  agent_started: true,
  agent_ended: true,
  hf_job_submit: true,
  hf_job_complete: true,
  approval_required: true,
  plan_update: true,
  turn_complete: true,
  error: true,
  interrupting: true,
  interrupted: true,
  session_terminated: true,
  undo_complete: true,
  call_edited: true,
  rule_added: true,
  model_requested: true,
  model_probed: true,
  model_rejected: true,
  model_changed: true,
  model_facts: true,
  effort_changed: true,
  budget_changed: true,
  cost_warning: true,
  tools_changed: true,
  session_renamed: true,
  history_imported: true,
  context_overflow: true,
  compact_requested: true,
  compacted: true,
  compact_failed: true,
  actor_restarted: true,
  resume_complete: true,
  shutdown: true,
};

/** Whether events of this type are lines of the journal. */
export function isDurable(type: EventType): type is DurableType {
  return type in durable;
}

/** Whether a running call may state an event of this type. */
export function isToolFact(event: NewEvent): event is ToolFact {
  return toolFacts.some((type) => type === event.type);
}
