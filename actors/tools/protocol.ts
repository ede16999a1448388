// What the tool executor understands. It keeps no state of its own: what a call needs to know about earlier ones
// comes with the request, so that a crashed executor is simply started again.
import type { Access, Json, OnCrash, PlanItem, Preview, ToolFact } from "../events.ts";
import type { ServiceKeys, Services } from "../http/types.ts";
import type { McpServer, McpTool } from "../mcp/protocol.ts";

/** A call whose arguments were checked. */
export type Prepared =
  | {
      ok: true;
      id: string;
      tool: string;
      /** Validated, coerced, defaults filled in. */
      arguments: Json;
      onCrash: OnCrash;
      touches: Access[];
      title: string;
      timeoutMs: number;
    }
  /** The arguments or the tool's name are not usable; `error` is written for the model. */
  | { ok: false; id: string; tool: string; error: string };

/** A call as the model wrote it. */
export interface UncheckedCall {
  id: string;
  tool: string;
  arguments: Json;
  /** Of a call of an MCP server's tool: what models are told of it. */
  definition?: McpTool;
}

export interface RunRequest {
  id: string;
  tool: string;
  /** Of a call of an MCP server's tool: the definition that it was made on. */
  definition?: McpTool;
  /** As `prepare` returned them. */
  arguments: Json;
  /** 1 for the first start of this call. */
  attempt: number;
  /** Content hashes of the files that the model has seen, for the paths that this call touches. */
  seen: Record<string, string | null>;
}

export interface ToolResult {
  /** What the model reads. */
  text: string;
  ok: boolean;
  data?: Json;
  /** Files whose content the model now knows. */
  files?: Record<string, string | null>;
  images?: { media_type: string; base64: string }[];
  /** How it ended, where `ok` alone does not say it. */
  outcome?: "timeout" | "cancelled" | "unknown";
  /** A new plan, when the call made one. */
  plan?: PlanItem[];
  /** US dollars that the call has cost, for tools that spend. */
  costUsd?: number | null;
  /** The text comes from outside and nobody vouches for it: where it was found, in a few words. */
  untrusted?: string;
}

/** What a running call lets its caller know: lines for people, or a fact for the journal. */
export type ToolProgress = { log: string } | { fact: ToolFact };

/** Where sessions may be shared to, and the file that holds the user's agreement. */
export interface SharingArgs {
  dataset: string;
  consentFile: string;
}

/** What a person wishes of sharing: to see what would leave, to agree and send it, or to take the agreement back. */
export type ShareWish = "look" | "send" | "withdraw";

/** What a wish came to. */
export interface Shared {
  /** The dataset, by name where it is known. */
  dataset: string;
  /** Whether the agreement holds now. */
  agreed: boolean;
  /** What would leave, or has left. */
  messages: number;
  bytes: number;
  redacted: number;
  /** The file to look through, until it is sent; null when nothing was prepared. */
  file: string | null;
  /** Where it was sent to; null: nowhere. */
  url: string | null;
}

export interface ToolsProtocol {
  tells: Record<never, never>;
  asks: {
    /** Checks the calls of one reply. Never fails for a bad call: that is a `Prepared` with an error. */
    prepare: [{ calls: UncheckedCall[] }, Prepared[]];
    /** What a person should see of a call before they approve it; null: its arguments say it all. Never fails. */
    preview: [RunRequest, Preview | null];
    /** Runs one call; Progress is `ToolProgress`; lines come at most about fifty times a second, several at once. A tool's failure is a result with `ok: false`. */
    run: [RunRequest, ToolResult];
    /**
     * After a crash, for calls of the class `probe`: whether the call's effect is there. `done` comes with the result
     * that the call would have had.
     */
    probe: [RunRequest, { state: "done"; result: ToolResult } | { state: "not_done" } | { state: "unknown" }];
    /** Shares the session at a person's wish. Fails with words for people. */
    share: [{ wish: ShareWish }, Shared];
  };
}

/** Where commands run and files lie. */
export type ToolRuntime = "local" | "sandbox";
/** What a call needs to know of its MCP server, as the configuration has it now. */
export interface McpGround extends Pick<McpServer, "trust" | "off" | "allowed" | "denied" | "callMs" | "startMs"> {
  /** What stands for it in the policy. */
  host: string;
}

export interface ToolsArgs {
  /** The session's id. */
  session: string;
  /** The workspace, absolute, symlinks resolved. */
  workspace: string;
  /** Where bash and the file tools work: here, or on a machine of the Hub's. */
  runtime: ToolRuntime;
  /** Patterns of tools that the user has switched off; `*` stands for any run of characters. */
  off: readonly string[];
  /** The user's home folder. */
  home: string;
  /** Folders and files of the program itself (state, settings) that no tool may touch, absolute. */
  guarded: string[];
  /** Folders inside the guarded ones that may be read all the same: outputs of this session's calls. */
  open: string[];
  /** The ripgrep program, absolute; null: do without; default: looked for in the usual places. */
  ripgrep?: string | null;
  /** The session's folder for whole outputs that were cut for the model. */
  spillDir: string;
  /** The session's own folder, absolute. */
  sessionDir: string;
  /** Values that must not leave this machine. */
  secrets: string[];
  /** Values that the user lets jobs and Spaces have beside their token for the Hub, by the names of the variables. */
  jobSecrets: Readonly<Record<string, string>>;
  /** Whether what this session makes on the Hub says so in its card. */
  artifactMetadata: boolean;
  /** Where sessions are shared to: a dataset (`{user}` stands for the token's owner), once the user has agreed. */
  sharing: SharingArgs;
  /** The conditional tools of this run, by name, each with what its description says of this run. */
  offers: Record<string, string>;
  /** The host of each destination that the agent may send messages to, by the destination's name. */
  destinations: Record<string, string>;
  /** The MCP servers, by name. */
  mcp: Record<string, McpGround>;
  services: Services;
  keys: ServiceKeys;
  /** The folder for what need not be fetched again, and for search indexes; null: nothing is kept. */
  cacheDir: string | null;
  /** Names the program and its version to servers. */
  userAgent: string;
  limits: {
    /** Characters of a result that the model reads; the whole goes to a file. */
    outputChars: number;
    /** Milliseconds of a call that names no timeout of its own. */
    timeoutMs: number;
  };
}
