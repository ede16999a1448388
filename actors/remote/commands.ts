// Commands on a machine: each has a folder there with its output and its end, so that it needs nobody who listens, and
// so that whoever comes later finds it. The scripts are POSIX shell; running one twice does no harm.
import { createHash } from "node:crypto";

/** The folder of all calls, on the machine. */
export const callsFolder = "/tmp/.ml-intern/calls";

/** The folder of one call; ids of calls come from providers and may hold anything. */
export function callFolder(callId: string): string {
  return `${callsFolder}/${createHash("sha256").update(callId).digest("hex").slice(0, 24)}`;
}

/**
 * Shell functions, without single quotes so that they can stand in a quoted script. `marked MARK` prints the processes
 * whose environment holds the mark: whoever a command has started, whatever group or session it has moved to. `finish MARK
 * SECONDS` ends them: SIGTERM, so long to obey, SIGKILL.
 */
const functions = `marked() { grep -l "$1" /proc/[0-9]*/environ 2>/dev/null | tr -cd "0-9\\n"; }
finish() { kill -TERM $(marked "$1") 2>/dev/null
for n in $(seq 1 $(($2 * 5))); do [ -n "$(marked "$1")" ] || return 0; sleep 0.2; done
kill -KILL $(marked "$1") 2>/dev/null; }`;

/** The mark of a call's processes, from its folder. */
const mark = `"ML_INTERN_CALL=\${dir##*/}"`;

/**
 * Starts a command, once: the folder is the lock. Arguments: folder, seconds, working folder, command, what the call is
 * (JSON), and the seconds that what it leaves behind gets to end. Prints `started`, `known` or `nowhere`.
 *
 * - The script that leads it carries no mark: it outlives the command's end, ends what is left, and writes how it went.
 * - `timeout` holds its limit although nobody of us may be there.
 */
export const startScript = `dir=$1; seconds=$2; cwd=$3; command=$4; about=$5; grace=$6
[ -d "$cwd" ] || { [ "$cwd" = /workspace ] && mkdir -p "$cwd"; } || { echo nowhere; exit 0; }
mkdir -p "\${dir%/*}"
mkdir "$dir" 2>/dev/null || { echo known; exit 0; }
printf '%s' "$about" > "$dir/about.json"
date +%s > "$dir/began"
shell=sh; command -v bash >/dev/null 2>&1 && shell=bash
limit=; command -v timeout >/dev/null 2>&1 && limit="timeout -k 5 $seconds"
apart=; command -v setsid >/dev/null 2>&1 && apart=setsid
cd "$cwd" || exit 1
$apart /bin/sh -c '${functions}
dir=$1; limit=$2; shell=$3; command=$4; grace=$5
echo $$ > "$dir/pid"
env ${mark} $limit "$shell" -c "$command" > "$dir/out" 2>&1 < /dev/null
code=$?
finish ${mark} "$grace"
date +%s > "$dir/ended"
echo $code > "$dir/status"' ml-intern "$dir" "$limit" "$shell" "$command" "$grace" > /dev/null 2>&1 < /dev/null &
echo started`;

/**
 * How a call stands. Argument: folder. The end is read before the size, so that the size of what is over is whole. Prints
 * bytes of output, begin, end, exit code, verdict and whether it is alive, or
 * `unknown`.
 */
export const lookScript = `dir=$1
[ -d "$dir" ] || { echo unknown; exit 0; }
status=$(cat "$dir/status" 2>/dev/null || echo -)
size=0; [ -f "$dir/out" ] && size=$(wc -c < "$dir/out")
alive=no; [ -f "$dir/pid" ] && kill -0 "$(cat "$dir/pid")" 2>/dev/null && alive=yes
echo $size "$(cat "$dir/began" 2>/dev/null || echo -)" "$(cat "$dir/ended" 2>/dev/null || echo -)" "$status" "$(cat "$dir/verdict" 2>/dev/null || echo -)" $alive`;

/**
 * Ends a call with all that it started. Arguments: folder, seconds of grace, verdict. The script that leads the command
 * is left to write its end, and replaced where it is gone.
 */
export const endScript = `${functions}
dir=$1; grace=$2
[ -d "$dir" ] || exit 0
[ -f "$dir/status" ] || echo "$3" > "$dir/verdict"
finish ${mark} "$grace"
for n in 1 2 3 4 5 6 7 8 9 10; do [ -f "$dir/status" ] && exit 0; sleep 0.2; done
[ -f "$dir/pid" ] && kill -KILL "$(cat "$dir/pid")" 2>/dev/null
date +%s > "$dir/ended"
echo 143 > "$dir/status"`;

/** What every call on the machine is: one line of JSON each. */
export const listScript = `for about in ${callsFolder}/*/about.json; do [ -f "$about" ] && { cat "$about"; echo; }; done`;

/** How a call stands. */
export interface Look {
  bytes: number;
  /** Milliseconds since 1970, by the machine's clock; null: not known. */
  beganAt: number | null;
  endedAt: number | null;
  code: number | null;
  verdict: string | null;
  /** Its leading process is there. */
  isAlive: boolean;
}

/** Reads what `lookScript` has printed; null: the machine knows no such call. */
export function parseLook(printed: string): Look | null {
  const [bytes = "", began = "", ended = "", status = "", verdict = "", alive = ""] = printed.trim().split(/\s+/);
  if (!/^\d+$/.test(bytes)) return null;
  const number = (text: string): number | null => (/^\d+$/.test(text) ? Number(text) : null);
  const seconds = (text: string): number | null => {
    const value = number(text);
    return value === null ? null : value * 1_000;
  };
  return {
    bytes: Number(bytes),
    beganAt: seconds(began),
    endedAt: seconds(ended),
    code: number(status),
    verdict: verdict === "-" || verdict === "" ? null : verdict,
    isAlive: alive === "yes",
  };
}
