// `ml-intern config`: the settings in force, and where each comes from.

import type { Json } from "../../actors/events.ts";
import { effective, type Layer, leaves, sourceOf } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { stateFolder, userConfigFile } from "../config/paths.ts";
import { isSecret } from "../config/variables.ts";
import { neutralise } from "../text/neutralise.ts";
import type { Answer, Look } from "./small.ts";

/** One setting in force. */
export interface Setting {
  key: string;
  value: Json;
  source: string;
}

/** Every setting of a stack of layers; of secrets only that they are set. */
export function settingsOf(layers: readonly Layer[]): Setting[] {
  return leaves(effective(layers)).map(({ path, value }) => ({
    key: path.join("."),
    value: isHidden(path) && typeof value === "string" ? "(set)" : withoutUserinfo(value),
    source: sourceOf(layers, path) ?? "shipped",
  }));
}

/** What an MCP server is given in headers and environment may be a key whatever its name is. */
function isHidden([key = "", group = "", part = "", member = ""]: readonly string[]): boolean {
  // Whoever has a webhook's address can post there.
  const isWayOut = key === "messaging" && group === "destinations" && ["token", "app_token", "url"].includes(member);
  return isSecret(key) || isWayOut || (key === "mcpServers" && (part === "headers" || part === "env"));
}

function withoutUserinfo(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutUserinfo);
  return typeof value === "string" ? value.replace(/\b([a-z][a-z0-9+.-]*:\/\/)[^/\s]*@/gi, "$1***@") : value;
}

/** Shows the configuration. */
export async function configAnswer({ cwd, env, file, style }: Look): Promise<Answer> {
  const loaded = await loadConfig(cwd, env, file);
  const settings = settingsOf(loaded.layers);
  const configFile = userConfigFile(file, env).path;
  const data = { config_file: configFile, state_folder: stateFolder(env), settings, notices: loaded.notices };
  const width = Math.max(...settings.map((setting) => setting.key.length));
  const lines = settings.map(({ key, value, source }) => {
    const from = source === "shipped" ? "" : style.cyan(`  (${source})`);
    return `${key.padEnd(width)}  ${neutralise(JSON.stringify(value))}${from}`;
  });
  const head = [style.dim(`config file   ${configFile}`), style.dim(`state folder  ${data.state_folder}`), ""];
  const tail = loaded.notices.map((notice) => style.yellow(`! ${neutralise(notice)}`));
  return { data, text: `${[...head, ...lines, ...tail].join("\n")}\n`, exitCode: 0 };
}
