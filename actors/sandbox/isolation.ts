// How commands are kept from writing outside the workspace: bubblewrap where it works, else nothing but a plain word.
//
// Inside, paths mean what they mean outside. The whole file system is there to read; to write there are the workspace,
// the session's own temporary folder and the caches that machine-learning tools fill. The network stays on. What would
// open a way around the walls is hidden (see secrets.ts) or read-only: the hooks and config of git, which would run
// outside later, the session's records, our config.
import { execFile } from "node:child_process";
import { readFileSync, realpathSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { promisify } from "node:util";
import { findProgram, isWithin, makeFolder, namesIn, realFolder } from "./paths.ts";
import type { PrivateTmp } from "./private-tmp.ts";
import type { SandboxArgs } from "./protocol.ts";
import { hiddenPaths } from "./secrets.ts";

/** How commands are isolated. */
export type Isolation =
  | { kind: "bubblewrap"; notice: null; program: string }
  | { kind: "none"; notice: string; program: null };

const open = "Commands are not isolated: they can read and write everything that you can.";

/** Devices that computing needs, besides the harmless ones that bubblewrap makes itself. */
const devices = /^(nvidia.*|dri|kfd|accel|accel\d+|vfio|infiniband)$/;

/** Variables that name caches of machine-learning and package tools, and where trainings keep their records. */
const cacheVariables = [
  "HF_HOME",
  "HF_HUB_CACHE",
  "HF_DATASETS_CACHE",
  "TRACKIO_DIR",
  "TRANSFORMERS_CACHE",
  "TORCH_HOME",
  "TRITON_CACHE_DIR",
  "TORCHINDUCTOR_CACHE_DIR",
  "PIP_CACHE_DIR",
  "UV_CACHE_DIR",
  "XDG_CACHE_HOME",
  "npm_config_cache",
];

/** Caches below the home folder that no variable names. */
const homeCaches = [".npm", ".triton", ".nv", ".keras"];

/** Finds out whether bubblewrap works here, by running a command in it as commands will be run. */
export async function chooseIsolation(args: SandboxArgs, tmp: PrivateTmp): Promise<Isolation> {
  if (args.isolation === "off") return none(`${open} Isolation was switched off.`);
  if (process.platform !== "linux") return none(`${open} Isolation needs Linux and bubblewrap.`);
  const program = findProgram("bwrap", args.env.PATH);
  if (program === null) {
    return none(
      `${open} To confine them to the workspace, install bubblewrap (Debian, Ubuntu: apt install bubblewrap).`,
    );
  }
  try {
    const argv = [...bubblewrapArguments(args, tmp, args.workspace), "/bin/sh", "-c", ":"];
    await promisify(execFile)(program, argv, { timeout: 10_000, env: {} });
    return { kind: "bubblewrap", notice: null, program };
  } catch (error) {
    const said = error instanceof Error && "stderr" in error ? String(error.stderr).trim().split("\n")[0] : "";
    return none(
      `${open} bubblewrap is installed but does not work here${said ? ` (${said})` : ""}; it needs unprivileged user namespaces.`,
    );
  }
}

/** The folders that commands can write to, in real paths. */
export function writableFolders(args: SandboxArgs, tmp: PrivateTmp): string[] {
  const home = homeOf(args);
  const cache = join(home, ".cache");
  const named = cacheVariables.flatMap((name) => args.env[name] ?? []).filter(isAbsolute);
  for (const folder of [cache, ...named]) makeFolder(folder);
  const folders = [args.workspace, tmp.folder, cache, ...homeCaches.map((name) => join(home, name)), ...named];
  return [...new Set(folders.flatMap((folder) => realFolder(folder) ?? []))];
}

/** The arguments of bubblewrap up to the command. Later binds lie over earlier ones. */
export function bubblewrapArguments(args: SandboxArgs, tmp: PrivateTmp, cwd: string): string[] {
  const both = (kind: string, paths: string[]): string[] => paths.flatMap((path) => [kind, path, path]);
  const session = dirname(args.callsDir);
  const config = args.env.XDG_CONFIG_HOME ?? join(homeOf(args), ".config");
  // The folder of all sessions, and ours in it by itself, in case that one holds the workspace too.
  const own = [dirname(session), session, join(config, "ml-intern")].flatMap((path) => realFolder(path) ?? []);
  const git = gitPaths(args.workspace);
  const keep = [args.workspace, cwd, args.callsDir];
  return [
    ...["--unshare-pid", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"],
    ...both("--dev-bind-try", devicePaths()),
    ...both("--bind", writableFolders(args, tmp)),
    ...both(
      "--ro-bind",
      own.filter((path) => !isWithin(args.workspace, path)),
    ),
    ...both("--bind", [...git.writable, realpathSync(tmp.folder)]),
    ...both("--ro-bind", [...git.readOnly, ...ownRules(args.workspace)]),
    ...hiddenPaths(homeOf(args), args.env).flatMap(({ path, folder }) =>
      keep.some((kept) => isWithin(kept, path)) ? [] : folder ? ["--tmpfs", path] : ["--ro-bind", "/dev/null", path],
    ),
    // Root without these could mount the file system anew. What stays lets it work on files of other users.
    ...(process.getuid?.() === 0
      ? ["--cap-drop", "ALL", ...["CAP_DAC_OVERRIDE", "CAP_CHOWN", "CAP_FOWNER"].flatMap((cap) => ["--cap-add", cap])]
      : []),
    ...["--chdir", cwd, "--"],
  ];
}

/** The folder in which the workspace tightens the policy: what it says must not be loosened by a command. */
function ownRules(workspace: string): string[] {
  return realFolder(join(workspace, ".ml-intern")) === null ? [] : [join(workspace, ".ml-intern")];
}

/**
 * The parts of the workspace's repository that run code later, outside: read-only. The repository is a mount of its
 * own, so that it cannot be moved away and put back with other hooks; a missing folder for hooks is made, empty, so that
 * none can be put there. A linked worktree has its repository elsewhere.
 */
function gitPaths(workspace: string): { writable: string[]; readOnly: string[] } {
  const dotGit = join(workspace, ".git");
  const stat = statSync(dotGit, { throwIfNoEntry: false });
  if (stat === undefined) return { writable: [], readOnly: [] };
  const linked = stat.isFile() ? /^gitdir: (.+)$/m.exec(readFileSync(dotGit, "utf8"))?.[1] : undefined;
  const repository = realFolder(linked === undefined ? dotGit : commonFolder(resolve(workspace, linked)));
  if (repository === null) return { writable: [], readOnly: [] };
  makeFolder(join(repository, "hooks"));
  const guarded = [join(repository, "hooks"), join(repository, "config")];
  return {
    writable: [repository],
    readOnly: [
      ...(stat.isFile() ? [dotGit] : []),
      ...guarded.filter((path) => statSync(path, { throwIfNoEntry: false })),
    ],
  };
}

function commonFolder(gitDir: string): string {
  try {
    return resolve(gitDir, readFileSync(join(gitDir, "commondir"), "utf8").trim());
  } catch {
    return gitDir;
  }
}

function devicePaths(): string[] {
  return namesIn("/dev")
    .filter((name) => devices.test(name))
    .map((name) => join("/dev", name));
}

function none(notice: string): Isolation {
  return { kind: "none", notice, program: null };
}

function homeOf(args: SandboxArgs): string {
  return args.env.HOME ?? homedir();
}
