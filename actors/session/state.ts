// The state of a session: a fold of its journal and nothing else.
import type { Access, FinishReason, Json, OnCrash, PlanItem } from "../events.ts";
import type { Message } from "../llm/protocol.ts";

/** Where a call of the current reply stands. */
export interface CallState {
  id: string;
  tool: string;
  arguments: Json;
  onCrash: OnCrash;
  touches: Access[];
  title: string;
  timeoutMs: number;
  /** `waiting`: accepted, not started. `approval`: waits for a person. `done`: has its terminal event. */
  status: "waiting" | "approval" | "running" | "done";
  /** Starts so far. */
  attempts: number;
  /** The seq of its last `running`, to tell calls of this process from those of an earlier one. */
  startedSeq: number;
}

/** A turn that has begun and not ended. */
export interface TurnState {
  number: number;
  inputId: string;
  /** Model calls begun in this turn. */
  iterations: number;
  /** Calls denied for want of an approval. */
  denied: number;
  /** How many times in a row the model gave nothing, or was cut off. */
  emptyReplies: number;
  truncatedReplies: number;
  /** The reply whose calls are being worked on, in call order; empty while the model is due. */
  calls: CallState[];
  /** Reply calls that no `tool_call` stands for yet. */
  unprepared: { id: string; tool: string; arguments: Json }[];
  lastReply: { text: string; finish: FinishReason } | null;
}

/** Input that waits. */
export interface QueuedInput {
  inputId: string;
  text: string;
  via: "input" | "steer";
}

/** Everything the session knows. */
export interface SessionState {
  seq: number;
  cwd: string;
  model: string;
  createdAt: number;
  epoch: number;
  turns: number;
  turn: TurnState | null;
  /** The conversation as the model sees it. */
  history: Message[];
  /** Changes whenever earlier messages of `history` changed. */
  revision: number;
  plan: PlanItem[];
  /** Absolute path to content hash (null: gone) of the files whose content the model knows. */
  files: Record<string, string | null>;
  queue: QueuedInput[];
  /** Where each undoable turn began: index in `history` and the plan before it. */
  marks: { inputId: string; historyLength: number; plan: PlanItem[]; files: Record<string, string | null> }[];
  totals: { calls: number; costUsd: number; unknownCosts: number; promptTokens: number; completionTokens: number };
  terminated: boolean;
}
