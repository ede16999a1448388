// What the transcript is made of. A block is never changed: another takes its place, with the same id and a higher
// version, so that a view can keep what it has laid out for (id, version, width).
import type {
  Access,
  CompactTrigger,
  DurableEvents,
  Failure,
  FinishReason,
  Gate,
  Json,
  PlanItem,
  Preview,
  TurnCompleteReason,
} from "../../../actors/events.ts";
import type { Effort } from "../../../actors/llm/protocol.ts";
import type { CommandOutcome } from "../../chat/commands/outcome.ts";
import type { Log } from "./log.ts";

/** Names a block for as long as the model lives; never used twice. */
export type BlockId = number;

/** What every block has. */
export interface BlockBase {
  readonly id: BlockId;
  /** Counts the changes of this block, from 1. */
  readonly version: number;
  /** Seq of the event that it stands for; 0 where it was taken from a state. */
  readonly seq: number;
  /** Milliseconds since 1970 of that event; 0 where that is not known. */
  readonly ts: number;
  /** The input that began the turn which it belongs to; null between turns. */
  readonly turn: string | null;
  /** Whether a replay of the journal shows it again. */
  readonly durable: boolean;
}

/** What the user has said, once it is part of the conversation. */
export interface UserBlock extends BlockBase {
  readonly kind: "user";
  readonly text: string;
  /** `steer`: it joined a turn that ran. */
  readonly via: "input" | "steer";
}

/** A reply of the model. */
export interface AssistantBlock extends BlockBase {
  readonly kind: "assistant";
  readonly text: string;
  /**
   * `live`: more may come. `written`: the stream is over, the final text is on its way. `final`: as it is on record.
   * `cut`: it was cut off, and this is what there was.
   */
  readonly state: "live" | "written" | "final" | "cut";
  /** A part of what streamed was missed; the final text has it. */
  readonly gaps: boolean;
  readonly finish: FinishReason | null;
  readonly model: string;
}

/** What the model lets be seen of its thinking. Never on record. */
export interface ThinkingBlock extends BlockBase {
  readonly kind: "thinking";
  readonly text: string;
  readonly live: boolean;
  /** Milliseconds that it took; null while it goes on. */
  readonly durationMs: number | null;
}

/** The two ends of a long text, by lines. */
export interface Folded {
  /** The text itself, without its middle when it is very long; null once only the ends are kept. */
  readonly whole: string | null;
  readonly head: readonly string[];
  readonly tail: readonly string[];
  /** Lines between them. */
  readonly hidden: number;
}

/** How a call ended. */
export interface CallResult {
  readonly outcome: DurableEvents["tool_output"]["outcome"];
  readonly success: boolean;
  /** Milliseconds; what the record says of calls that did not run is not theirs. */
  readonly durationMs: number;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  /** Exit code of a command; null where there is none. */
  readonly exitCode: number | null;
  readonly output: Folded;
  /** US dollars; null: nothing, or nobody knows. */
  readonly costUsd: number | null;
  readonly untrusted: string | null;
  /** What a change of a file came to, in lines; null members: not counted. */
  readonly change: { readonly path: string; readonly added: number | null; readonly removed: number | null } | null;
  /** Images that the model was shown. */
  readonly images: number;
}

/**
 * Where a call stands. `asking`: a person will be asked. `approval`: waits for that person. `waiting`: may start.
 * `refused` and `rejected`: will not run, and its end comes. `lost`: nobody will tell how it ended.
 */
export type CallStatus =
  | "asking"
  | "approval"
  | "edited"
  | "waiting"
  | "running"
  | "cancelling"
  | "refused"
  | "rejected"
  | "done"
  | "lost";

/** A call of a tool. */
export interface CallBlock extends BlockBase {
  readonly kind: "call";
  readonly callId: string;
  readonly tool: string;
  readonly title: string;
  /** Long texts in them are cut; a question has them as they are. */
  readonly arguments: Json;
  readonly touches: readonly Access[];
  readonly gate: Gate;
  readonly status: CallStatus;
  /** A person has changed the arguments. */
  readonly edited: boolean;
  /** Starts of the call. */
  readonly attempt: number;
  /** When it started last, milliseconds since 1970; null before. */
  readonly startedAt: number | null;
  /** The newest of what it logs while it runs. */
  readonly progress: Log;
  /** Milliseconds of silence that were reported and not broken since; 0: none. */
  readonly silentMs: number;
  readonly preview: Preview | null;
  readonly result: CallResult | null;
}

/** How one question was answered; null: not yet. */
export type Answer = "approved" | "rejected" | "edited" | "abandoned" | "cancelled" | null;

/** Calls that a person was asked about. */
export interface ApprovalBlock extends BlockBase {
  readonly kind: "approval";
  readonly calls: readonly { readonly callId: string; readonly title: string; readonly answer: Answer }[];
}

/** The plan has changed. */
export interface PlanBlock extends BlockBase {
  readonly kind: "plan";
  readonly plan: readonly PlanItem[];
  /** The steps are others than before; else only how far they are. */
  readonly isNew: boolean;
}

/** A turn has ended. */
export interface EndBlock extends BlockBase {
  readonly kind: "end";
  readonly reason: TurnCompleteReason | "interrupted" | "error" | "context_overflow" | "compaction_failed";
  /** What went wrong, where something did. */
  readonly failure: Failure | null;
  /** Milliseconds of the turn; null where its beginning is not known. */
  readonly durationMs: number | null;
  /** Calls of the model; null where nobody counted. */
  readonly iterations: number | null;
  /** Calls denied for want of an approval. */
  readonly denied: number;
}

/** The conversation was made shorter here. */
export interface CompactionBlock extends BlockBase {
  readonly kind: "compaction";
  readonly trigger: CompactTrigger;
  readonly oldTokens: number;
  readonly newTokens: number;
  readonly messagesBefore: number;
  readonly messagesAfter: number;
  readonly by: "model" | "mechanical" | "none";
  readonly summary: string;
}

/** Something short that happened, as data; `sentences.ts` has the words. */
export type Note =
  | { readonly about: "watcher"; readonly reason: string; readonly text: string }
  | { readonly about: "system"; readonly text: string }
  | { readonly about: "model"; readonly model: string; readonly reason: "user" | "start" | "failover" | null }
  | { readonly about: "model_rejected"; readonly model: string; readonly failure: Failure }
  | { readonly about: "effort"; readonly effort: Effort }
  | { readonly about: "budget"; readonly capUsd: number | null }
  | { readonly about: "cost"; readonly thresholdUsd: number; readonly spentUsd: number }
  | { readonly about: "name"; readonly name: string }
  | { readonly about: "rule"; readonly rule: DurableEvents["rule_added"]["rule"] }
  | { readonly about: "overflow"; readonly windowTokens: number }
  | { readonly about: "restart"; readonly actor: string; readonly reason: string; readonly restarts: number }
  | { readonly about: "resumed"; readonly restored: number; readonly adopted: number; readonly unfinished: boolean }
  | { readonly about: "imported"; readonly messages: number; readonly dropped: number }
  /** `text`: what the user had said in the turn that was taken back; null: there was no turn to take back. */
  | { readonly about: "undo"; readonly text: string | null }
  | { readonly about: "sent"; readonly destination: string; readonly eventType: string }
  | { readonly about: "unsent"; readonly destination: string; readonly failure: Failure }
  | { readonly about: "answered"; readonly titles: readonly string[]; readonly approved: boolean }
  | { readonly about: "failure"; readonly failure: Failure }
  | { readonly about: "shutdown"; readonly reason: DurableEvents["shutdown"]["reason"] }
  /** An event of a type that this version does not know. `text`: its data, cut. */
  | { readonly about: "unknown"; readonly type: string; readonly text: string };

/** A note. */
export interface NoteBlock extends BlockBase {
  readonly kind: "note";
  readonly note: Note;
}

/** What a command of the user's came to. */
export interface CommandBlock extends BlockBase {
  readonly kind: "command";
  /** As it was typed. */
  readonly line: string;
  readonly outcome: CommandOutcome;
}

/** A block of the transcript. */
export type Block =
  | UserBlock
  | AssistantBlock
  | ThinkingBlock
  | CallBlock
  | ApprovalBlock
  | PlanBlock
  | EndBlock
  | CompactionBlock
  | NoteBlock
  | CommandBlock;

/** A block before it has its place. */
export type NewBlock = { [K in Block["kind"]]: Omit<Extract<Block, { kind: K }>, keyof BlockBase> }[Block["kind"]];

/** Characters that a block keeps in memory, about. */
export function weightOf(block: Block): number {
  switch (block.kind) {
    case "user":
    case "assistant":
    case "thinking":
      return 200 + block.text.length;
    case "compaction":
      return 200 + block.summary.length;
    case "call":
      return 1_000 + (block.result?.output.whole?.length ?? 0) + (block.preview?.text.length ?? 0);
    default:
      return 1_000;
  }
}
