import { readFileSync } from "node:fs";

/** A process, told apart from a later one with the same number by when it started. */
export interface Owner {
  pid: number;
  /** Opaque; equal only for the same process. */
  start: string;
}

/** This process. Reads the system once per call. */
export function self(): Owner {
  return { pid: process.pid, start: startOf(process.pid) ?? "" };
}

/** Whether that very process still runs. A zombie does not. */
export function isAlive(owner: Owner): boolean {
  return startOf(owner.pid) === owner.start;
}

/**
 * When a process started, in a form that is good for comparing only; null when no such process runs. A process of
 * another machine or container that shares the folder counts as gone: that is what fencing is for.
 */
function startOf(pid: number): string | null {
  return process.platform === "linux" ? startFromProc(pid) : startFromPs(pid);
}

/** proc_pid_stat(5): field 3 is the state, field 22 the start in ticks since boot; field 2 may hold anything. */
function startFromProc(pid: number): string | null {
  const stat = readOrNull(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (isDead(fields[0])) return null;
  const boot = readOrNull("/proc/sys/kernel/random/boot_id")?.trim() ?? "";
  return `${boot}/${fields[19] ?? ""}`;
}

function startFromPs(pid: number): string | null {
  const { spawnSync } = process.getBuiltinModule("node:child_process");
  const env = { PATH: "/bin:/usr/bin", LC_ALL: "C", TZ: "UTC" };
  const ps = spawnSync("ps", ["-o", "stat=", "-o", "lstart=", "-p", String(pid)], { encoding: "utf8", env });
  const [state, ...start] = (ps.stdout ?? "").trim().split(/\s+/);
  return state === "" || isDead(state) ? null : start.join(" ");
}

/** `Z` is a zombie, `X` is on its way out. */
function isDead(state: string | undefined): boolean {
  return state === undefined || state.startsWith("Z") || state.startsWith("X");
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
