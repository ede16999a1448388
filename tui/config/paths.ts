// Where things are on this machine.
import { homedir } from "node:os";
import { isAbsolute, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clean, type Environment } from "./variables.ts";

/** The user's home folder. */
export function homeFolder(env: Environment): string {
  return clean(env.HOME) ?? homedir();
}

/** A shipped data file. The bundle lies flat in a folder beside `configs/`, so the path holds from any chunk of it. */
export function shippedFile(name: string): string {
  return fileURLToPath(new URL(`../configs/${name}`, import.meta.url));
}

/** The folder that holds the program's state: `$ML_INTERN_HOME/state`, else the XDG state folder. */
export function stateFolder(env: Environment): string {
  const own = clean(env.ML_INTERN_HOME);
  if (own !== null) return join(own, "state");
  return join(clean(env.XDG_STATE_HOME) ?? join(homeFolder(env), ".local", "state"), "ml-intern");
}

/** The user's config file. `named`: the user said which, so it must exist. */
export function userConfigFile(flag: string | null, env: Environment): { path: string; named: boolean } {
  const named = flag ?? clean(env.ML_INTERN_CLI_CONFIG);
  if (named !== null) return { path: expandHome(named, env), named: true };
  return { path: join(homeFolder(env), ".config", "ml-intern", "cli_agent_config.json"), named: false };
}

/** The file of the keys that the user has given to the program itself. */
export function savedKeysFile(env: Environment): string {
  return join(homeFolder(env), ".config", "ml-intern", "credentials.json");
}

/** The folders of the user's settings: the usual one, and that of the XDG config home where it is another. */
function settingsFolders(env: Environment): string[] {
  const xdg = clean(env.XDG_CONFIG_HOME);
  const bases = [...(xdg !== null && isAbsolute(xdg) ? [xdg] : []), join(homeFolder(env), ".config")];
  return [...new Set(bases)].map((base) => join(base, "ml-intern"));
}

/** Where the user's own standing instructions may be; the first that is there counts. */
export function userInstructionFiles(env: Environment): string[] {
  return settingsFolders(env).map((folder) => join(folder, "AGENTS.md"));
}

/** What no tool may touch: the folders of the program's settings, a config file that is elsewhere, the Hub's token. */
export function settingsPaths(env: Environment): string[] {
  const { path, named } = userConfigFile(null, env);
  return [...settingsFolders(env), ...(named ? [path] : []), ...hubTokenFiles(env)];
}

/** The files in which the Hub's own tools keep the token of `hf auth login`, in their order. */
export function hubTokenFiles(env: Environment): string[] {
  const named = clean(env.HF_TOKEN_PATH);
  const home = clean(env.HF_HOME);
  const cache = clean(env.XDG_CACHE_HOME) ?? join(homeFolder(env), ".cache");
  return [
    ...(named === null ? [] : [expandHome(named, env)]),
    join(home === null ? join(cache, "huggingface") : expandHome(home, env), "token"),
  ];
}

function expandHome(path: string, env: Environment): string {
  return path === "~" || path.startsWith("~/") ? join(homeFolder(env), path.slice(1)) : path;
}
