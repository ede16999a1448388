// What the screen knows: everything that views show, and nothing of how they show it. A model is never changed; each
// batch of inputs makes the next one, and what a batch does not touch is the same object in both.
import type { PlanItem } from "../../../actors/events.ts";
import { emptyMoney, type Money } from "../../../actors/session/money.ts";
import type { ApprovalMode, Question } from "../../chat/types.ts";
import type { Block, BlockId } from "./blocks.ts";
import type { Job, ModelCall, ModelChoice, SubAgent, Tokens } from "./facts.ts";

/** Which session is shown. */
export interface SessionFacts {
  readonly id: string;
  /** The user's name for it, or null. */
  readonly name: string | null;
  /** The workspace, absolute. */
  readonly cwd: string;
  /** Milliseconds since 1970; 0 before that is known. */
  readonly createdAt: number;
  /** Counts the processes that have had the session open. */
  readonly epoch: number;
  /** Everything is up. */
  readonly ready: boolean;
  /** The session has been closed, or cannot go on. */
  readonly over: boolean;
}

/** How far the events have been taken. */
export interface Sync {
  /** Seq of the newest durable event. */
  readonly seq: number;
  /** Events are missing: those from `from` on are to be delivered again; one as new as `seen` was passed over. */
  readonly gap: { readonly from: number; readonly seen: number } | null;
}

/** A turn that runs. */
export interface Turn {
  readonly inputId: string;
  /** When it began, milliseconds since 1970; null where that is not known. */
  readonly startedAt: number | null;
  /** Calls of the model so far. */
  readonly iterations: number;
  /** It is to end at once. */
  readonly interrupting: boolean;
}

/** What undo goes back to. */
export interface Mark {
  readonly inputId: string;
  readonly text: string;
  readonly plan: readonly PlanItem[];
  readonly turns: number;
}

/** Input that waits to start a turn or to join the running one. */
export interface Queued {
  readonly inputId: string;
  readonly text: string;
  readonly via: "input" | "steer";
}

/** A question that waits for a person, with all that it takes to decide. */
export interface PendingQuestion extends Question {
  /** When it was asked, milliseconds since 1970; 0 where that is not known. */
  readonly askedAt: number;
}

/** A part of the program that has been restarted. */
export interface ActorHealth {
  readonly actor: string;
  /** Restarts by this process. */
  readonly restarts: number;
  readonly reason: string;
  /** When the last one was, milliseconds since 1970. */
  readonly at: number;
}

/** Something to tell a user who looks elsewhere: a bell, or a message of the terminal's own. */
export interface Notification {
  /** Counts up; what was told once is not told again. */
  readonly id: number;
  readonly at: number;
  readonly about: "approval" | "turn" | "job" | "cost" | "terminated";
  /** One line, as it came: to be made safe where it is shown. */
  readonly text: string;
}

/** The terminal, as far as views ask. */
export interface ScreenFacts {
  readonly width: number;
  readonly height: number;
  /** Whether the user looks at it; null: it does not tell, which counts as yes. */
  readonly focused: boolean | null;
  /** The time of the newest tick, milliseconds since 1970. */
  readonly now: number;
}

/** Everything that views show. */
export interface Model {
  readonly session: SessionFacts;
  readonly sync: Sync;
  /** The transcript, oldest first. */
  readonly blocks: readonly Block[];
  readonly nextBlock: BlockId;
  /** Blocks before these that are not kept. */
  readonly dropped: number;
  /** Characters that the blocks keep, about. */
  readonly weight: number;
  /** Blocks of the reply that is being written; null: none. */
  readonly live: { readonly text: BlockId | null; readonly thinking: BlockId | null };
  /** The blocks of calls that have no end yet, by the call's own id. */
  readonly open: ReadonlyMap<string, BlockId>;
  /** Calls whose arguments and outputs are kept whole, oldest first. */
  readonly whole: readonly BlockId[];
  readonly turn: Turn | null;
  readonly turns: number;
  readonly marks: readonly Mark[];
  readonly queue: readonly Queued[];
  /** Texts of the user that were taken back, out of the queue or with a turn, and are not in the input yet. */
  readonly withdrawn: readonly string[];
  /** The user has said stop, or the session cannot go on: what waits does not start by itself. */
  readonly held: boolean;
  readonly plan: readonly PlanItem[];
  readonly questions: readonly PendingQuestion[];
  readonly approval: ApprovalMode;
  readonly jobs: readonly Job[];
  readonly agents: readonly SubAgent[];
  readonly choice: ModelChoice;
  readonly asking: ModelCall | null;
  /** The conversation is to be made shorter at the user's word. */
  readonly compacting: boolean;
  readonly tokens: Tokens;
  readonly money: Readonly<Money>;
  readonly actors: readonly ActorHealth[];
  /** The newest ones. */
  readonly notifications: readonly Notification[];
  readonly nextNotification: number;
  readonly screen: ScreenFacts;
}

/** The model before anything is known. */
export function emptyModel(): Model {
  return {
    session: { id: "", name: null, cwd: "", createdAt: 0, epoch: 0, ready: false, over: false },
    sync: { seq: 0, gap: null },
    blocks: [],
    nextBlock: 1,
    dropped: 0,
    weight: 0,
    live: { text: null, thinking: null },
    open: new Map(),
    whole: [],
    turn: null,
    turns: 0,
    marks: [],
    queue: [],
    withdrawn: [],
    held: false,
    plan: [],
    questions: [],
    approval: "ask",
    jobs: [],
    agents: [],
    choice: { model: "", facts: null, wanted: null, effort: "off" },
    asking: null,
    compacting: false,
    tokens: {
      context: null,
      reported: null,
      prompt: null,
      cached: null,
      totals: { calls: 0, promptTokens: 0, completionTokens: 0, cachedTokens: 0 },
    },
    money: emptyMoney(),
    actors: [],
    notifications: [],
    nextNotification: 1,
    screen: { width: 80, height: 24, focused: null, now: 0 },
  };
}
