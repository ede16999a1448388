// What the executor of tools gets of the options of a run, whoever its calls come from.
import { homedir } from "node:os";
import { join } from "node:path";
import type { ToolsArgs } from "../tools/protocol.ts";
import { sharingOf } from "./offers.ts";
import type { StartOptions } from "./types.ts";
import { userAgentOf } from "./user-agent.ts";

/** A session's folders, absolute. */
export interface ToolFolders {
  session: string;
  sessionDir: string;
  /** For whole outputs of calls. */
  outputs: string;
  /** For the records of commands. */
  calls: string;
}

type Common = Omit<ToolsArgs, "runtime" | "off" | "offers" | "destinations" | "mcp">;

/** All but which tools there are, and whom they may write to. */
export function toolsArgsOf(options: StartOptions, { session, sessionDir, outputs, calls }: ToolFolders): Common {
  const { toolOutputChars: outputChars, toolTimeoutMs: timeoutMs } = options.limits;
  return {
    session,
    sessionDir,
    workspace: options.cwd,
    home: homedir(),
    guarded: [options.stateDir, ...options.guarded],
    open: [outputs, calls],
    spillDir: outputs,
    secrets: options.secrets,
    jobSecrets: options.jobSecrets,
    artifactMetadata: options.artifactMetadata,
    sharing: sharingOf(options),
    services: options.services,
    keys: options.serviceKeys,
    cacheDir: join(options.stateDir, "cache"),
    userAgent: userAgentOf(options.createdBy),
    limits: { outputChars, timeoutMs },
  };
}
