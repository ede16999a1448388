// What jobs cost. The Hub bills each minute that has begun, while a job starts or runs; waiting for a machine is free.
import type { JobInfo } from "./types.ts";

/** US dollars as people read them: with up to four digits where two would say too little. */
export function dollars(usd: number): string {
  return `$${usd > 0 && usd < 0.1 ? usd.toFixed(4).replace(/0{1,2}$/, "") : usd.toFixed(2)}`;
}

/** US dollars for so many seconds at a price for an hour. */
export function costOf(seconds: number, usdPerHour: number): number {
  const minutes = Math.ceil(Math.max(0, seconds) / 60);
  return Number(((minutes * usdPerHour) / 60).toFixed(6));
}

/**
 * Seconds that a job is billed for, by the Hub's clock alone. `now`: milliseconds since 1970 for one that still runs.
 * Null when nothing can be said: the Hub gives no usable times.
 */
export function billedSeconds(job: JobInfo, now: number | null = null): number | null {
  const end = job.finishedAt ?? now;
  if (job.startedAt !== null && end !== null && end >= job.startedAt) {
    return Math.max((end - job.startedAt) / 1_000, job.runningSeconds ?? 0);
  }
  if (job.runningSeconds !== null && job.runningSeconds >= 0) return job.runningSeconds;
  // One that ended without a start has had no machine.
  if (job.startedAt === null && job.finishedAt !== null) return 0;
  return null;
}
