// The run command: gathers prompt, settings and session, then starts the agent.
import { realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { secretsFrom } from "../../actors/redaction/secrets.ts";
import { loadInstructions } from "../../actors/root/prompt/instructions.ts";
import { start } from "../../actors/root/start.ts";
import type { Agent, StartOptions } from "../../actors/root/types.ts";
import { codeOf } from "../../runtime/index.ts";
import type { ConversationRun } from "../chat/run.ts";
import { effective, type Layer } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { mcpConfig } from "../config/mcp.ts";
import { messagingNotice } from "../config/messaging.ts";
import { chooseModel, requireCredential, routeFor, usableModels } from "../config/models.ts";
import { startOptions } from "../config/options.ts";
import { homeFolder, stateFolder, userConfigFile, userInstructionFiles } from "../config/paths.ts";
import { policyRules } from "../config/policy.ts";
import { readTrust } from "../config/trust.ts";
import { FrontError } from "../errors.ts";
import { jsonPrinter, streamJsonPrinter } from "../headless/json.ts";
import { createOutput } from "../headless/output.ts";
import type { Printer } from "../headless/printer.ts";
import { runHeadless } from "../headless/run.ts";
import { listenForSignals } from "../headless/signals.ts";
import { textPrinter } from "../headless/text.ts";
import { factsOf } from "../screen/term/facts.ts";
import { findSessions, folderOf, newestIn } from "../sessions/find.ts";
import { newestFirst } from "../sessions/newest.ts";
import { resolveOwn } from "../sessions/resolve.ts";
import { type NewestFacts, newestFacts } from "../sessions/summary.ts";
import { styleFor } from "../text/style.ts";
import type { OutputFormat, RunCommand } from "./arguments.ts";
import { workFolder } from "./folder.ts";
import { isPiped, joinPrompt, readAll } from "./prompt.ts";
import { version } from "./version.ts";

/** The session that a run takes up, or a new one. */
interface Subject {
  session: StartOptions["session"];
  cwd: string;
  before: NewestFacts | null;
}

/** What a run is started with, and what is to be said of it first. */
interface Prepared {
  options: StartOptions;
  notices: string[];
  config: ReturnType<typeof effective>;
}

/** Runs once and returns the exit code. Throws a `FrontError` for what is wrong before the agent has started. */
export async function runOnce(command: RunCommand): Promise<number> {
  const startedAt = performance.now();
  const stateDir = stateFolder(process.env);
  const subject = chooseSession(command, stateDir, workFolder(command.cwd));
  if (isConversation(command)) return converse(command, subject, stateDir);
  const printer = printerFor(command.format);
  const output = createOutput(process.stdout, process.stderr);
  const notify = (text: string) => output.write(printer.notice(text));
  const prompt = await readPrompt(command, notify);
  const { options, notices } = await prepare(command, subject, stateDir, "headless");
  for (const text of notices) notify(text);

  const signals = listenForSignals();
  const agent = await startAgent(options);
  const newestEnd = subject.before?.state ?? "empty";
  return runHeadless({ agent, options, prompt, newestEnd, printer, output, signals, startedAt });
}

/** Gathers the settings of a run in its folder. */
async function prepare(
  command: RunCommand,
  subject: Subject,
  stateDir: string,
  mode: StartOptions["mode"],
): Promise<Prepared> {
  const loaded = await loadConfig(subject.cwd, process.env, command.config);
  const config = effective([...loaded.layers, flagLayer(command)]);
  const configFile = userConfigFile(command.config, process.env).path;
  const { model, notice } = modelFor(command, subject, config, configFile);
  const standing =
    subject.session.kind === "new"
      ? loadInstructions({
          user: userInstructionFiles(process.env),
          workspace: subject.cwd,
          isTrusted: readTrust(loaded.layers, configFile, process.env),
          settings: configFile,
        })
      : { text: "", notices: [] };
  const home = realpathSync(homeFolder(process.env));
  const policy = await policyRules(config, { workspace: subject.cwd, home }, configFile, command.publishTo);
  const options = startOptions(config, {
    home,
    mode,
    policy: policy.rules,
    cwd: subject.cwd,
    stateDir,
    session: subject.session,
    model,
    env: loaded.env,
    createdBy: `ml-intern ${version()}`,
    instructions: standing.text,
  });
  const messaging = options.messaging === null ? [] : [messagingNotice(options.messaging)];
  const ofModel = notice === null ? [] : [notice];
  const ofServers = mcpConfig(config).notices;
  const notices = [...loaded.notices, ...ofModel, ...ofServers, ...standing.notices, ...policy.notices, ...messaging];
  return { options, notices, config };
}

/** Whether the user wants to talk: with somebody at the terminal and no prompt, or because they said so. */
function isConversation({ plain, prompt, format }: RunCommand): boolean {
  if (plain && format !== "text") {
    throw new FrontError(
      "USAGE",
      "--plain writes text; --output-format belongs to a run to its end.",
      "Leave one out.",
    );
  }
  const isAttended = process.stdin.isTTY === true && process.stderr.isTTY === true;
  return plain || (prompt === null && format === "text" && isAttended);
}

async function converse(command: RunCommand, subject: Subject, stateDir: string): Promise<number> {
  const { options, notices, config } = await prepare(command, subject, stateDir, "interactive");
  const run: ConversationRun = {
    first: options,
    notices,
    message: joinPrompt(command.prompt, null),
    env: process.env,
    suggestions: usableModels(config),
    theme: typeof config.theme === "string" ? config.theme : null,
    keys: config.keys ?? {},
    start: startAgent,
    async prepare({ session, cwd, model }) {
      const dir = session.kind === "resume" ? join(stateDir, "sessions", session.id) : null;
      if (session.kind === "resume") requireFolder(session.id, cwd);
      const before = dir === null ? null : newestFacts(newestFirst(dir));
      return (await prepare({ ...command, model }, { session, cwd, before }, stateDir, "interactive")).options;
    },
    async secretsIn(cwd) {
      const { layers, env } = await loadConfig(cwd, process.env, command.config);
      const ofLayers = layers.flatMap(({ values }) => secretsFrom({}, values));
      return [...new Set([...secretsFrom(env, effective(layers)), ...ofLayers])];
    },
  };
  const isTerminal = { input: process.stdin.isTTY === true, output: process.stdout.isTTY === true };
  if (!command.plain && factsOf(process.env, isTerminal).usable) {
    const { runScreen } = await import("../screen/app.ts");
    return runScreen(run, stateDir);
  }
  const { runConversation } = await import("../chat/run.ts");
  return runConversation(run);
}

function printerFor(format: OutputFormat): Printer {
  if (format === "json") return jsonPrinter();
  if (format === "stream-json") return streamJsonPrinter();
  return textPrinter(styleFor(process.stderr, process.env));
}

function chooseSession(command: RunCommand, stateDir: string, folder: string): Subject {
  const { session } = command;
  if (session.kind === "new") return { session, cwd: folder, before: null };
  if (session.kind === "resume" && session.id === null) {
    const ids = findSessions(stateDir).slice(0, 10);
    const list = ids.map(({ id, dir }) => `\n  ${id}  ${folderOf(dir) ?? ""}`).join("");
    const hint =
      ids.length === 0 ? "There is none yet." : `Newest first:${list}\n  More about them: ml-intern sessions`;
    throw new FrontError("SESSION_UNNAMED", "Which session? --resume needs the beginning of an id.", hint);
  }
  const found = session.kind === "resume" ? resolveOwn(stateDir, session.id ?? "") : newestIn(stateDir, folder);
  const cwd = folderOf(found.dir);
  if (cwd === null) {
    throw new FrontError(
      "SESSION_DAMAGED",
      `The journal of session ${found.id} has no beginning.`,
      `Look at ${found.dir}`,
    );
  }
  if (command.cwd !== null && cwd !== folder) {
    throw new FrontError(
      "SESSION_ELSEWHERE",
      `Session ${found.id} works in ${cwd}, not in ${folder}.`,
      "Leave --cwd out.",
    );
  }
  requireFolder(found.id, cwd);
  return { session: { kind: "resume", id: found.id }, cwd, before: newestFacts(newestFirst(found.dir)) };
}

function requireFolder(id: string, cwd: string): void {
  if (statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return;
  throw new FrontError("CWD_MISSING", `The folder of session ${id} is gone: ${cwd}.`, "Put it back, or start anew.");
}

async function readPrompt(command: RunCommand, say: (text: string) => unknown): Promise<string | null> {
  const dash = command.prompt === "-";
  const wanted = dash || isPiped();
  const onWait = () =>
    say("Waiting for standard input to end; start with </dev/null when nothing is to be read from it.");
  const piped = wanted ? await readAll(process.stdin, onWait) : null;
  const prompt = joinPrompt(command.prompt, piped);
  if (prompt !== null || (command.session.kind !== "new" && !dash)) return prompt;
  if (dash || command.prompt !== null || piped !== null) {
    throw new FrontError("PROMPT_EMPTY", "The prompt is empty.", 'Give one: ml-intern "PROMPT"');
  }
  throw new FrontError(
    "PROMPT_MISSING",
    "There is no prompt, and no terminal to talk in.",
    'Give one: ml-intern "PROMPT", or pipe it in. A line for each message: --plain. Go on with the last session: ml-intern --continue. See: ml-intern --help',
  );
}

function flagLayer(command: RunCommand): Layer {
  return {
    source: "command line",
    values: {
      ...(command.model === null ? {} : { model_name: command.model }),
      ...(command.maxIterations === null ? {} : { max_iterations: command.maxIterations }),
      ...(command.stream ? {} : { stream: false }),
      ...(command.approval === null ? {} : { approval: command.approval }),
      ...(command.isolation === null ? {} : { isolation: command.isolation }),
      ...(command.sandboxTools ? { tool_runtime: "sandbox" } : {}),
      ...(command.budget === null ? {} : { budget_usd: command.budget }),
    },
  };
}

/** A session keeps its model unless the command line names another. */
function modelFor(command: RunCommand, subject: Subject, config: ReturnType<typeof effective>, file: string) {
  const kept = subject.before?.model ?? "";
  if (command.model !== null || kept === "") return chooseModel(config, file);
  routeFor(kept);
  requireCredential(kept, config, file);
  return { model: kept, notice: null };
}

async function startAgent(options: StartOptions): Promise<Agent> {
  try {
    return await start(options);
  } catch (error) {
    const code = codeOf(error) ?? "START_FAILED";
    const message = error instanceof Error ? error.message : String(error);
    const place = /^E[A-Z]+$/.test(code)
      ? `Check the state folder ${options.stateDir}; ML_INTERN_HOME names another.`
      : undefined;
    throw new FrontError(code, message, place, 1);
  }
}
