// What the transcript is made of. A block is never changed: another takes its place, with the same id and a higher
// version, so that a view can keep what it has laid out for (id, version, width).
import type {
  Access,
  AnsweredBy,
  CompactTrigger,
  Failure,
  FinishReason,
  Gate,
  Json,
  PlanItem,
  Preview,
  TurnCompleteReason,
} from "../../../actors/events.ts";
import type { CommandOutcome } from "../../chat/commands/outcome.ts";
import type { Log } from "./log.ts";
import type { Note } from "./notes.ts";
import type { CallResult, CallStatus } from "./results.ts";

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

/** A text that grows: what has been there for a while, and the end that came lately. */
export interface Growth {
  readonly settled: string;
  readonly fresh: string;
}

/** A reply of the model. */
export interface AssistantBlock extends BlockBase {
  readonly kind: "assistant";
  readonly text: string;
  /** The text in two while it grows, so that what is new can be read by itself; null: it is whole. */
  readonly growth: Growth | null;
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
  readonly calls: readonly {
    readonly callId: string;
    readonly title: string;
    readonly answer: Answer;
    /** Who gave it, where that was not the person at the screen. */
    readonly by?: AnsweredBy;
  }[];
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
