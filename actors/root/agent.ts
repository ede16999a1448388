// The agent as a front holds it: operations in, events out, and an end in order.
import type { System } from "../../runtime/index.ts";
import type { Operation } from "../operations.ts";
import type { SessionProtocol } from "../session/protocol.ts";
import type { ToolsProtocol } from "../tools/protocol.ts";
import type { Consulting } from "./approvers/consult.ts";
import type { Audit } from "./audit/audit.ts";
import { createCommandReader } from "./command-output.ts";
import type { FollowedJobs } from "./jobs.ts";
import type { McpDesk } from "./mcp.ts";
import type { Notifying } from "./notify.ts";
import { removeMachine } from "./remote.ts";
import type { Store } from "./store.ts";
import { commandsOf, knownJobs, runningJobs, type Tree } from "./tree.ts";
import type { Agent, Stopped } from "./types.ts";

/** Everything that runs for one session. */
export interface House {
  id: string;
  dir: string;
  firstSeq: number;
  store: Store;
  audit: Audit;
  system: System;
  tree: Tree;
  notifying: Notifying;
  consulting: Consulting;
  mcp: McpDesk;
  jobs: FollowedJobs;
  /** Milliseconds between SIGTERM and SIGKILL of a command. */
  graceMs: number;
}

/** Time beyond a command's own grace that ending all of them may take, in milliseconds. */
const stopAllMarginMs = 3_000;
/** Time that messages to people get at the end, in milliseconds. */
const flushMs = 3_000;
/** Time that cancelling jobs of interrupted calls gets at the end, in milliseconds. */
const cancelMs = 8_000;
/** Putting an operation on record takes microseconds; this is for a session that is being restarted. */
const operateDeadlineMs = 30_000;
/** Sharing a session sends all of it. */
const shareDeadlineMs = 600_000;

/** Hands an operation to the session; rejects when it could not be put on record. */
export function operateOn(system: System, operation: Operation): Promise<null> {
  return system.ref<SessionProtocol>("session").ask("operate", operation, { deadlineMs: operateDeadlineMs });
}

/** Makes the handle. */
export function agentOf(house: House): Agent {
  const { store, system, tree } = house;
  let stopping: Promise<Stopped> | null = null;

  async function stop(reason: "done" | "user" | "signal" | "error"): Promise<Stopped> {
    // The session first, so that nobody starts a command behind the back of what ends them all.
    await tree.session.stop();
    const flushed = house.notifying.flush(flushMs);
    const told = house.consulting.rest(flushMs);
    const rested = house.jobs.rest(cancelMs);
    // After a failure, what runs is left to whoever takes the session up, as after a crash.
    let ended = 0;
    if (reason !== "error" && store.state.callIds.size > 0) {
      ended = await commandsOf(system, store)
        .ask("stopAll", {}, { deadlineMs: house.graceMs + stopAllMarginMs })
        .catch(() => 0);
    }
    // After a signal its machine is left to whoever takes the session up, within the hours that it was made for.
    if (reason === "done" || reason === "user") await removeMachine(system, store);
    const unsent = await flushed;
    await told;
    await rested;
    const running = house.jobs.open().filter(({ toCancel }) => !toCancel);
    await system.stop();
    try {
      store.publish({ type: "shutdown", data: { reason } }, true);
    } catch {
      // The end need not be on record: a session without it is one that was cut off.
    }
    house.audit.close();
    store.close();
    return { jobs: running, stuck: system.zombies > 0, ended, unsent };
  }

  return {
    sessionId: house.id,
    sessionDir: house.dir,
    firstSeq: house.firstSeq,
    bus: store.bus,
    get state() {
      return store.state;
    },
    async operate(operation) {
      await operateOn(system, operation);
    },
    failed: Promise.race([
      tree.workers.escalated.then(({ error }) => error),
      tree.session.escalated.then(({ error }) => error),
      store.broken,
    ]),
    mcp: house.mcp,
    consult: house.consulting.consult,
    jobs: () => runningJobs(system, store),
    commands: () => knownJobs(system, store),
    readCommand: createCommandReader(() => commandsOf(system, store)),
    async stopJob(callId) {
      const job = (await runningJobs(system, store)).find((running) => running.callId === callId);
      if (job === undefined) return house.jobs.cancel(callId);
      await commandsOf(system, store).ask(
        "stopJob",
        { jobId: job.jobId },
        { deadlineMs: house.graceMs + stopAllMarginMs },
      );
      return true;
    },
    share: (wish) => system.ref<ToolsProtocol>("tools").ask("share", { wish }, { deadlineMs: shareDeadlineMs }),
    testMessage: (destination) => house.notifying.test(destination),
    crash: (id) => system.kill(id),
    stop: (reason) => {
      stopping ??= stop(reason);
      return stopping;
    },
  };
}
