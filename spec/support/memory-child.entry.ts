// A process that has made room for much and keeps little. Says how its heap changes once it asks for that to be given
// back: MiB before, when it comes to rest, and at the least.
import { giveMemoryBack } from "../../runtime/memory.ts";

/** Well below the time after which the engine would do it by itself. */
const limitMs = 5_000;
const busyMs = 1_500;
const heapMb = () => process.memoryUsage().heapTotal / 1024 / 1024;

let kept: string[][] = [];
for (let n = 0; n < 400; n++) kept.push(Array.from({ length: 5_000 }, (_, at) => `${n} ${at}`));
const before = heapMb();
kept = [];
const startedAt = performance.now();
giveMemoryBack();

let least = before;
/** Busy for longer than two looks: nothing is given back meanwhile. */
function work(): void {
  const until = performance.now() + 50;
  while (performance.now() < until);
  if (performance.now() - startedAt < busyMs) setImmediate(work);
  else watch(heapMb());
}
function watch(atRest: number): void {
  least = Math.min(least, heapMb());
  const isOver = least < before / 2 || performance.now() - startedAt > limitMs;
  if (isOver) process.stdout.write(JSON.stringify({ before, atRest, least }));
  else setTimeout(watch, 20, atRest);
}
work();
