// Ending a command with everything that it started.
import { setTimeout as sleep } from "node:timers/promises";
import { carriesMark, isOlder, listProcesses, type ProcessRow, readProcess } from "./process-table.ts";

/** A command's processes, as they can be told from others. */
export interface Target {
  /** The wrapper: leader of the command's process group. */
  pid: number;
  start: string;
  mark: string;
  /** The wrapper was our own child and has ended just now, so its group cannot belong to anyone else yet. */
  justEnded: boolean;
  /** Milliseconds since 1970. */
  startedAt: number;
}

/** Milliseconds between two looks while processes may end by themselves, and while they must. */
const pollMs = { grace: 15, kill: 3 };

/** Looks after SIGKILL before the whole group is killed, wrapper and copier included, and before giving up. */
const rounds = { group: 30, all: 300 };

/** A command younger than this cannot have used up so many pids that they began anew. */
const youngMs = 2_000;

/** Whether the wrapper of a command is alive, and no later process with its pid. */
export function isAlive(target: Pick<Target, "pid" | "start" | "mark">): boolean {
  return readProcess(target.pid)?.start === target.start && carriesMark(target.pid, target.mark) !== false;
}

/**
 * The processes of a command apart from the wrapper and its own helpers, which end by themselves: its group, whatever
 * carries its mark, and their children. `known` are those of an earlier look: they count even when they have since
 * lost their parent.
 */
export function processesOf(target: Target, known?: Map<number, string>): ProcessRow[] {
  const alive = isAlive(target);
  const young = Date.now() - target.startedAt < youngMs;
  const rows = listProcesses(young ? target.pid : undefined).filter(
    ({ pid, ppid, group, start }) =>
      pid !== target.pid && !isOlder(start, target.start) && !(alive && ppid === target.pid && group === target.pid),
  );
  const trusted = alive || target.justEnded;
  const found = new Set<number>();
  for (const { pid, group, start } of rows) {
    if (known?.get(pid) === start || (trusted && group === target.pid) || carriesMark(pid, target.mark) === true) {
      found.add(pid);
    }
  }
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const { pid, ppid } of rows) if (found.has(ppid)) found.add(pid);
  }
  return rows.filter(({ pid }) => found.has(pid));
}

/**
 * Ends a command's processes: SIGTERM, `graceMs` to obey, SIGKILL, until none is left. Answers with how many there
 * were, bubblewrap's own not counted. The wrapper is spared, so that it writes the rest of the output; it ends when
 * the last writer has.
 */
export async function endProcesses(target: Target, graceMs: number): Promise<number> {
  const known = new Map<number, string>();
  const counted = new Set<number>();
  const look = (): ProcessRow[] => {
    const rows = processesOf(target, known);
    for (const { pid, start, name } of rows) {
      known.set(pid, start);
      if (name !== "bwrap") counted.add(pid);
    }
    return rows;
  };

  const first = look();
  const asGroup = isAlive(target);
  if (asGroup) signalGroup(target.pid, "SIGTERM");
  for (const { pid, group } of first) if (!asGroup || group !== target.pid) signal(pid, "SIGTERM");
  for (const { pid } of first) signal(pid, "SIGCONT");

  const deadline = performance.now() + graceMs;
  for (let wait = 2; performance.now() < deadline && look().length > 0; wait = Math.min(pollMs.grace, wait * 2)) {
    await sleep(Math.min(wait, Math.max(1, deadline - performance.now())));
  }
  for (let round = 0; round < rounds.all; round += 1) {
    const rows = look();
    if (rows.length === 0) break;
    for (const { pid } of rows) signal(pid, "SIGKILL");
    // Something forks faster than we look: only a signal to the whole group is fast enough.
    if (round >= rounds.group && isAlive(target)) signalGroup(target.pid, "SIGKILL");
    await sleep(pollMs.kill);
  }
  return counted.size;
}

/** Kills a wrapper that does not end by itself, with all that is left of its group. */
export function killWrapper(target: Target): void {
  if (isAlive(target)) signalGroup(target.pid, "SIGKILL");
}

function signalGroup(leader: number, name: NodeJS.Signals): void {
  signal(-leader, name);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
