// Whom the user trusts: `trusted_folders` in their own config file. What stands in such a folder may speak to the agent.
import { realpathSync } from "node:fs";
import { isAbsolute, join, resolve, sep } from "node:path";
import type { Layer } from "./layers.ts";
import { homeFolder, userConfigFile } from "./paths.ts";
import type { Environment } from "./variables.ts";

/** Whether the user trusts a folder: they have named it, or one that it lies in. */
export type Trust = (folder: string) => boolean;

/**
 * Reads from the layers of a configuration whom the user trusts. `configFile` is the user's config file as
 * `userConfigFile` says it: no other layer is asked, and a file that was named by flag or variable does not count for a
 * folder in which it lies itself, so that no project can speak for itself. Names begin with `/` or `~/`; others, and
 * those of folders that are not there, have no effect.
 */
export function readTrust(layers: readonly Layer[], configFile: string, env: Environment): Trust {
  const file = realPath(resolve(configFile));
  const isOwn = configFile === userConfigFile(null, { ...env, ML_INTERN_CLI_CONFIG: undefined }).path;
  const given = layers.find(({ source }) => source === configFile)?.values.trusted_folders;
  const names = Array.isArray(given) ? given.filter((name) => typeof name === "string") : [];
  const trusted = names.map((name) => realFolder(name, env)).filter((folder) => folder !== null);
  return (folder) => {
    const real = realPath(folder);
    if (real === null || file === null || (!isOwn && isWithin(file, real))) return false;
    return trusted.some((one) => isWithin(real, one));
  };
}

/** Whether a path is a folder or lies below it; both real. */
function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

function realFolder(name: string, env: Environment): string | null {
  const path = name === "~" || name.startsWith("~/") ? join(homeFolder(env), name.slice(1)) : name;
  return isAbsolute(path) ? realPath(path) : null;
}

function realPath(path: string): string | null {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}
