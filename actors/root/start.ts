// The root: opens the session's journal, has the actors launched under supervision, and hands a front what it needs.
import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { combineTaps, createFileLog, createSystem, type System } from "../../runtime/index.ts";
import type { LlmProtocol } from "../llm/protocol.ts";
import { createRedactor } from "../redaction/redactor.ts";
import { isOffered } from "../tools/offered.ts";
import { agentOf, operateOn } from "./agent.ts";
import { announce } from "./announce.ts";
import { approverDestinations, createConsulting } from "./approvers/consult.ts";
import { hereWords } from "./approvers/outcome.ts";
import { openAudit } from "./audit/audit.ts";
import { followJobs } from "./jobs.ts";
import { announceTools, discoverTools, launchMcp } from "./mcp.ts";
import { feedNotifier, fromHome } from "./notify.ts";
import { type Observer, observe, tellIsolation, tellTrouble } from "./observe.ts";
import { offerOf, offersOf } from "./offers.ts";
import { toolSpecs } from "./prompt/preamble.ts";
import { superviseRemote } from "./remote.ts";
import { superviseResearch } from "./research/research.ts";
import { openStore } from "./store.ts";
import { growTree } from "./tree.ts";
import type { Agent, StartOptions } from "./types.ts";
import { userAgentOf } from "./user-agent.ts";
import { feedWatcher } from "./watch.ts";

/** A new session id: sortable by time, and not to be guessed. */
export function newSessionId(now = new Date()): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-");
  return `${stamp}-${randomBytes(5).toString("hex")}`;
}

/**
 * Starts the agent. It returns as soon as the session takes operations; the workers go on booting meanwhile.
 * Throws `LOCKED` when another process has the session open, and the platform's error when its folder is not usable.
 */
export async function start(wanted: StartOptions): Promise<Agent> {
  const id = wanted.session.kind === "resume" ? wanted.session.id : newSessionId();
  const dir = join(wanted.stateDir, "sessions", id);
  mkdirSync(join(wanted.stateDir, "sessions"), { recursive: true, mode: 0o700 });
  const store = openStore(dir);
  const firstSeq = store.journal.seq + 1;
  const audit = openAudit(dir, store.journal, (trouble) => tellTrouble(store, trouble));
  store.bus.tap((event) => audit.observe(event));
  announce(store, wanted);
  // A session keeps the tools that it began with: they are a part of every request's beginning.
  const options = { ...wanted, toolRuntime: store.state.toolRuntime };
  announceTools(store, options);

  const tools = toolSpecs(offersOf(options)).filter(({ name }) => isOffered(name, offerOf(options)));
  const observer: Observer = {
    store,
    toolCount: () => tools.length + store.state.mcp.offered.length,
    endSession: () => undefined,
    replay: () => undefined,
  };
  const { text: redact } = createRedactor({ secrets: options.secrets });
  const log = createFileLog(join(dir, "log.jsonl"), { redact });
  const system = createSystem({
    hostEntry: new URL("./host.js", import.meta.url),
    tap: combineTaps(log, (seen) => observe(seen, observer)),
  });
  const tree = await growTree(system, store, options, { id, dir, tools });
  await superviseRemote(system, store, options, id, userAgentOf(options.createdBy));
  await superviseResearch({ system, options, parent: store, tools }, dir);
  const mcp = await launchMcp(system, options, userAgentOf(options.createdBy));
  observer.endSession = () => void tree.session.stop();
  observer.replay = feedWatcher(system, store, id);
  const asked = approversOf(options);
  const notifying = await feedNotifier(system, {
    session: { id, cwd: options.cwd },
    bus: store.bus,
    model: () => store.state.model,
    emit: store.emit,
    messaging: options.messaging,
    asked,
    secrets: options.secrets,
  });
  const consulting = createConsulting(system, {
    session: { id, folder: fromHome(options.cwd) },
    here: hereWords[options.mode],
    destinations: asked,
    state: () => store.state,
    bus: store.bus,
    emit: store.emit,
    operate: (operation) => operateOn(system, operation),
  });
  const jobs = await followJobs(system, store, {
    services: options.services,
    keys: options.serviceKeys,
    userAgent: userAgentOf(options.createdBy),
  });
  // Nothing more may happen once nothing more can be recorded.
  void store.broken.then(() => tree.session.stop());
  bootWorkers(system, options);
  if (options.toolRuntime === "local") tellIsolation(system, store);
  return agentOf({
    id,
    dir,
    firstSeq,
    store,
    audit,
    system,
    tree,
    notifying,
    consulting,
    mcp,
    jobs,
    graceMs: options.limits.graceMs,
  });
}

/** Where questions are put to approvers: nowhere in a run that nobody attends and that waits for nobody. */
function approversOf({ messaging, mode, approvalWaitMs }: StartOptions): string[] {
  return mode === "headless" && approvalWaitMs === 0 ? [] : approverDestinations(messaging);
}

/** Milliseconds for which the other workers let the model's caller load alone. */
const warmDeadlineMs = 5_000;

/** Those who will work on the model's answer boot while it thinks, and not in the way of the question. */
function bootWorkers(system: System, options: StartOptions): void {
  const boot = () => {
    system.wake("tools");
    system.wake("sandbox");
    discoverTools(system, options);
  };
  const warm = { model: options.model };
  system.ref<LlmProtocol>("llm").ask("warm", warm, { deadlineMs: warmDeadlineMs }).then(boot, boot);
}
