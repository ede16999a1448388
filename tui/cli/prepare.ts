// The settings of a run, gathered from files, environment, flags and the session, and what is to be said of them first.
import { realpathSync } from "node:fs";
import { beginAhead } from "../../actors/root/ahead.ts";
import { loadInstructions } from "../../actors/root/prompt/instructions.ts";
import type { Agent, StartOptions } from "../../actors/root/types.ts";
import { codeOf } from "../../runtime/errors.ts";
import { effective, type Layer } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { mcpConfig } from "../config/mcp.ts";
import { messagingNotice } from "../config/messaging.ts";
import { chooseModel, requireCredential, routeFor } from "../config/models.ts";
import { startOptions } from "../config/options.ts";
import { homeFolder, userConfigFile, userInstructionFiles } from "../config/paths.ts";
import { policyRules } from "../config/policy.ts";
import { readTrust } from "../config/trust.ts";
import { FrontError } from "../errors.ts";
import type { RunCommand } from "./arguments.ts";
import type { Subject } from "./subject.ts";
import { version } from "./version.ts";

/** What a run is started with, and what is to be said of it first. */
export interface Prepared {
  options: StartOptions;
  notices: string[];
  config: ReturnType<typeof effective>;
  /** Nobody chose a model, and none can be used but the demo's. */
  demoByDefault: boolean;
}

/** Gathers the settings of a run in its folder. */
export async function prepare(
  command: RunCommand,
  subject: Subject,
  stateDir: string,
  mode: StartOptions["mode"],
): Promise<Prepared> {
  const loaded = await loadConfig(subject.cwd, process.env, command.config);
  const config = effective([...loaded.layers, flagLayer(command)]);
  const configFile = userConfigFile(command.config, process.env).path;
  const ofRuntime = runtimeNotice(command, subject, config);
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
  const others = [...ofServers, ...standing.notices, ...policy.notices, ...messaging];
  const notices = [...loaded.notices, ...ofRuntime, ...ofModel, ...others];
  return { options, notices, config, demoByDefault: notice !== null };
}

/** What the command line says. */
export function flagLayer(command: RunCommand): Layer {
  return {
    source: "command line",
    values: {
      ...(command.model === null ? {} : { model_name: command.model }),
      ...(command.maxIterations === null ? {} : { max_iterations: command.maxIterations }),
      ...(command.stream ? {} : { stream: false }),
      ...(command.mouse ? {} : { mouse: false }),
      ...(command.approval === null ? {} : { approval: command.approval }),
      ...(command.isolation === null ? {} : { isolation: command.isolation }),
      ...(command.sandboxTools ? { tool_runtime: "sandbox" } : {}),
      ...(command.budget === null ? {} : { budget_usd: command.budget }),
    },
  };
}

/** A session's tools stay where it began. Whoever asks for a sandbox must not find commands run on this machine. */
function runtimeNotice(command: RunCommand, subject: Subject, config: ReturnType<typeof effective>): string[] {
  if (subject.runtime !== "local" || config.tool_runtime !== "sandbox") return [];
  const what = "This session began on this machine, and its commands run here, not on a sandbox.";
  if (!command.sandboxTools) return [what];
  throw new FrontError("SESSION_LOCAL", what, "Leave --sandbox-tools out, or begin a new session with it.");
}

/** A session keeps its model unless the command line names another. */
function modelFor(command: RunCommand, subject: Subject, config: ReturnType<typeof effective>, file: string) {
  const kept = subject.before?.model ?? "";
  if (command.model !== null || kept === "") return chooseModel(config, file);
  routeFor(kept);
  requireCredential(kept, config, file);
  return { model: kept, notice: null };
}

/** Starts the agent, which is loaded for it: a screen is there before that. Throws a `FrontError`. */
export async function startAgent(options: StartOptions): Promise<Agent> {
  beginAhead();
  try {
    const { start } = await import("../../actors/root/start.ts");
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
