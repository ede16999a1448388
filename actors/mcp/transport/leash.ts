// How a server's process is kept from outliving us. It runs in a process group of its own together with a small shell
// that holds one end of a pipe, the leash; the other end is ours. When ours is gone, closed or with us by any death,
// the shell ends the group. Linux alone can also say who has left the group: they carry a mark in their environment.
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";

/** Name of the variable that marks a server's processes. */
const markVariable = "ML_INTERN_MCP";

// - The watching shell must not hold the server's streams, or nobody would see them end.
// - It outlives the SIGTERM that it sends; the last signal ends it as well.
// - The server takes the place of the first shell, so that its exit is the child's exit and its pid leads the group.
const script = `mark=$1; shift
( trap '' TERM HUP INT
  read -r _ <&3
  kill -TERM 0
  sleep 1
  if [ -r /proc/self/stat ]; then
    read -r me _ < /proc/self/stat
    for entry in /proc/[0-9]*; do
      pid=\${entry#/proc/}
      [ "$pid" = "$me" ] || [ "$pid" = "$$" ] || ! grep -qsz "^${markVariable}=$mark$" "$entry/environ" || kill -KILL "$pid"
    done
  fi
  kill -KILL 0
) </dev/null >/dev/null 2>&1 &
exec "$@" 3<&-`;

/** A process on the leash. */
export interface Leashed {
  child: ChildProcess;
  /** Lets the group be ended: SIGTERM, and a second later SIGKILL for what is left. */
  release(): void;
}

/** Starts a command. Its input, output and errors are pipes. */
export function leash(command: string, args: readonly string[], cwd: string, env: Record<string, string>): Leashed {
  const mark = randomBytes(8).toString("hex");
  const child = spawn("/bin/sh", ["-c", script, "ml-intern", mark, command, ...args], {
    cwd,
    env: { ...env, [markVariable]: mark },
    detached: true,
    stdio: ["pipe", "pipe", "pipe", "pipe"],
  });
  const end = child.stdio[3];
  // A process that is gone has closed its end; that is no error of ours.
  for (const stream of child.stdio) stream?.on("error", () => undefined);
  return { child, release: () => end?.destroy() };
}
