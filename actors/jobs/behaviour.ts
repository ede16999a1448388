// Follows jobs on the Hub that no call waits for, until they have really ended.
import type { BehaviourFactory } from "../../runtime/index.ts";
import { createDoor } from "../http/door.ts";
import { waits } from "../http/manners.ts";
import { cancelJob } from "../hub/jobs/client.ts";
import { billedSeconds } from "../hub/jobs/cost.ts";
import { followJob } from "../hub/jobs/follow.ts";
import { createLineBatch } from "./batch.ts";
import type { JobEnd, JobName, JobProgress, JobsArgs, JobsProtocol } from "./protocol.ts";
import { createWatches } from "./watches.ts";

const jobs: BehaviourFactory<JobsProtocol, JobsArgs> = ({ services, keys, userAgent }) => {
  const door = createDoor({ services, keys, userAgent, cacheDir: null, waits });
  const secrets = keys.hub === null ? [] : [keys.hub];

  async function watch(
    { namespace, id }: JobName,
    tell: (update: JobProgress) => void,
    signal: AbortSignal,
  ): Promise<JobEnd> {
    const lines = createLineBatch((log) => tell({ log }), secrets);
    let stage = "";
    try {
      const job = await followJob({
        door,
        signal,
        namespace,
        id,
        onLine: lines.add,
        onTrouble: (trouble) => tell({ trouble }),
        onSeen: (seen) => {
          if (seen.stage !== stage) tell({ stage: seen.stage });
          stage = seen.stage;
        },
      });
      return { stage: job.stage.toLowerCase(), message: job.message || null, seconds: billedSeconds(job) };
    } finally {
      lines.end();
    }
  }

  const watches = createWatches(watch);

  return {
    tells: {},
    asks: {
      follow({ log, ...job }, { signal, progress }) {
        return watches.follow(job, (update) => (log || !("log" in update)) && progress(update), signal);
      },
      async cancel({ namespace, id }, { signal }) {
        await cancelJob({ door, signal }, namespace, id);
        return null;
      },
    },
  };
};

export default jobs;
