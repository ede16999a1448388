// A conversation: on the screen where there is one, else in lines; and what has to be asked before it.
import { secretsFrom } from "../../actors/redaction/secrets.ts";
import type { Asked, Choice, Door } from "../chat/door.ts";
import type { ConversationRun } from "../chat/run.ts";
import { effective, type JsonObject } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { usableModels } from "../config/models.ts";
import { FrontError } from "../errors.ts";
import { factsOf } from "../screen/term/facts.ts";
import { findSessions } from "../sessions/find.ts";
import { resolveOwn } from "../sessions/resolve.ts";
import { refuseRunning } from "../sessions/running.ts";
import type { RunCommand } from "./arguments.ts";
import { workFolder } from "./folder.ts";
import { frontSettings } from "./front-settings.ts";
import { createKeyring } from "./keyring.ts";
import { flagLayer, type Prepared, prepare, startAgent } from "./prepare.ts";
import { joinPrompt } from "./prompt.ts";
import { chooseSession, recordOf, requireFolder, type Subject, subjectOf, taken, unnamed } from "./subject.ts";
import { version } from "./version.ts";

/** Holds a conversation and returns the exit code. Throws a `FrontError` for what is wrong before it. */
export async function converse(given: RunCommand, stateDir: string): Promise<number> {
  const isTerminal = { input: process.stdin.isTTY === true, output: process.stdout.isTTY === true };
  if (!given.plain && factsOf(process.env, isTerminal).usable) return onScreen(given, stateDir);
  const command = asksForSession(given) ? await chosenInLines(given, stateDir) : given;
  const subject = chooseSession(command, stateDir, workFolder(command.cwd));
  const run = runOf(command, stateDir, await prepare(command, subject, stateDir, "interactive"));
  const { runConversation } = await import("../chat/run.ts");
  return runConversation(run);
}

async function onScreen(command: RunCommand, stateDir: string): Promise<number> {
  const folder = workFolder(command.cwd);
  const { runScreen } = await import("../screen/app.ts");
  if (asksForSession(command)) {
    if (findSessions(stateDir).length === 0) throw unnamed(stateDir);
    const { layers } = await loadConfig(folder, process.env, command.config);
    const config = effective([...layers, flagLayer(command)]);
    return runScreen(doorOf(command, stateDir, { config, asks: { kind: "session" }, subject: null, first: null }));
  }
  const subject = chooseSession(command, stateDir, folder);
  try {
    const prepared = await prepare(command, subject, stateDir, "interactive");
    const { config, demoByDefault } = prepared;
    const asks: Asked | null = demoByDefault ? { kind: "model", why: null } : null;
    return runScreen(doorOf(command, stateDir, { config, asks, subject, first: prepared }));
  } catch (error) {
    if (!(error instanceof FrontError) || !/^(?:MODEL_UNSET|CREDENTIAL_MISSING)$/.test(error.code)) throw error;
    const { layers } = await loadConfig(subject.cwd, process.env, command.config);
    const config = effective([...layers, flagLayer(command)]);
    const asks: Asked = { kind: "model", why: error.message };
    return runScreen(doorOf(command, stateDir, { config, asks, subject, first: null }));
  }
}

/** What is known when the door is made. */
interface Found {
  config: JsonObject;
  asks: Asked | null;
  /** Null: it is asked for. */
  subject: Subject | null;
  /** Gathered already; null: it could not be, or not yet. */
  first: Prepared | null;
}

function doorOf(command: RunCommand, stateDir: string, { config, asks, subject, first }: Found): Door {
  const cwd = subject?.cwd ?? workFolder(command.cwd);
  const keyring = createKeyring(cwd, process.env, command.config);
  return {
    settings: frontSettings(config, process.env),
    keyring,
    cwd,
    stateDir,
    createdBy: `ml-intern ${version()}`,
    asks,
    async enter({ model, session }: Choice) {
      if (asks === null && first !== null) return runOf(command, stateDir, first);
      const chosen = { ...command, model: model ?? command.model };
      const about = session === null ? subject : takenUp(stateDir, session);
      if (about === null) throw unnamed(stateDir);
      return runOf(chosen, stateDir, await prepare(chosen, about, stateDir, "interactive"));
    },
  };
}

function takenUp(stateDir: string, id: string): Subject {
  const found = resolveOwn(stateDir, id);
  refuseRunning(found, "taken up");
  return taken(found, null);
}

function runOf(command: RunCommand, stateDir: string, { options, notices, config }: Prepared): ConversationRun {
  return {
    settings: frontSettings(config, process.env),
    keyring: createKeyring(options.cwd, process.env, command.config),
    first: options,
    notices,
    message: joinPrompt(command.prompt, null),
    suggestions: usableModels(config),
    start: startAgent,
    async prepare({ session, cwd, model }) {
      if (session.kind === "resume") requireFolder(session.id, cwd);
      const subject = subjectOf(recordOf(stateDir, session), session, cwd);
      return (await prepare({ ...command, model }, subject, stateDir, "interactive")).options;
    },
    async secretsIn(cwd) {
      const { layers, env } = await loadConfig(cwd, process.env, command.config);
      const ofLayers = layers.flatMap(({ values }) => secretsFrom({}, values));
      return [...new Set([...secretsFrom(env, effective(layers)), ...ofLayers])];
    },
  };
}

function asksForSession({ session }: RunCommand): boolean {
  return session.kind === "resume" && session.id === null;
}

/** Has the session chosen from a numbered list, where somebody is at a terminal. */
async function chosenInLines(command: RunCommand, stateDir: string): Promise<RunCommand> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY || findSessions(stateDir).length === 0) throw unnamed(stateDir);
  const { askForSession } = await import("../chat/line/choose-session.ts");
  const id = await askForSession(stateDir, stdin, stderr, process.env);
  if (id === null) throw unnamed(stateDir);
  return { ...command, session: { kind: "resume", id } };
}
