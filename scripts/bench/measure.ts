// How the bench measures: whole processes from outside, in pairs that take turns, so that a machine whose speed drifts
// bends both sides alike; what is quoted is the median of the pairs' ratios.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";

/** One line of the table. */
export interface Row {
  name: string;
  /** Median of ours and of the bare counterpart, in `unit`; `bare` is null where the target is absolute. */
  ours: number;
  bare: number | null;
  unit: string;
  /** What is held against the target: the ratio ours to bare, or ours itself. */
  value: number;
  spread: [number, number];
  target: number;
  holds: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : ((sorted[middle - 1] ?? high) + high) / 2;
}

/** The value below which a share (0 to 1) of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** A row from pairs of measurements, each taken back to back. */
export function ratioRow(
  name: string,
  unit: string,
  target: number,
  pairs: readonly [ours: number, bare: number][],
): Row {
  const ratios = pairs.map(([ours, bare]) => ours / bare);
  const value = median(ratios);
  return {
    name,
    unit,
    ours: median(pairs.map(([ours]) => ours)),
    bare: median(pairs.map(([, bare]) => bare)),
    value,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    target,
    holds: value <= target,
  };
}

/** A row of a figure with an absolute target. */
export function absoluteRow(name: string, unit: string, target: number, values: readonly number[]): Row {
  const value = median(values);
  return {
    name,
    unit,
    ours: value,
    bare: null,
    value,
    spread: [Math.min(...values), Math.max(...values)],
    target,
    holds: value <= target,
  };
}

/** Takes pairs in turns, after one uncounted pair. */
export async function pairs(
  count: number,
  ours: () => Promise<number>,
  bare: () => Promise<number>,
): Promise<[number, number][]> {
  await ours();
  await bare();
  const taken: [number, number][] = [];
  for (let n = 0; n < count; n++) taken.push([await ours(), await bare()]);
  return taken;
}

/** What a finished process took. */
export interface ProcessFigures {
  wallMs: number;
  cpuMs: number;
  /** Largest resident size seen, in MiB; sampled, so a little below the true peak. */
  peakMb: number;
}

function residentPeak(pid: number): number {
  try {
    const line = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return line === null ? 0 : Number(line[1]) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Runs a command to its end and measures it; throws when it fails. The CPU time, that of its children included, is
 * what the shell's own `times` reports.
 */
export function runProcess(
  command: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<ProcessFigures> {
  const script = '"$@" >/dev/null 2>/dev/null </dev/null & echo $!; wait $!; code=$?; times; exit $code';
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const child = spawn("bash", ["-c", script, "bash", ...command], {
      cwd,
      env: { PATH: process.env.PATH ?? "", ...env },
    });
    let output = "";
    let peakMb = 0;
    const sampling = setInterval(() => {
      const pid = Number.parseInt(output, 10);
      if (pid > 0) peakMb = Math.max(peakMb, residentPeak(pid));
    }, 10);
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(sampling);
      const wallMs = performance.now() - startedAt;
      if (code !== 0) reject(new Error(`${command.join(" ")} ended with ${code}`));
      const children = output.trim().split("\n").at(-1) ?? "";
      const cpuMs = [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
        (sum, [, m, s]) => sum + Number(m) * 60_000 + Number(s) * 1000,
        0,
      );
      resolve({ wallMs, cpuMs, peakMb });
    });
  });
}
