// Starting a command under its wrapper.
import { type ChildProcess, spawn } from "node:child_process";
import { statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CallSpec, createOutput } from "./call-folder.ts";
import { SandboxError } from "./errors.ts";
import { bubblewrapArguments, type Isolation } from "./isolation.ts";
import { findProgram } from "./paths.ts";
import type { PrivateTmp } from "./private-tmp.ts";
import type { SandboxArgs } from "./protocol.ts";
import { markVariable, wrapped } from "./wrapper.ts";

/** Bytes of one argument that Linux takes (MAX_ARG_STRLEN, execve(2)), with some to spare. */
const argumentBytes = 120 * 1024;

/** What every launch of a session shares. */
export interface LaunchSite {
  args: SandboxArgs;
  tmp: PrivateTmp;
  isolation: Isolation;
}

/**
 * Starts the wrapper of a call, in a session and process group of its own. It may find that another starter was
 * faster: then it ends without having run anything. Throws `CWD_MISSING`.
 */
export function launch(dir: string, spec: CallSpec, site: LaunchSite): ChildProcess {
  if (!statSync(spec.cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new SandboxError(
      "CWD_MISSING",
      `The working directory ${spec.cwd} does not exist. Create it, or name another.`,
    );
  }
  createOutput(dir);
  const env = commandEnv(spec, site);
  const [file, argv] = wrapped(dir, commandArgv(dir, spec, site, env.PATH));
  return spawn(file, argv, { cwd: spec.cwd, env, detached: true, stdio: "ignore" });
}

/** The environment of a command: what was allowed, and what keeps programs from waiting for a person. */
function commandEnv(spec: CallSpec, { args, tmp }: LaunchSite): Record<string, string> {
  return {
    // Output of a long Python run should be seen as it comes, and survive a kill.
    PYTHONUNBUFFERED: "1",
    ...args.env,
    TERM: "dumb",
    PAGER: "cat",
    GIT_PAGER: "cat",
    GIT_TERMINAL_PROMPT: "0",
    TMPDIR: tmp.name,
    [markVariable]: spec.mark,
  };
}

function commandArgv(dir: string, spec: CallSpec, site: LaunchSite, path: string | undefined): string[] {
  const shell = findProgram("bash", path) ?? "/bin/sh";
  const command = [shell, ...shellArguments(dir, spec.command)];
  if (site.isolation.kind === "none") return command;
  return [site.isolation.program, ...bubblewrapArguments(site.args, site.tmp, spec.cwd), ...command];
}

function shellArguments(dir: string, command: string): string[] {
  if (Buffer.byteLength(command) <= argumentBytes) return ["-c", command];
  const script = join(dir, "script");
  writeFileSync(script, command, { mode: 0o600 });
  return [script];
}
