// The screen as a person meets it: the built program at a real terminal, with a long transcript.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { hasTerminals } from "../../../spec/support/pty.ts";
import { absoluteRow, median, pairs, quantile, type Row, ratioRow } from "../measure.ts";
import { type Drip, startDrip } from "./drip.ts";
import { paintRows } from "./inside.ts";
import { writeLongSession } from "./journal.ts";
import { type Watched, watch } from "./seat.ts";

const program = join(process.cwd(), "dist/ml-intern.js");
/** The least that there can be on a terminal. */
const floor = [process.execPath, join(process.cwd(), "scripts/bench/screen/floor.mjs")];
const size = { width: 200, height: 50 };
const lines = 100_000;
const sessionId = "20260101-000000-bench";
/** What stands on the screen once somebody can type. */
const ready = "Enter";
/** What is said once a session has been taken up. */
const opened = "taken up again";
const clearInput = "\u0015";

/** A private home with a session of 100,000 lines of transcript. */
function withHouse<T>(
  work: (house: { dir: string; env: Record<string, string> }) => Promise<T>,
  records = 0,
): Promise<T> {
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  writeLongSession(join(dir, "home/state/sessions", sessionId), dir, lines, records);
  const env = { HOME: dir, ML_INTERN_HOME: join(dir, "home"), NODE_ENV: "production" };
  return work({ dir, env }).finally(() => rmSync(dir, { recursive: true, force: true }));
}

/** What one sitting at the screen was measured to be. */
interface Sitting {
  idleKeys: number[];
  /** Of the floor, with the same keys. */
  floorKeys: number[];
  busyKeys: number[];
  resizes: number[];
  pastes: number[];
  idleCpu: number;
  idleBytes: number;
  busyCpu: number;
  /** Resident memory, before anything was done and after all of it. */
  restMb: number;
  mb: number;
}

/** Keys at a program that only echoes them. */
async function keysAtFloor(dir: string, env: Record<string, string>, count: number): Promise<number[]> {
  const seat = watch(floor, { cwd: dir, env, ...size });
  await seat.opened(ready);
  await setTimeout(500);
  const times = await keysAt(seat, count);
  await seat.close();
  return times;
}

async function keysAt(seat: Watched, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    times.push(await seat.key());
    // Not in step with the frames.
    await setTimeout(30 + ((n * 7) % 40));
    if (n % 40 === 39) {
      seat.type(clearInput);
      await setTimeout(100);
    }
  }
  seat.type(clearInput);
  await setTimeout(100);
  return times;
}

/** Waits until a reply comes. */
async function streams(seat: Watched): Promise<void> {
  for (let n = 0; n < 100; n++) {
    const before = seat.bytes;
    await setTimeout(200);
    if (seat.bytes - before > 2_000) return;
  }
  throw new Error("no reply comes");
}

/** Share of a core, in per cent, and bytes that were written, over so many milliseconds. */
async function over(seat: Watched, ms: number): Promise<{ cpu: number; bytes: number }> {
  const before = { ...seat.usage(), bytes: seat.bytes };
  await setTimeout(ms);
  return { cpu: ((seat.usage().cpuMs - before.cpuMs) / ms) * 100, bytes: seat.bytes - before.bytes };
}

function open(dir: string, env: Record<string, string>, drip: Drip, args: string[]): Watched {
  return watch([process.execPath, program, "-m", "llamacpp/bench", ...args], {
    cwd: dir,
    env: { ...env, LLAMACPP_BASE_URL: drip.url },
    ...size,
  });
}

async function sitting(drip: Drip, quick: boolean): Promise<Sitting> {
  return withHouse(async ({ dir, env }) => {
    const seat = open(dir, env, drip, ["--continue"]);
    await seat.opened(opened);
    await setTimeout(1_500);
    const idle = await over(seat, quick ? 3_000 : 5_000);
    const { mb: restMb } = seat.usage();
    const floorKeys = await keysAtFloor(dir, env, quick ? 40 : 100);
    const idleKeys = await keysAt(seat, quick ? 40 : 100);
    const resizes: number[] = [];
    for (const [width, height] of [
      [120, 40],
      [200, 50],
      [80, 24],
      [200, 50],
    ] as const) {
      resizes.push(await seat.resize(width, height));
      await setTimeout(200);
    }
    const text = Array.from({ length: 5_000 }, (_, line) => `line ${line} of a paste that is long enough`).join("\r");
    const pastes: number[] = [];
    for (let n = 0; n < 3; n++) {
      pastes.push(await seat.until("[paste", `\u001b[200~${text}\u001b[201~`));
      seat.type(clearInput);
      await setTimeout(200);
    }
    drip.rate = 1_000;
    seat.type("go\r");
    await streams(seat);
    await setTimeout(500);
    const busyKeys = await keysAt(seat, quick ? 40 : 100);
    const busy = await over(seat, 2_000);
    const { mb } = seat.usage();
    await seat.close();
    const figures = { idleCpu: idle.cpu, idleBytes: idle.bytes, busyCpu: busy.cpu, restMb, mb };
    return { idleKeys, floorKeys, busyKeys, resizes, pastes, ...figures };
  });
}

/** Memory that so many seconds of a reply at 300 pieces a second add. */
async function soak(drip: Drip, seconds: number, runs: number): Promise<Row> {
  const added: number[] = [];
  for (let n = 0; n < runs; n++) {
    await withHouse(async ({ dir, env }) => {
      const seat = open(dir, env, drip, ["--continue"]);
      await seat.opened(opened);
      await setTimeout(1_500);
      const before = seat.usage().mb;
      drip.rate = 300;
      seat.type("go\r");
      await streams(seat);
      await setTimeout(seconds * 1_000);
      added.push(seat.usage().mb - before);
      await seat.close();
    });
  }
  return absoluteRow(`memory that ${seconds} s of 300 pieces a second add to that`, "MiB", 30, added);
}

/** Milliseconds from the start of a command at a terminal to a text on it. */
async function shown(command: string[], dir: string, env: Record<string, string>, text: string): Promise<number> {
  const seat = watch(command, { cwd: dir, env, ...size });
  const ms = await seat.opened(text);
  await seat.close();
  return ms;
}

async function firstPaint(drip: Drip, runs: number): Promise<Row[]> {
  const ours = [process.execPath, program, "-m", "llamacpp/bench"];
  const rows: Row[] = [];
  const dir = mkdtempSync(join(tmpdir(), "bench-"));
  const env = { HOME: dir, ML_INTERN_HOME: join(dir, "home"), NODE_ENV: "production", LLAMACPP_BASE_URL: drip.url };
  const taken = await pairs(
    runs,
    () => shown(ours, dir, env, ready),
    () => shown(floor, dir, env, ready),
  );
  rmSync(dir, { recursive: true, force: true });
  rows.push(
    absoluteRow(
      "start to the first frame at a terminal",
      "ms",
      250,
      taken.map(([frame]) => frame),
    ),
    // 250 ms where a bare screen of blessed takes 205 to 220.
    ratioRow("the same, against a bare screen of blessed", "ms", 1.25, taken),
  );
  const resumed: number[] = [];
  await withHouse(async (house) => {
    const all = { ...house.env, LLAMACPP_BASE_URL: drip.url };
    for (let n = 0; n <= runs; n++) resumed.push(await shown([...ours, "--continue"], house.dir, all, opened));
  }, 100_000);
  const name = "start to the newest turn of a journal of 100,000 lines";
  rows.push(absoluteRow(name, "ms", 1_500, resumed.slice(1)));
  return rows;
}

function keyRows(name: string, sittings: readonly number[][], [middle, high]: readonly [number | null, number]): Row[] {
  const row = (share: number, target: number, words: string) =>
    absoluteRow(
      `${name}, ${words}`,
      "ms",
      target,
      sittings.map((times) => quantile(times, share)),
    );
  return [...(middle === null ? [] : [row(0.5, middle, "median")]), row(0.95, high, "95 of 100")];
}

/** All rows of this folder; those that need a terminal where there can be one. */
export async function screenRows(runs: number, quick: boolean): Promise<Row[]> {
  const inside = paintRows(Math.min(runs, 3));
  if (!hasTerminals) return inside;
  const drip = await startDrip();
  try {
    const start = await firstPaint(drip, runs);
    const all: Sitting[] = [];
    for (let n = 0; n < (quick ? 1 : 3); n++) all.push(await sitting(drip, quick));
    const row = (name: string, unit: string, target: number, of: (one: Sitting) => number | readonly number[]): Row =>
      absoluteRow(name, unit, target, all.flatMap(of));
    return [
      ...inside,
      ...start,
      ...keyRows(
        "key to its echo at a terminal, 100,000 lines, idle",
        all.map(({ idleKeys }) => idleKeys),
        [5, 15],
      ),
      // The least that a whole frame was ever seen to take here, in a prototype without an agent.
      row("the same, beyond a program that only echoes, median", "ms", 1.5, ({ idleKeys, floorKeys }) =>
        Math.max(0, median(idleKeys) - median(floorKeys)),
      ),
      ...keyRows(
        "the same while 1,000 pieces a second come",
        all.map(({ busyKeys }) => busyKeys),
        [null, 25],
      ),
      row("CPU meanwhile, of one core", "%", 40, ({ busyCpu }) => busyCpu),
      row("another size to its frame, 100,000 lines", "ms", 50, ({ resizes }) => resizes),
      row("a paste of 5,000 lines to its frame", "ms", 100, ({ pastes }) => pastes),
      row("CPU while nothing happens, of one core", "%", 1, ({ idleCpu }) => idleCpu),
      row("bytes written while nothing happens", "bytes", 0, ({ idleBytes }) => idleBytes),
      row("memory with 100,000 lines, at rest", "MiB", 120, ({ restMb }) => restMb),
      row("the same after a reply at 1,000 pieces a second", "MiB", 160, ({ mb }) => mb),
      await soak(drip, quick ? 8 : 90, quick ? 1 : 3),
    ];
  } finally {
    await drip.close();
  }
}
