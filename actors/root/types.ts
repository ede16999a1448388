// What it takes to start the agent, and what a front holds once it runs.

import type { Bus } from "../../runtime/index.ts";
import type { ServiceKeys, Services } from "../http/types.ts";
import type { Effort, LlmArgs } from "../llm/protocol.ts";
import type { McpServer } from "../mcp/protocol.ts";
import type { MessagingArgs, Sent } from "../notifier/protocol.ts";
import type { Operation } from "../operations.ts";
import type { Backend } from "../remote/protocol.ts";
import type { Job } from "../sandbox/protocol.ts";
import type { PolicyRules } from "../session/policy/types.ts";
import type { RemoteJob, SessionState } from "../session/state.ts";
import type { ContextLimits } from "../session/turn/limits.ts";
import type { Shared, ShareWish, ToolRuntime } from "../tools/protocol.ts";
import type { ReadCommand } from "./command-output.ts";
import type { McpDesk } from "./mcp.ts";

/** Everything the agent needs to know; fronts read it from files, flags and the environment. */
export interface StartOptions {
  /** The workspace, absolute. */
  cwd: string;
  /** Where sessions are kept, absolute. */
  stateDir: string;
  /** A new session, or one to take up again by its full id. */
  session: { kind: "new" } | { kind: "resume"; id: string };
  model: string;
  stream: boolean;
  effort: Effort;
  /** Model calls in one turn; -1 for no limit. */
  maxIterations: number;
  /** `ask` waits for an `exec_approval`; `auto` approves what may be approved by rule; `deny` refuses what would ask. */
  approval: "ask" | "auto" | "deny";
  /** Milliseconds that a run without a person waits for approvers elsewhere; 0: not at all. */
  approvalWaitMs: number;
  /** Whether somebody is there to answer, for the rules that make a difference of it. */
  mode: "interactive" | "headless";
  /** The rules that calls are judged by. */
  policy: PolicyRules;
  /** The user's home, absolute and without symbolic links. */
  home: string;
  llm: LlmArgs;
  /** Where bash and the file tools work: here, or on a machine of the Hub's. */
  toolRuntime: ToolRuntime;
  /** Patterns of tools that the user has switched off. */
  toolsOff: string[];
  /** What machines of the Hub's are made of. */
  sandboxBackend: Backend;
  /** Where the services beside the models are, and the keys for them. */
  services: Services;
  serviceKeys: ServiceKeys;
  /** The MCP servers of the configuration, those that are off as well. */
  mcp: McpServer[];
  /** Folders beside the state that are the program's own (its settings), absolute: closed to the tools. */
  guarded: string[];
  /** Whether what a session makes on the Hub says so in its card. */
  artifactMetadata: boolean;
  /** Where sessions are shared to, when the user says so; `{user}` in the name stands for the token's owner. */
  sharing: { dataset: string };
  /** Values that must not get into the log, a message to people, or anything else that leaves the session. */
  secrets: string[];
  /** Values that jobs on the Hub may be given when a call names them, by the names of the variables. */
  jobSecrets: Record<string, string>;
  /** The environment of commands, already reduced to the allow-list. */
  commandEnv: Record<string, string>;
  isolation: "auto" | "off";
  /** Where messages to people go; null: nowhere. */
  messaging: MessagingArgs | null;
  /** The model of sub-agents; null: the session's own. */
  researchModel: string | null;
  /** The model that takes over when the session's own fails for good; null: none. */
  fallbackModel: string | null;
  budget: {
    /** What the session may spend in all, in US dollars; null: no limit; absent: as the session has it. */
    usd?: number | null;
    /** Under a limit, models whose price nobody knows may be called all the same. */
    allowUnknownPrice: boolean;
  };
  context: Omit<ContextLimits, "overheadChars"> & {
    /** The model that writes summaries, or null for the session's own. */
    summaryModel: string | null;
  };
  limits: {
    toolOutputChars: number;
    toolTimeoutMs: number;
    /** Calls that run at the same time. */
    parallelTools: number;
    outputFileBytes: number;
    /** Milliseconds between SIGTERM and SIGKILL of a command. */
    graceMs: number;
    /** Milliseconds for which a run that nobody attends waits for MCP servers that were never seen. */
    mcpFirstWaitMs: number;
  };
  /** The user's standing instructions for a new session, as `loadInstructions` makes them; a resumed one has its own. */
  instructions: string;
  /** Name and version of the program, for the journal and the user agent. */
  createdBy: string;
}

/** What an orderly end came to. */
export interface Stopped {
  /** Jobs on the Hub that run on, and cost. */
  jobs: RemoteJob[];
  /** Commands that were still running and were ended. */
  ended: number;
  /** Messages to people that were not sent before the end. */
  unsent: number;
  /**
   * A thread hangs in native code and keeps the process from exiting by itself; only SIGKILL ends it, and nothing is
   * lost by that.
   */
  stuck: boolean;
}

/** The running agent. */
export interface Agent {
  readonly sessionId: string;
  readonly sessionDir: string;
  /** The event stream: snapshot, replay, live. Events are `SessionEvent`s (see `toSessionEvent`). */
  readonly bus: Pick<Bus, "subscribe">;
  /** The state as folded so far; read only. */
  readonly state: Readonly<SessionState>;
  /** The first event of this process: what comes before it was there when the session was opened. */
  readonly firstSeq: number;
  /** Hands an operation to the session. Rejects when it could not be put on record: then it did not happen. */
  operate(operation: Operation): Promise<void>;
  /**
   * Puts a call that waits for a person to those who may answer from elsewhere, and returns at once; null: there is nobody.
   * Their answer enters like any other. `waitMs`: how long the front waits for it; null: for ever. Resolves once no
   * answer can come from anywhere.
   */
  consult(callId: string, waitMs: number | null): Promise<void> | null;
  /** The commands of the session that still run, in the background too. */
  jobs(): Promise<Job[]>;
  /** All commands of the session that anything is known of, those that are over too. */
  commands(): Promise<Job[]>;
  readonly readCommand: ReadCommand;
  /** Ends a command or a job on the Hub, by the id of the call that began it. False: no such thing runs. */
  stopJob(callId: string): Promise<boolean>;
  /**
   * Shares the session, or shows what would leave; nothing is ever sent without such a wish or a call that was allowed.
   * Rejects with words for people.
   */
  share(wish: ShareWish): Promise<Shared>;
  /** What people can ask of the MCP servers. */
  readonly mcp: McpDesk;
  /** Sends a message to a destination of the configuration, to see whether it arrives. Fails with a `NotifyErrorCode`. */
  testMessage(destination: string): Promise<Sent>;
  /** Ends one actor as a crash would; its supervisor restarts it. For drills: the session must go on. */
  crash(actor: string): void;
  /** Resolves when the agent has ended by itself because a part of it failed beyond repair. */
  readonly failed: Promise<Error>;
  /**
   * Ends everything in order: running commands, actors, journal. With `error`, commands are left running for whoever
   * takes the session up, as after a crash.
   */
  stop(reason: "done" | "user" | "signal" | "error"): Promise<Stopped>;
}
