// The small POSIX shell program that stands between us and a command. It needs no Node alive: it claims the call,
// says which process it is, runs the command, and leaves its exit status behind.
//
// - `set -C` makes `>` create its file or fail (O_EXCL), so of two starters exactly one gets past the claim.
// - The output goes through a pipe into `cat`, not straight into the file: a command that opens /dev/stderr or
//   /dev/stdout by name would otherwise truncate the file and lose what came before.
// - It outlives a SIGTERM to the group so that it can still write the status, and `cat` so that last words are kept.
//   A handler (`:`) is reset in the command; ignoring the signal would be inherited by it.
// - The command replaces a subshell of its own, so that a shell's remark on its death ("Killed") is not in its output.
// - `cat` runs without our mark, so that a search for the command's processes does not find it.

/** Name of the variable that marks a command's processes; its value is unique to the call. */
export const markVariable = "ML_INTERN_CALL";

const script = `dir=$1; shift
trap : TERM INT HUP
set -C
if [ -r "/proc/$$/stat" ]; then read -r me < "/proc/$$/stat"; else me="$$ $(LC_ALL=C TZ=UTC0 /bin/ps -o lstart= -p $$)"; fi
printf '%s\\n' "$me" > "$dir/claim" || exit 125
{ trap : TERM INT HUP; (exec "$@" 2>&1); code=$?; printf '%s\\n' "$code" > "$dir/status"; } |
{ trap '' TERM INT HUP; unset ${markVariable}; PATH=$PATH:/usr/bin:/bin; exec cat >> "$dir/out"; }`;

/** The argument vector that runs a command (itself an argument vector) under the wrapper. */
export function wrapped(dir: string, command: readonly string[]): [file: string, args: string[]] {
  return ["/bin/sh", ["-c", script, "ml-intern", dir, ...command]];
}
