// A conversation as fronts hold it: one agent at a time, and what they are told of it. Knows nothing of lines or screens.
import type { Failure, SessionEvent } from "../../actors/events.ts";
import type { Effort } from "../../actors/llm/protocol.ts";
import type { Operation } from "../../actors/operations.ts";
import type { Agent, StartOptions, Stopped } from "../../actors/root/types.ts";
import type { CallState, RemoteJob, SessionState } from "../../actors/session/state.ts";
import type { LocalServerState } from "../cli/local-servers.ts";
import type { Credential } from "../config/credentials/names.ts";

/** A call that waits for a person, with what it takes to decide. */
export type Question = Extract<SessionEvent, { type: "approval_required" }>["data"]["tools"][number];

/** How calls that need an approval are gone about. `auto` still asks for what the policy always asks for. */
export type ApprovalMode = StartOptions["approval"];

/** The session that is wanted next. */
export interface Wish {
  session: StartOptions["session"];
  /** Its workspace, absolute. */
  cwd: string;
  /** The model to use; null: the session's own, or what the settings say. */
  model: string | null;
}

/** A key that a model may need, and where it comes from: a file, `environment`; null: it is not set. Never its value. */
export interface KeyState extends Credential {
  readonly from: string | null;
}

/** A key that was kept. */
export interface KeptKey {
  readonly name: Credential["name"];
  readonly file: string;
  /** Whose it is, where its service says so. */
  readonly owner: string | null;
  /** What goes before it all the same, such as `environment`; null: nothing does. */
  readonly hiddenBy: string | null;
}

/** A key that was given up. */
export interface DroppedKey {
  readonly name: Credential["name"];
  /** What had held it; null: nothing that is the program's to change. */
  readonly file: string | null;
  /** Where one still comes from; null: from nowhere. */
  readonly from: string | null;
}

/** The keys of the user. Every function throws a `FrontError` for what cannot be done. */
export interface Keyring {
  /** Which keys there are, as things are now. */
  keys(): Promise<readonly KeyState[]>;
  /** The servers on this machine, asked just now. */
  servers(): Promise<readonly LocalServerState[]>;
  /** Checks a key with its service, and keeps it where only the user can read it. Nothing changes when it is refused. */
  keep(name: Credential["name"], value: string): Promise<KeptKey>;
  drop(name: Credential["name"]): Promise<DroppedKey>;
}

/** What a conversation is begun with. */
export interface ChatSetup {
  /** The settings of the first session. */
  first: StartOptions;
  /** Makes the settings of another session. Throws a `FrontError` when it cannot be used as things are. */
  prepare(wish: Wish): Promise<StartOptions>;
  start(options: StartOptions): Promise<Agent>;
  /** Models that can be used as things are, best first. */
  suggestions: readonly string[];
  /** The secrets that the settings of a folder hold, by value. */
  secretsIn(cwd: string): Promise<readonly string[]>;
  keyring: Keyring;
}

/** What happened, in the order in which it did. */
export type Happening =
  | { kind: "event"; event: SessionEvent }
  /** On record since before the session was opened: told in order, before the session is said to be open. */
  | { kind: "past"; event: SessionEvent }
  /**
   * A session is open. `calls`: those of its turn that an earlier process has put on record; `state`: as it stands, to be
   * read at once, since it goes on changing.
   */
  | {
      kind: "opened";
      sessionId: string;
      resumed: boolean;
      model: string;
      /** How hard the model thinks. */
      effort: Effort;
      turns: number;
      calls: readonly CallState[];
      state: Readonly<SessionState>;
    }
  /**
   * The session before it was closed. `jobs`: those on the Hub that run on; `ended`: commands of it that were ended; `unsent`: notifications that were not
   * sent; `open`: its turn can be finished later.
   */
  | { kind: "left"; sessionId: string; jobs: readonly RemoteJob[]; ended: number; unsent: number; open: boolean }
  /** Calls were answered without asking, by the mode that is in force. */
  | { kind: "answered"; questions: readonly Question[]; approved: boolean }
  /** Nothing is under way any more, and all that happened has been told. */
  | { kind: "settled" }
  /** The agent has ended by itself; the conversation cannot go on. */
  | { kind: "failed"; failure: Failure };

/** Takes what happened. A promise holds up what comes next, for a slow reader. */
export type Tell = (happening: Happening) => Promise<void> | null;

/** The conversation. */
export interface Chat {
  readonly agent: Agent;
  /** The settings with which the present session was started. */
  readonly options: StartOptions;
  readonly setup: Pick<ChatSetup, "suggestions" | "secretsIn" | "keyring">;
  readonly approval: ApprovalMode;
  /** Whether nothing is under way and all that happened has been told. */
  readonly isSettled: boolean;
  /** Calls that wait for a person, in order. None before what led to them has been told. */
  questions(): Question[];
  /** Hands an operation to the session. Rejects when it could not be put on record: then it did not happen. */
  operate(operation: Operation): Promise<void>;
  /** Sets the mode from now on, for calls that wait already too. */
  setApproval(mode: ApprovalMode): Promise<void>;
  /**
   * Closes the present session and opens another. What still runs in it is ended; its turn can be finished later. Throws
   * when the other cannot be opened: then the present one goes on, or is taken up again.
   */
  replace(wish: Wish, carry?: Partial<Pick<StartOptions, "effort" | "budget">>): Promise<void>;
  /** Ends the conversation in order. Nothing is told any more. */
  close(reason: "user" | "signal" | "error"): Promise<Stopped & { kept: boolean }>;
}
