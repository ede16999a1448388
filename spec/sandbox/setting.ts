// A sandbox in a real system, on a thread, with folders of its own.
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { readSpec } from "../../actors/sandbox/call-folder.ts";
import { sandboxChild } from "../../actors/sandbox/child.ts";
import { carriesMark, listProcesses } from "../../actors/sandbox/process-table.ts";
import type {
  ExecProgress,
  ExecRequest,
  ExecResult,
  SandboxArgs,
  SandboxProtocol,
} from "../../actors/sandbox/protocol.ts";
import { type ActorRef, createSystem } from "../../runtime/index.ts";

export interface ExecOptions extends Partial<ExecRequest> {
  signal?: AbortSignal;
  onProgress?: (progress: ExecProgress) => void;
}

export interface Setting {
  base: string;
  workspace: string;
  callsDir: string;
  args: SandboxArgs;
  ref: ActorRef<SandboxProtocol>;
  /** Runs a command under a new call id, unless it is given one. */
  exec(command: string, options?: ExecOptions): Promise<ExecResult>;
  /** Ends the actor with its thread as a crash would; it is started again. */
  kill(): void;
  /** Stops the system in good order and opens another on the same folders. */
  reopen(): Promise<void>;
  /** Ends everything, and fails when a process of a command is left. */
  close(): Promise<void>;
}

/** Milliseconds that anything may take before a spec fails. */
export const limitMs = 15_000;

const supervision = {
  strategy: "one_for_one",
  intensity: 50,
  periodMs: 1_000,
  backoff: { minMs: 1, maxMs: 10, jitter: 0, resetAfterMs: 1_000 },
} as const;

let calls = 0;

/** Waits until something holds, and fails when it does not come to hold. */
export async function eventually(holds: () => boolean, what: string): Promise<void> {
  const patience = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > patience) throw new Error(`It did not come about that ${what}.`);
    await sleep(5);
  }
}

/** The processes that commands below these folders have left. */
export function processesBelow(callsDir: string): number[] {
  const marks = readdirSync(callsDir).flatMap((name) => readSpec(join(callsDir, name))?.mark ?? []);
  return listProcesses()
    .filter(({ pid }) => marks.some((mark) => carriesMark(pid, mark) === true))
    .map(({ pid }) => pid);
}

/** Opens a sandbox. `over` replaces arguments of the actor. */
export async function openSandbox(
  over: Partial<Omit<SandboxArgs, "limits">> & { limits?: Partial<SandboxArgs["limits"]>; below?: string } = {},
): Promise<Setting> {
  const base = realpathSync(mkdtempSync(join(over.below ?? tmpdir(), "sandbox-")));
  const workspace = join(base, "workspace");
  const callsDir = join(base, "session", "calls");
  for (const folder of [workspace, callsDir, join(base, "home")]) mkdirSync(folder, { recursive: true });
  const { below, limits, ...rest } = over;
  const args: SandboxArgs = {
    callsDir,
    workspace,
    env: { PATH: process.env.PATH ?? "", HOME: join(base, "home") },
    isolation: "off",
    ...rest,
    limits: { outputFileBytes: 64 * 1024 * 1024, outputChars: 20_000, graceMs: 300, ...limits },
  };
  let system = start();

  function start() {
    const made = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
    return { made, up: made.supervise("spec", [sandboxChild(args)], supervision) };
  }

  const setting: Setting = {
    base,
    workspace,
    callsDir,
    args,
    get ref() {
      return system.made.ref<SandboxProtocol>("sandbox");
    },
    exec(command, { signal, onProgress, ...request } = {}) {
      calls += 1;
      const body: ExecRequest = {
        callId: `call-${calls}`,
        command,
        cwd: workspace,
        timeoutMs: limitMs,
        background: false,
        title: "a command",
        ...request,
      };
      const listen = onProgress as ((update: unknown) => void) | undefined;
      return setting.ref.ask("exec", body, {
        deadlineMs: 2 * limitMs,
        ...(signal === undefined ? {} : { signal }),
        ...(listen === undefined ? {} : { onProgress: listen }),
      });
    },
    kill: () => system.made.kill("sandbox"),
    async reopen() {
      await system.made.stop();
      system = start();
      await system.up;
    },
    async close() {
      await setting.ref.ask("stopAll", {}, { deadlineMs: limitMs });
      await system.made.stop();
      const left = processesBelow(callsDir);
      rmSync(base, { recursive: true, force: true });
      expect(left, "processes that a command has left").to.deep.equal([]);
    },
  };
  await system.up;
  return setting;
}

/**
 * The same specs with and without bubblewrap. Where bubblewrap does not work they are shown as skipped.
 */
export function eitherWay(
  title: string,
  limits: Partial<SandboxArgs["limits"]>,
  specs: (setting: () => Setting, isolated: boolean) => void,
): void {
  for (const isolation of ["off", "auto"] as const) {
    describe(`${title} (${isolation === "off" ? "not isolated" : "bubblewrap"})`, function () {
      this.timeout(limitMs);
      let setting: Setting;
      before(async function () {
        setting = await openSandbox({ isolation, limits });
        const { kind } = await setting.ref.ask("isolation", {}, { deadlineMs: limitMs });
        if (isolation === "auto" && kind === "none") this.skip();
      });
      after(() => setting.close());
      specs(() => setting, isolation === "auto");
    });
  }
}
