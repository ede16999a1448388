// What the system knows about processes. Linux is read from /proc; elsewhere `ps` is asked.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { markVariable } from "./wrapper.ts";

/** A living process. `start` tells it from a later process with the same pid. */
export interface ProcessRow {
  pid: number;
  ppid: number;
  group: number;
  start: string;
  /** The name of its program, cut by the system to some 15 characters. */
  name: string;
}

const linux = process.platform === "linux";

/** Above this many new pids a look at each costs more than a walk through /proc. */
const fewPids = 256;

/** The process with this pid; null when there is none or only its zombie is left. */
export function readProcess(pid: number): ProcessRow | null {
  if (!linux) return psRows(["-p", String(pid)])[0] ?? null;
  const stat = readOrNull(`/proc/${pid}/stat`);
  return stat === null ? null : parseStat(stat);
}

/**
 * Every living process. `newerThan` leaves out what cannot have started after that process, where the system tells
 * that cheaply; callers must not rely on it.
 */
export function listProcesses(newerThan?: number): ProcessRow[] {
  if (!linux) return psRows(["-ax"]);
  const pids = (newerThan === undefined ? null : pidsSince(newerThan)) ?? allPids();
  return pids.map(readProcess).filter((row) => row !== null);
}

/**
 * Whether a process was started with this mark in its environment; null when that cannot be told. macOS does not show
 * the environment of programs of its own, so there a mark that is not seen proves nothing.
 */
export function carriesMark(pid: number, mark: string): boolean | null {
  const wanted = `${markVariable}=${mark}`;
  if (!linux) return ps(["-Eww", "-o", "command=", "-p", String(pid)])?.includes(wanted) ? true : null;
  const environment = readOrNull(`/proc/${pid}/environ`);
  return environment === null || environment === "" ? null : environment.split("\0").includes(wanted);
}

/** Whether one start time is surely before another. */
export function isOlder(start: string, than: string): boolean {
  return linux && Number(start) < Number(than);
}

/** Parses what the wrapper wrote about itself: a line of /proc/<pid>/stat, or pid and start time. Null: torn. */
export function parseClaim(text: string): { pid: number; start: string } | null {
  if (!text.endsWith("\n")) return null;
  if (text.includes("(")) {
    const fields = statFields(text);
    return fields === null ? null : { pid: fields.pid, start: fields.start };
  }
  const match = /^(\d+) (.+)$/.exec(text.trim());
  return match?.[1] === undefined || match[2] === undefined
    ? null
    : { pid: Number(match[1]), start: squeeze(match[2]) };
}

function parseStat(stat: string): ProcessRow | null {
  const fields = statFields(stat);
  return fields === null || fields.state === "Z" || fields.state === "X" ? null : fields;
}

/** Fields 1, 3, 4, 5 and 22 of proc_pid_stat(5). The name in field 2 may hold spaces and brackets. */
function statFields(stat: string): (ProcessRow & { state: string }) | null {
  const rest = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, ppid, group] = rest;
  const start = rest[19];
  if (state === undefined || start === undefined) return null;
  const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
  return { pid: Number.parseInt(stat, 10), state, ppid: Number(ppid), group: Number(group), start, name };
}

function allPids(): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0);
}

/**
 * The pids given out since a process started: Linux counts them up and names the last one in /proc/loadavg. Null when
 * they have wrapped around, are too many, or the system does not say.
 */
function pidsSince(pid: number): number[] | null {
  const last = Number(readOrNull("/proc/loadavg")?.trim().split(" ")[4]);
  if (!(last >= pid) || last - pid > fewPids) return null;
  return Array.from({ length: last - pid + 1 }, (_, index) => pid + index);
}

function psRows(select: string[]): ProcessRow[] {
  const lines = ps([...select, "-o", "pid=,ppid=,pgid=,stat=,lstart=,ucomm="])?.split("\n") ?? [];
  return lines.flatMap((line) => {
    // A start time is five words: Mon Jan  5 10:00:00 2026.
    const [pid, ppid, group, state, ...rest] = line.trim().split(/\s+/);
    if (pid === undefined || rest.length < 5 || state?.startsWith("Z")) return [];
    const [start, name] = [rest.slice(0, 5).join(" "), rest.slice(5).join(" ")];
    return [{ pid: Number(pid), ppid: Number(ppid), group: Number(group), start, name }];
  });
}

function ps(args: string[]): string | null {
  try {
    // Start times must read the same whoever asks; the wrapper uses the same locale and time zone.
    const env = { LC_ALL: "C", TZ: "UTC0" };
    return execFileSync("/bin/ps", args, {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env,
    });
  } catch {
    return null;
  }
}

function squeeze(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ");
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, "latin1");
  } catch {
    return null;
  }
}
