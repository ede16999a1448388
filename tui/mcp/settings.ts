// The settings of commands about MCP, which have no session and call no model.
import { realpathSync } from "node:fs";
import type { StartOptions } from "../../actors/root/types.ts";
import { version } from "../cli/version.ts";
import { effective } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { mcpConfig } from "../config/mcp.ts";
import { startOptions } from "../config/options.ts";
import { homeFolder, stateFolder, userConfigFile } from "../config/paths.ts";
import { policyRules } from "../config/policy.ts";
import type { Environment } from "../config/variables.ts";

/** Where the command was given, and how. */
export interface Place {
  cwd: string;
  env: Environment;
  /** The config file of the command line, or null. */
  file: string | null;
}

/** Reads them, with what the user should hear of first. */
export async function mcpSettings({ cwd, env, file }: Place): Promise<{ options: StartOptions; notices: string[] }> {
  const loaded = await loadConfig(cwd, env, file);
  const config = effective(loaded.layers);
  const home = realpathSync(homeFolder(env));
  const policy = await policyRules(config, { workspace: cwd, home }, userConfigFile(file, env).path);
  const options = startOptions(config, {
    cwd,
    home,
    stateDir: stateFolder(env),
    session: { kind: "new" },
    model: "",
    env: loaded.env,
    createdBy: `ml-intern ${version()}`,
    mode: "headless",
    policy: policy.rules,
  });
  return { options, notices: [...loaded.notices, ...policy.notices, ...mcpConfig(config).notices] };
}
