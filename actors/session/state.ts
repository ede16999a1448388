// The state of a session: a fold of its journal and nothing else.
import type {
  Access,
  DurableEvents,
  FinishReason,
  Gate,
  Json,
  ModelFacts,
  OnCrash,
  PlanItem,
  Preview,
  StopReason,
} from "../events.ts";
import type { Effort, Message } from "../llm/protocol.ts";
import type { McpTool } from "../mcp/protocol.ts";
import type { PolicyRule } from "../policy.ts";
import type { ToolRuntime } from "../tools/protocol.ts";
import type { Guard } from "../watcher/protocol.ts";
import { emptyMoney, type Money } from "./money.ts";

/** Starts of one model call, and of one call that is safe to repeat, before it is given up. */
export const maxStarts = 3;
/** Replies in a row that may be cut off by the output limit. */
export const maxTruncated = 3;

/** Where a call of the current reply stands. */
export interface CallState {
  id: string;
  tool: string;
  arguments: Json;
  onCrash: OnCrash;
  touches: Access[];
  title: string;
  timeoutMs: number;
  /**
   * `refused`: will not run and has no terminal event yet. `asking`: needs a person who has not been asked yet.
   * `approval`: waits for that person. `edited`: that person has changed its arguments, which are to be checked.
   * `waiting`: may start. `done`: has its terminal event.
   */
  status: "refused" | "asking" | "approval" | "edited" | "waiting" | "running" | "done";
  gate: Gate;
  /** A person has changed the model's arguments. */
  edited: boolean;
  /** What a person was shown of it when they were asked; null: nothing, or nobody was. */
  preview: Preview | null;
  /** Starts by this process. */
  attempts: number;
  /** Starts by any process. */
  starts: number;
  /** The message for the model, once done. */
  result: Extract<Message, { role: "tool" }> | null;
}

/** A turn that has begun and not ended. */
export interface TurnState {
  number: number;
  inputId: string;
  /** Replies of the model so far. */
  replies: number;
  /** How often this process has begun the model call that is due. */
  modelStarts: number;
  /** Calls denied for want of an approval. */
  denied: number;
  /** How often the provider has refused the conversation as too long. */
  overflows: number;
  /** Replies in a row without a call that left the plan unfinished, and were not let pass. */
  nudges: number;
  /** Calls of tools so far. */
  callsMade: number;
  /** The model has failed and another has taken over. */
  failedOver: boolean;
  /** Replies in a row that were empty, and that the output limit cut off. */
  emptyReplies: number;
  truncatedReplies: number;
  /** What is due once nothing is under way: a model call, the calls of the newest reply, or the turn's end. */
  due: "model" | "calls" | "end";
  /** Text of the newest reply, with that of the cut-off replies which it continues. */
  text: string;
  /** Calls of the newest reply that are not on record yet. */
  unprepared: { id: string; tool: string; arguments: Json }[];
  /** Calls on record of the newest reply, in call order; empty once all are done and in the history. */
  calls: CallState[];
  /** How the newest reply ended. */
  finish: FinishReason | null;
  /** The model that the newest call went to. */
  model: string;
  /** What the watcher has said since the newest model call. */
  guards: Guard[];
  /** A tool that the next reply may not use, and the one that the newest reply may not. */
  forbidNext: string | null;
  forbidden: string | null;
  /** The name by which the watcher has the turn end. */
  stop: StopReason | null;
  /** Seq of the event that began the turn. */
  seq: number;
  /** Set once the turn is to end at once. */
  interrupting: "user" | "signal" | null;
}

/** Input that waits to start a turn or to join the running one. */
export interface QueuedInput {
  inputId: string;
  text: string;
  via: "input" | "steer";
}

/** A command of the user's own that the model has not seen yet. */
export interface UserCommand {
  id: string;
  command: string;
  /** How it ended; null while it may still run. */
  ended: DurableEvents["user_command_ended"] | null;
}

/** What undo goes back to: how things were before a turn. */
export interface Mark {
  inputId: string;
  historyLength: number;
  plan: PlanItem[];
  turns: number;
}

/** Another model that is wanted, on its way to be used. */
export interface WantedModel {
  model: string;
  effort: Effort | null;
  /** What is known of it, once it has answered. */
  facts: ModelFacts | null;
  /** The conversation was made shorter so that it fits. */
  fitted: boolean;
}

/** A job on the Hub that this session has started. */
export type RemoteJob = DurableEvents["hf_job_submit"] & {
  /** Milliseconds since 1970. */
  submittedAt: number;
  /** How it ended; null while it may still run. */
  ended: DurableEvents["hf_job_complete"] | null;
  /** The call that waited for it was interrupted by the user: it is to be cancelled. */
  toCancel: boolean;
  /** The model knows of its end. */
  told: boolean;
};

/** A sub-agent that has worked for this session. */
export interface SubAgent {
  id: string;
  label: string;
  /** The call that it worked on last. */
  callId: string;
  /** What of its spending is in this session's books, in millionths of a US dollar. */
  booked: number;
  isRunning: boolean;
}

/** Everything the session knows. */
export interface SessionState {
  seq: number;
  cwd: string;
  /** The user's name for the session, or null. */
  name: string | null;
  model: string;
  /** What is known of the model; null before anybody was asked. */
  facts: ModelFacts | null;
  /** This process has asked what is known of the model. */
  factsFresh: boolean;
  wanted: WantedModel | null;
  /** How hard the model is to think, where the user has said so in this session. */
  effort: Effort | null;
  /** Rules that the user's answers have added; they hold until the process ends. */
  sessionRules: PolicyRule[];
  /** Where the newest text from outside that nobody vouches for came from; null: there is none. */
  tainted: string | null;
  money: Money;
  /**
   * The tools of MCP servers that models are offered in this turn, their size in characters, and those that they are
   * offered from the next turn on (null: the same). The one list of them: prompts and calls go by it.
   */
  mcp: { offered: McpTool[]; chars: number; next: McpTool[] | null };
  /** The jobs on the Hub, by their id there. */
  jobs: Map<string, RemoteJob>;
  /** The sub-agents, by their id. */
  agents: Map<string, SubAgent>;
  createdAt: number;
  /** Where the session began, as the system prompt names it. */
  zone: { time_zone: string; utc_offset_minutes: number };
  /** Where bash and the file tools work. */
  toolRuntime: ToolRuntime;
  /** The user's standing instructions as they were when the session began; empty for none. */
  instructions: string;
  epoch: number;
  turns: number;
  turn: TurnState | null;
  /** The conversation as the model sees it. */
  history: Message[];
  /** Characters of `history`. */
  chars: number;
  /** What the newest reply reported: tokens of the request and the reply, and the characters of both. */
  measured: { tokens: number; chars: number; estimated?: true } | null;
  /** Tokens of the model call whose reply comes next in the journal. */
  reported: number | null;
  /** Why the conversation must be compacted before the next model call, if it must. */
  mustCompact: "overflow" | "manual" | null;
  /** The model's window in tokens, where a refusal named it. */
  learnedWindow: number | null;
  /** Changes whenever earlier messages of `history` changed. */
  revision: number;
  plan: PlanItem[];
  /** Absolute path to content hash (null: gone) of the files whose content the model knows. */
  files: Map<string, string | null>;
  queue: QueuedInput[];
  /** Commands of the user's own, by their id, in order. */
  commands: Map<string, UserCommand>;
  /** The user has said stop, or the session cannot go on: what waits in the queue does not start by itself. */
  halted: boolean;
  marks: Mark[];
  /** Every call id that was ever used, so that each stands for one call. */
  callIds: Set<string>;
  /** Tokens that the whole session has used, as far as providers have said. */
  totals: { calls: number; promptTokens: number; completionTokens: number; cachedTokens: number };
}

/** The state before the first event. */
export function emptyState(): SessionState {
  return {
    seq: 0,
    cwd: "",
    name: null,
    model: "",
    facts: null,
    factsFresh: false,
    wanted: null,
    effort: null,
    sessionRules: [],
    tainted: null,
    money: emptyMoney(),
    mcp: { offered: [], chars: 0, next: null },
    jobs: new Map(),
    agents: new Map(),
    createdAt: 0,
    zone: { time_zone: "UTC", utc_offset_minutes: 0 },
    toolRuntime: "local",
    instructions: "",
    epoch: 0,
    turns: 0,
    turn: null,
    history: [],
    chars: 0,
    measured: null,
    reported: null,
    mustCompact: null,
    learnedWindow: null,
    revision: 0,
    plan: [],
    files: new Map(),
    queue: [],
    commands: new Map(),
    halted: false,
    marks: [],
    callIds: new Set(),
    totals: { calls: 0, promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
  };
}

/** The call with this id among those of the newest reply, or undefined. */
export function callOf(state: SessionState, id: string): CallState | undefined {
  return state.turn?.calls.find((call) => call.id === id);
}

/** Whether the model call that is due has died with its caller too often to be begun again. */
export function modelGivenUp(turn: TurnState): boolean {
  return turn.modelStarts >= maxStarts;
}
