// One look at each job for all who ask about it: who comes later joins it, and it ends with the last who leaves.
import type { JobEnd, JobName, JobProgress } from "./protocol.ts";

type Hear = (update: JobProgress) => void;

interface Watch {
  end: Promise<JobEnd>;
  hearers: Set<Hear>;
  /** The newest stage that was told, for those who come later. */
  stage: JobProgress | null;
  stop: AbortController;
}

/** Shares what `begin` does for a job. `begin` ends when its signal fires. */
export function createWatches(begin: (job: JobName, tell: Hear, signal: AbortSignal) => Promise<JobEnd>) {
  const watches = new Map<string, Watch>();

  function open(key: string, job: JobName): Watch {
    const stop = new AbortController();
    const hearers = new Set<Hear>();
    const tell: Hear = (update) => {
      if ("stage" in update) watch.stage = update;
      for (const hear of hearers) hear(update);
    };
    // It begins once it is in the map: what it tells at once reaches whoever has opened it.
    const end = Promise.resolve().then(() => begin(job, tell, stop.signal));
    const watch: Watch = { end, hearers, stage: null, stop };
    watches.set(key, watch);
    const forget = () => {
      if (watches.get(key) === watch) watches.delete(key);
    };
    // Who asks gets the failure as well; with nobody left it is nobody's.
    end.then(forget, forget);
    return watch;
  }

  return {
    /** Resolves with the end of the job. Rejects as `begin` does, and with the signal's reason when that fires. */
    follow(job: JobName, hear: Hear, signal: AbortSignal): Promise<JobEnd> {
      const key = `${job.namespace}/${job.id}`;
      return new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const watch = watches.get(key) ?? open(key, job);
        // A hearer of its own for each who asks.
        const heard: Hear = (update) => hear(update);
        const leave = () => {
          signal.removeEventListener("abort", giveUp);
          watch.hearers.delete(heard);
        };
        const giveUp = () => {
          leave();
          reject(signal.reason);
          if (watch.hearers.size > 0) return;
          if (watches.get(key) === watch) watches.delete(key);
          watch.stop.abort();
        };
        watch.hearers.add(heard);
        signal.addEventListener("abort", giveUp, { once: true });
        if (watch.stage !== null) hear(watch.stage);
        watch.end.then(resolve, reject).finally(leave);
      });
    },
  };
}
