// What a slash command came to, as data: each front has its own way to show it.

import type { Failure, ModelFacts, PlanItem } from "../../../actors/events.ts";
import type { Effort } from "../../../actors/llm/protocol.ts";
import type { Shared } from "../../../actors/tools/protocol.ts";
import type { FormatName } from "../../sessions/export/formats.ts";
import type { Exported } from "../../sessions/export/write.ts";
import type { Forked } from "../../sessions/fork.ts";
import type { SessionSummary } from "../../sessions/summary.ts";
import type { ApprovalMode, Chat, DroppedKey, KeyState } from "../types.ts";

/** What people are told of a command. */
export interface CommandInfo {
  /** Without the slash. */
  name: string;
  /** The arguments as help shows them; empty for none. */
  args: string;
  summary: string;
}

/** A slash command. `rest` is what follows its name, trimmed. What it throws is told as a refusal. */
export interface Command extends CommandInfo {
  run(chat: Chat, rest: string): Promise<CommandOutcome>;
}

/** Money of a session, in US dollars. */
export interface Cost {
  spentUsd: number;
  /** May have been charged besides, at most. */
  assumedUsd: number;
  /** Model calls that nobody knows the price of. */
  unknown: number;
  /** What the session may spend in all; null: no limit. */
  capUsd: number | null;
  calls: number;
  promptTokens: number;
  completionTokens: number;
  cachedTokens: number;
}

/** Where the conversation stands. */
export interface Status {
  sessionId: string;
  name: string | null;
  cwd: string;
  model: string;
  facts: ModelFacts | null;
  effort: Effort;
  approval: ApprovalMode;
  turns: number;
  messages: number;
  /** Tokens of the conversation as the model's provider counted them last; null before it has. */
  tokens: number | null;
  /** Messages of the user that wait for their turn. */
  queued: number;
  busy: boolean;
  cost: Cost;
}

/** Something that runs for the session. */
export interface RunningWork {
  id: string;
  title: string;
  /** Milliseconds since 1970; null when that is not known. */
  startedAt: number | null;
  background: boolean;
}

/** A place that messages go to, without what is secret of it. */
export interface DestinationInfo {
  name: string;
  provider: string;
  /** The agent may send to it. */
  agent: boolean;
  /** Events that are sent to it by themselves. */
  events: readonly string[];
}

export type CommandOutcome =
  | { kind: "help"; commands: readonly CommandInfo[] }
  /** The session was asked to; its events tell the rest. */
  | { kind: "handed_on" }
  /** There is no message to be taken back. */
  | { kind: "nothing_waits" }
  | { kind: "model"; model: string; facts: ModelFacts | null; wanted: string | null; suggestions: readonly string[] }
  | { kind: "effort"; effort: Effort; levels: readonly Effort[] }
  | { kind: "approval"; mode: ApprovalMode; changed: boolean }
  | { kind: "budget"; cost: Cost }
  | { kind: "cost"; cost: Cost }
  | { kind: "status"; status: Status }
  | { kind: "plan"; plan: readonly PlanItem[] }
  | { kind: "work"; work: readonly RunningWork[] }
  /** Sessions to choose from, newest first, numbered as `/resume N` counts them. */
  | { kind: "sessions"; sessions: readonly (SessionSummary & { number: number; current: boolean })[]; total: number }
  /** Another session has taken the present one's place. `clear`: what is on the screen belongs to the old one. */
  | { kind: "replaced"; clear: boolean; forked: Forked | null }
  | { kind: "exported"; file: string; format: FormatName; exported: Exported }
  /** What sharing the session came to; `shared.url` is null when nothing was sent. */
  | { kind: "shared"; shared: Shared }
  /** How MCP servers stand, in lines. */
  | { kind: "mcp"; lines: readonly string[] }
  /** A theme is wanted from now on; null: one is to be chosen of `names`. */
  | { kind: "theme"; theme: string | null; names: readonly string[] }
  | { kind: "destinations"; destinations: readonly DestinationInfo[] }
  | { kind: "notified"; destination: string; attempts: number }
  /** One of these is to be chosen, and asked for where nobody sees it. */
  | { kind: "keys"; keys: readonly KeyState[] }
  | { kind: "key_dropped"; dropped: DroppedKey }
  | { kind: "quit" }
  | { kind: "refused"; failure: Failure };
