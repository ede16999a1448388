import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { DurableType, SessionEvent } from "../../actors/events.ts";

/** A finished run of the program. */
export interface Run {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** A run that goes on. */
export interface Running {
  child: ChildProcess;
  done: Promise<Run>;
}

/** A private home and workspace for runs of the program. */
export interface House {
  home: string;
  workspace: string;
  /** The file of its settings. */
  settings: string;
  /** Runs the program to its end. */
  run(args: string[], options?: RunOptions): Promise<Run>;
  /** Starts it and hands back the process. */
  start(args: string[], options?: RunOptions): Running;
  /** The ids of the sessions that there are. */
  sessions(): string[];
  /** The journal of the only session, or of the one named. With several and no name it throws: their order is chance. */
  journal(id?: string): SessionEvent[];
  remove(): void;
}

export interface RunOptions {
  env?: Record<string, string>;
  stdin?: string;
  /** The bundle to run; the product's own by default. */
  entry?: string;
}

/** Runs are given up after this time, in milliseconds, and killed: a run that hangs is a failure. */
const limitMs = 60_000;

/**
 * Writes settings for runs of the program. Their commands are not isolated, unless the settings say so: not every machine
 * can do it, and where it cannot, each command would be asked about.
 */
export function writeSettings(file: string, settings: object): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ isolation: "off", ...settings }));
}

export function makeHouse(env: Record<string, string> = {}): House {
  const home = realpathSync(mkdtempSync(join(tmpdir(), "home-")));
  const workspace = realpathSync(mkdtempSync(join(tmpdir(), "workspace-")));
  const sessionsDir = join(home, "ml/state/sessions");
  const settings = join(home, ".config/ml-intern/cli_agent_config.json");
  writeSettings(settings, {});

  function start(args: string[], options: RunOptions = {}): Running {
    const child = spawn(process.execPath, [options.entry ?? join(process.cwd(), "dist/ml-intern.js"), ...args], {
      cwd: workspace,
      env: { PATH: process.env.PATH ?? "", HOME: home, ML_INTERN_HOME: join(home, "ml"), ...env, ...options.env },
      stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    child.stdin?.end(options.stdin);
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    const done = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code, signal) => {
        clearTimeout(timer);
        resolve({ code, signal, stdout, stderr });
      });
    });
    return { child, done };
  }

  const sessions = () => {
    try {
      return readdirSync(sessionsDir).sort();
    } catch {
      return [];
    }
  };

  const only = (ids: readonly string[]): string => {
    if (ids.length !== 1) throw new Error(`there are ${ids.length} sessions, say which one`);
    return ids[0] ?? "";
  };

  return {
    home,
    workspace,
    settings,
    start,
    run: (args, options) => start(args, options).done,
    sessions,
    journal(id = only(sessions())) {
      const text = readFileSync(join(sessionsDir, id, "journal.jsonl"), "utf8");
      return text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line) as SessionEvent);
    },
    remove() {
      rmSync(home, { recursive: true, force: true });
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

/** The events of one type. */
export function eventsOf<T extends DurableType>(events: readonly SessionEvent[], type: T) {
  return events.filter((event): event is Extract<SessionEvent, { type: T }> => event.type === type);
}

/** Waits until a condition holds, looking again every few milliseconds; throws when it takes too long. */
export async function until<T>(
  what: string,
  look: () => T | undefined | false | null,
  deadlineMs = 20_000,
): Promise<T> {
  const startedAt = Date.now();
  for (;;) {
    let seen: T | undefined | false | null;
    try {
      seen = look();
    } catch {
      seen = undefined;
    }
    if (seen !== undefined && seen !== false && seen !== null) return seen;
    if (Date.now() - startedAt > deadlineMs) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
