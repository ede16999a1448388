// The one tool contract. A tool is a plain record in a file of its own; the executor validates its arguments, caps
// its output and turns what it throws into a result.
import type { z } from "zod/mini";
import type { ActorRef } from "../../runtime/index.ts";
import type { Access, Json, OnCrash, Preview, ToolFact } from "../events.ts";
import type { Door } from "../http/types.ts";
import type { JobsProtocol } from "../jobs/protocol.ts";
import type { McpProtocol } from "../mcp/protocol.ts";
import type { NotifierProtocol } from "../notifier/protocol.ts";
import type { RemoteProtocol } from "../remote/protocol.ts";
import type { ResearchProtocol } from "../research/protocol.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import type { SharingArgs, ToolResult } from "./protocol.ts";

/** What a tool can reach while it prepares and runs a call. */
export interface ToolScope {
  /** The workspace, absolute, symlinks resolved. */
  workspace: string;
  /** An absolute path, from the workspace where it is relative; symlinks resolved as far as the path exists. */
  resolve(path: string): string;
  /** Why a real path is closed to every tool (it holds credentials, or state of the agent's own), or null. */
  closed(realPath: string): string | null;
  /** A path as people read it: from the workspace where it lies inside, else absolute. */
  shown(path: string): string;
  /** The host of each destination that the agent may send messages to, by the destination's name. */
  destinations: Readonly<Record<string, string>>;
  /** The folder for what a tool prepares once and uses again (search indexes); null: nothing is kept. */
  cacheDir: string | null;
  /** The session's own folder: for what calls must find again after a crash. Closed to models. */
  sessionDir: string;
  /** Values that must not leave this machine. */
  secrets: readonly string[];
  /** Whether what this session makes on the Hub says so in its card. */
  artifactMetadata: boolean;
  /** Where sessions are shared to, once the user has agreed. */
  sharing: Readonly<SharingArgs>;
  /** The session's id. */
  session: string;
  /**
   * What may be handed on to jobs and Spaces that run for the user, by name: their token for the Hub as HF_TOKEN, and
   * what their settings name. The values belong into the body of that one request: never into a result, a log, or the
   * arguments of anything.
   */
  jobSecrets: Readonly<Record<string, string>>;
}

/** What a tool can use to look at the world before its call is judged. */
export interface LookContext extends ToolScope {
  callId: string;
  /** Fires on interrupt and on timeout. A tool that ignores it is cut off after a grace. */
  signal: AbortSignal;
  /** The way to every service beside the models. */
  door: Door;
  /** Where commands run. */
  sandbox: ActorRef<SandboxProtocol>;
  /** The machine of the Hub's, in the sandbox runtime. */
  remote: ActorRef<RemoteProtocol>;
  /** A folder for copies of that machine's files. */
  mirrorDir: string;
}

/** What a running call can use. */
export interface ToolContext extends LookContext {
  attempt: number;
  /** Content hashes of the files that the model has seen; absent: never seen. */
  seen: Record<string, string | null>;
  /**
   * Shows progress to people, a line or several; the model does not see it. May be called as often as you like: lines
   * are passed on together, and of very many the middle is left out.
   */
  log(text: string): void;
  /** The same for what a program prints, in pieces as they come: a line may begin in one of them and end in the next. */
  stream(piece: string): void;
  /**
   * Puts a fact on record that must not wait for the call's end: a job that costs from now on, a machine that must be
   * found again. Written to the journal in the order of the calls of `tell`.
   */
  tell(fact: ToolFact): void;
  notifier: ActorRef<NotifierProtocol>;
  research: ActorRef<ResearchProtocol>;
  mcp: ActorRef<McpProtocol>;
  /** The follower of jobs. */
  jobs: ActorRef<JobsProtocol>;
  /** The folder for whole outputs of this session's calls; tools may read it. */
  outputs: string;
  /** Characters that the result's text may have before it is cut in the middle. */
  outputChars: number;
  /** The ripgrep program, absolute, or null when there is none. */
  ripgrep: string | null;
  /**
   * Runs one of the pool's pure functions on another core; aborted with the call. `limitMs`: when it is to be given up
   * before the call's own time is over, with `ASK_TIMEOUT`.
   */
  pool<T>(name: string, input: unknown, limitMs?: number): Promise<T>;
}

/** A tool. `A` is what its schema yields. */
export interface Tool<A> {
  name: string;
  /** Written for a model: when to use it, what it answers, what it refuses. */
  description: string;
  /** Object schema; each property carries a description. The JSON Schema that models see is derived from it. */
  input: z.ZodMiniType<A>;
  /** The schema that models see, where it is not derived from `input`. */
  schema?: { [key: string]: Json };
  /** The tool makes no sense in every run: it is there only in those whose `ToolsArgs.offers` name it. */
  conditional?: true;
  /**
   * The parameters that hold a path. Tools get them absolute and real; a path that is closed, or that leads elsewhere
   * by the time the call runs, is refused for them.
   */
  paths?: readonly (keyof A & string)[];
  /** What a crash means for a call in flight. A tool that says nothing is an `effect`. */
  onCrash?: OnCrash;
  /**
   * Looks at the world before the call is judged: fills in what a person should see and what must not change
   * afterwards (a script's text, the payer), or refuses the call by throwing a `ToolError`. What it returns is what is
   * on record, judged, shown, and run. It changes nothing anywhere.
   */
  settle?(args: A, look: LookContext): Promise<A>;
  /** What a call with these arguments touches. It may ask the world what it takes to say so (a price). */
  touches(args: A, look: LookContext): Access[] | Promise<Access[]>;
  /** One line for people: what this call does. Paths come as people read them. */
  title(args: A): string;
  /** Milliseconds that a call may take, when not the general limit. */
  timeoutMs?(args: A): number;
  /** What a person should see before they approve a call, where its arguments alone do not show it. */
  preview?(args: A, context: ToolContext): Promise<Preview | null>;
  /** Does it. What it throws becomes a failed result with the error's message, and hint where it has one. */
  run(args: A, context: ToolContext): Promise<ToolResult>;
  /** For `probe` tools: whether the effect of an interrupted call is there. */
  probe?(
    args: A,
    context: ToolContext,
  ): Promise<{ state: "done"; result: ToolResult } | { state: "not_done" } | { state: "unknown" }>;
}

/** Declares a tool; exists for the inference of `A`. */
export function defineTool<A>(tool: Tool<A>): Tool<A> {
  return tool;
}
