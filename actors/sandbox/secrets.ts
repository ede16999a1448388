// What commands must not see or reach when they are isolated: credentials, and sockets through which a command could
// have somebody outside act for it.
import { realpathSync, statSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import credentials from "../../configs/credentials.json" with { type: "json" };
import { namesIn } from "./paths.ts";

/** Files that may hold a token and without which a package manager finds no packages: commands may read them. */
const needed = new Set([".npmrc"]);

/** Doors to the outside: container engines, the user's session and system buses, screens. */
const doors = [
  "/run/docker.sock",
  "/run/podman",
  "/run/containerd",
  "/run/dbus",
  "/run/user",
  "/run/screen",
  "/tmp/.X11-unix",
];

/** Folders of sockets in /tmp whose names carry a user or a number: terminal multiplexers, key agents. */
const doorsInTmp = /^(tmux-|ssh-|screen-|vscode-)/;

/** A path to hide, and whether it is a folder. Real paths; only what exists. */
export interface HiddenPath {
  path: string;
  folder: boolean;
}

/** The paths that isolated commands find empty. */
export function hiddenPaths(home: string, env: Record<string, string>): HiddenPath[] {
  const hub = env.HF_HOME ?? join(env.XDG_CACHE_HOME ?? join(home, ".cache"), "huggingface");
  const tokens = ["token", "stored_tokens"].map((name) => join(hub, name));
  const sockets = namesIn("/tmp").filter((name) => doorsInTmp.test(name));
  const paths = [
    ...credentials.below_home.filter((name) => !needed.has(name)).map((name) => join(home, name)),
    ...tokens,
    ...doors,
    ...sockets.map((name) => join("/tmp", name)),
  ];
  return paths.filter(isAbsolute).flatMap((path) => {
    try {
      const real = realpathSync(path);
      return [{ path: real, folder: statSync(real).isDirectory() }];
    } catch {
      return [];
    }
  });
}
