// Follows jobs on the Hub that no call waits for, until they have really ended.
import type { BehaviourFactory, MessageContext } from "../../runtime/index.ts";
import { createDoor } from "../http/door.ts";
import { waits } from "../http/manners.ts";
import { cancelJob } from "../hub/jobs/client.ts";
import { billedSeconds } from "../hub/jobs/cost.ts";
import { followJob } from "../hub/jobs/follow.ts";
import { createLineBatch } from "./batch.ts";
import type { JobName, JobProgress, JobsArgs, JobsProtocol } from "./protocol.ts";

const jobs: BehaviourFactory<JobsProtocol, JobsArgs> = ({ services, keys, userAgent }) => {
  const door = createDoor({ services, keys, userAgent, cacheDir: null, waits });
  const secrets = keys.hub === null ? [] : [keys.hub];

  async function follow({ namespace, id }: JobName, { signal, progress }: MessageContext) {
    const tell = (update: JobProgress) => progress(update);
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

  return {
    tells: {},
    asks: {
      follow,
      async cancel({ namespace, id }, { signal }) {
        await cancelJob({ door, signal }, namespace, id);
        return null;
      },
    },
  };
};

export default jobs;
