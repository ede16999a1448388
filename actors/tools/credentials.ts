// Which paths hold credentials. They are never read or written by a tool, whatever the policy says.
import { basename, dirname, sep } from "node:path";
import credentials from "../../configs/credentials.json" with { type: "json" };

/** Below a home folder: a file, or a folder with everything in it. In lower case, as all comparisons here are. */
const belowHome = credentials.below_home.map((path) => path.toLowerCase());

const anyHome = /^(?:\/root|\/home\/[^/]+|\/users\/[^/]+)$/;
const systemFiles = new Set(["/etc/shadow", "/etc/gshadow", "/etc/shadow-", "/etc/gshadow-", "/etc/krb5.keytab"]);
/** A process's environment and memory, and the doors through it to everything that it has open. */
const processDoors = /^\/proc\/[^/]+\/(?:task\/[^/]+\/)?(?:environ|mem|maps|fd|root|cwd|map_files)(?:\/|$)/;

function within(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Whether a real, absolute path belongs to a well-known store of credentials. Letter case does not matter. */
export function isCredentialPath(realPath: string, home: string): boolean {
  const path = realPath.toLowerCase();
  if (systemFiles.has(path) || processDoors.test(path)) return true;
  // The Hub's token follows HF_HOME to any place.
  const name = basename(path);
  if ((name === "token" || name === "stored_tokens") && /^\.?huggingface$/.test(basename(dirname(path)))) return true;
  for (const folder of [home.toLowerCase(), ...homesAbove(path)]) {
    if (!within(path, folder)) continue;
    const rest = path.slice(folder.length + 1);
    if (belowHome.some((entry) => within(rest, entry))) return true;
  }
  return false;
}

/** The folders above a path that look like someone's home. */
function homesAbove(path: string): string[] {
  const parts = path.split("/");
  return [parts.slice(0, 2).join("/"), parts.slice(0, 3).join("/")].filter((folder) => anyHome.test(folder));
}

/** What tells whether a path may be touched at all. */
export interface Guard {
  home: string;
  /** Folders of the program itself (state, configuration), real paths. */
  guarded: readonly string[];
  /** Folders inside the guarded ones that hold outputs of this session's calls. */
  open: readonly string[];
}

/** Why a real path is closed to every tool, or null when it is not. */
export function closedBecause(realPath: string, guard: Guard): string | null {
  if (isCredentialPath(realPath, guard.home)) return "it belongs to a store of credentials";
  if (guard.open.some((folder) => within(realPath, folder))) return null;
  if (guard.guarded.some((folder) => within(realPath, folder)))
    return "it belongs to the agent's own state and settings";
  return null;
}
