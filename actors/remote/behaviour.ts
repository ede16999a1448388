// The remote actor: has at most one machine of the Hub's, and does there what the sandbox actor does here. It holds
// nothing that is not on the machine or among the Hub's jobs, so that its own end loses nothing.
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { type BehaviourFactory, codeOf, type MessageContext } from "../../runtime/index.ts";
import { createDoor } from "../http/door.ts";
import { waits } from "../http/manners.ts";
import { pause } from "../http/wait.ts";
import type { ExecRequest, ExecResult, Job } from "../sandbox/protocol.ts";
import { asObject, asText, parseJson } from "../shape.ts";
import { callFolder, listScript } from "./commands.ts";
import { RemoteError } from "./errors.ts";
import { endOn, followOn, lookAt, startOn, statusOf, viewOn } from "./follow.ts";
import type { MachineState } from "./machine.ts";
import { createMachines } from "./machines.ts";
import type { CreateRequest, Machine, RemoteArgs, RemoteProtocol } from "./protocol.ts";
import type { Server } from "./server.ts";

/** Milliseconds that a machine may take until it answers: hardware may have to be found first. */
const startLimitMs = 15 * 60_000;
const lookMs = 2_000;
/** Bytes of one page of a job's output, at most. */
const longestPage = 1024 * 1024;

/** Prints the size of a regular file, `folder`, `other`, or nothing. Argument: path. */
const sizeScript = `if [ -f "$1" ]; then wc -c < "$1"; elif [ -d "$1" ]; then echo folder; elif [ -e "$1" ]; then echo other; fi`;
/** Prints size and name of the regular files below a path. Arguments: path, most. */
const filesScript = `[ -e "$1" ] || { echo missing; exit 0; }
find "$1" -type f ! -path "*/.git/*" 2>/dev/null | head -n "$2" | while IFS= read -r file; do echo "$(wc -c < "$file") $file"; done`;

const remote: BehaviourFactory<RemoteProtocol, RemoteArgs> = (args, context) => {
  const { services, keys, userAgent } = args;
  const door = createDoor({ services, keys, userAgent, cacheDir: null, waits });
  const machines = createMachines(door, keys.hub, args.backend);
  let there: MachineState | null = null;
  let known = args.known;

  /** The machine that there is; null: none. One of an earlier process is taken up again. */
  async function current(signal: AbortSignal): Promise<MachineState | null> {
    if (there !== null) return there;
    if (known === null) return null;
    const found = await machines.get(known, signal);
    if (found !== null && !found.isOver) there = found;
    else await letGo(found, signal);
    return there;
  }

  /** The machine is over. What is left of one (a Space that sleeps, or is past its hours) is deleted: it may cost yet. */
  async function letGo(over: MachineState | null, signal: AbortSignal): Promise<void> {
    there = null;
    known = null;
    if (over !== null) await machines.end(over.machine, signal).catch(() => undefined);
  }

  /** Does something on the machine; when nobody answers there any more, says what has become of it. */
  async function on<T>(signal: AbortSignal, work: (server: Server) => Promise<T>): Promise<T> {
    const found = await current(signal);
    if (found === null) throw new RemoteError("NO_MACHINE", "There is no sandbox. Make one with sandbox_create.");
    try {
      return await work(machines.serverOf(found));
    } catch (error) {
      if (!(error instanceof RemoteError) || error.code !== "MACHINE_GONE") throw error;
      const now = await machines.get(found.machine, signal).catch(() => found);
      if (now !== null && !now.isOver) throw error;
      await letGo(now, signal);
      const why = now === null ? "" : ` (${now.stage}${now.message === "" ? "" : `: ${now.message}`})`;
      throw new RemoteError("MACHINE_GONE", `The sandbox has ended${why}, and its files with it. Make a new one.`);
    }
  }

  async function waitUntilReady(begun: MachineState, message: MessageContext): Promise<MachineState> {
    const until = Date.now() + startLimitMs;
    const { id } = begun.machine;
    let said = "";
    for (let now: MachineState | null = begun; ; now = await machines.get(begun.machine, message.signal)) {
      if (now === null || now.isOver) {
        const why = now === null ? "" : ` (${now.stage}${now.message === "" ? "" : `: ${now.message}`})`;
        throw new RemoteError("MACHINE_FAILED", `The sandbox ended before it was ready${why}.`);
      }
      if (now.stage !== said) message.progress({ text: `sandbox ${id}: ${now.stage}\n`, bytes: 0 });
      said = now.stage;
      if (now.address !== null && (await machines.serverOf(now).isReady(message.signal))) return now;
      if (Date.now() > until) {
        const minutes = startLimitMs / 60_000;
        throw new RemoteError(
          "MACHINE_FAILED",
          `The sandbox was not ready after ${minutes} minutes. Try other hardware.`,
        );
      }
      await pause(lookMs, message.signal);
    }
  }

  async function create(request: CreateRequest, message: MessageContext): Promise<Machine> {
    const say = (line: string) => message.progress({ text: `${line}\n`, bytes: 0 });
    const begun = await machines.obtain(request, args.sessionId, message.signal, say);
    known = begun.machine;
    try {
      const ready = await waitUntilReady(begun, message);
      // The folder of the work is there before anybody is sent to it.
      await machines.serverOf(ready).shell('mkdir -p "$1"', [ready.machine.workspace], message.signal);
      there = ready;
      return ready.machine;
    } catch (error) {
      // The end of this actor leaves it to whoever asks next; anything else must leave nothing that costs.
      if (!context.signal.aborted) {
        await machines.end(begun.machine, AbortSignal.timeout(30_000)).catch(() => undefined);
        known = null;
      }
      throw error;
    }
  }

  async function remove(signal: AbortSignal): Promise<Machine | null> {
    const found = await current(signal);
    if (found === null) return null;
    await machines.end(found.machine, signal);
    there = null;
    known = null;
    return found.machine;
  }

  async function exec(request: ExecRequest, message: MessageContext): Promise<ExecResult> {
    const { callId, timeoutMs, background } = request;
    return on(message.signal, async (server) => {
      const adopted = (await startOn(server, request, args.graceMs, message.signal)) === "known";
      const startedAt = Date.now();
      if (background) {
        const look = await lookAt(server, callId, message.signal);
        const output = await viewOn(server, callId, look?.bytes ?? 0, args.outputChars, message.signal);
        const status = look === null ? ({ state: "lost" } as const) : statusOf(look, timeoutMs);
        return { status, output, durationMs: 0, jobId: callId, adopted };
      }
      try {
        const { look, status } = await followOn(server, request, message.signal, (update) => message.progress(update));
        const output = await viewOn(server, callId, look.bytes, args.outputChars, message.signal);
        const tookMs =
          look.beganAt !== null && look.endedAt !== null ? look.endedAt - look.beganAt : Date.now() - startedAt;
        return { status, output, durationMs: Math.max(0, tookMs), jobId: null, adopted };
      } catch (error) {
        // The end of this actor fires the same signal with another reason, and must leave the command alone.
        const code = message.signal.aborted ? codeOf(message.signal.reason) : undefined;
        if (code === "CANCELLED" || code === "ASK_TIMEOUT") {
          await endOn(server, callId, args.graceMs, AbortSignal.timeout(30_000)).catch(() => undefined);
        }
        throw error;
      }
    });
  }

  async function jobOn(server: Server, about: Record<string, unknown>, signal: AbortSignal): Promise<Job | null> {
    const callId = asText(about.callId);
    const look = await lookAt(server, callId, signal);
    if (look === null) return null;
    return {
      jobId: callId,
      callId,
      title: asText(about.title),
      command: asText(about.command),
      cwd: asText(about.cwd),
      startedAt: look.beganAt ?? 0,
      background: about.background === true,
      status: statusOf(look, typeof about.timeoutMs === "number" ? about.timeoutMs : Number.POSITIVE_INFINITY),
      outputBytes: look.bytes,
    };
  }

  async function jobsOn(server: Server, signal: AbortSignal): Promise<Job[]> {
    const { stdout } = await server.shell(listScript, [], signal);
    const calls = stdout.split("\n").flatMap((line) => {
      const about = asObject(parseJson(line));
      return about === null ? [] : [about];
    });
    const jobs = await Promise.all(calls.map((about) => jobOn(server, about, signal)));
    return jobs
      .filter((one): one is Job => one !== null && (one.background || one.status.state === "running"))
      .sort((a, b) => a.startedAt - b.startedAt);
  }

  async function knownJob(server: Server, jobId: string, signal: AbortSignal): Promise<Job> {
    const about = await server.read(`${callFolder(jobId)}/about.json`, 0, longestPage, signal);
    const stated = about === null ? null : asObject(parseJson(new TextDecoder().decode(about)));
    const found = stated === null ? null : await jobOn(server, stated, signal);
    if (found !== null) return found;
    throw new RemoteError("JOB_UNKNOWN", `There is no job ${jobId} in the sandbox. Ask for the list of jobs.`);
  }

  return {
    tells: {},
    asks: {
      create,
      machine: async (_, { signal }) => {
        const found = await current(signal);
        if (found === null) return null;
        const now = await machines.get(found.machine, signal).catch(() => found);
        if (now !== null && !now.isOver) return now.machine;
        await letGo(now, signal);
        return null;
      },
      remove: (_, { signal }) => remove(signal),
      exec,
      jobs: async (_, { signal }) =>
        (await current(signal)) === null ? [] : on(signal, (server) => jobsOn(server, signal)),
      readJob: ({ jobId, from, maxBytes }, { signal }) =>
        on(signal, async (server) => {
          const found = await knownJob(server, jobId, signal);
          const start = Math.min(Math.max(0, Math.floor(from)), found.outputBytes);
          const length = Math.min(maxBytes, longestPage, found.outputBytes - start);
          const bytes = length <= 0 ? null : await server.read(`${callFolder(jobId)}/out`, start, length, signal);
          const text = bytes === null ? "" : new TextDecoder().decode(bytes);
          return { job: found, text, next: start + (bytes?.length ?? 0) };
        }),
      stopJob: ({ jobId }, { signal }) =>
        on(signal, async (server) => {
          await knownJob(server, jobId, signal);
          await endOn(server, jobId, args.graceMs, signal);
          return knownJob(server, jobId, signal);
        }),
      stopAll: async (_, { signal }) => {
        if ((await current(signal)) === null) return 0;
        return on(signal, async (server) => {
          const running = (await jobsOn(server, signal)).filter(({ status }) => status.state === "running");
          await Promise.all(running.map(({ jobId }) => endOn(server, jobId, args.graceMs, signal)));
          return running.length;
        });
      },
      isolation: () => ({ kind: "none", notice: null, writable: null, isOpen: false }),
      fetchFile: ({ path, to, maxBytes }, { signal }) =>
        on(signal, async (server) => {
          const size = (await server.shell(sizeScript, [path], signal)).stdout.trim();
          if (size === "") return null;
          if (!/^\d+$/.test(size)) {
            throw new RemoteError(
              "NOT_A_FILE",
              `${path} is ${size === "folder" ? "a folder" : "no regular file"} in the sandbox.`,
            );
          }
          if (Number(size) > maxBytes) {
            throw new RemoteError(
              "TOO_LARGE",
              `${path} has ${size} bytes; look into it with bash (head, sed -n, grep).`,
            );
          }
          const bytes = await server.stream(path, signal);
          if (bytes === null) return null;
          await mkdir(dirname(to), { recursive: true, mode: 0o700 });
          await pipeline(Readable.from(bytes), createWriteStream(to, { mode: 0o600 }), { signal });
          return { bytes: Number(size) };
        }),
      storeFile: ({ from, path }, { signal }) =>
        on(signal, async (server) => {
          await server.shell('mkdir -p "$(dirname "$1")"', [path], signal);
          await server.store(from, path, signal);
          return null;
        }),
      listFiles: ({ path, most }, { signal }) =>
        on(signal, async (server) => {
          const { stdout } = await server.shell(filesScript, [path, String(most + 1)], signal);
          if (stdout.trim() === "missing") return null;
          const files = stdout.split("\n").flatMap((line) => {
            const parts = /^\s*(\d+) (.+)$/.exec(line);
            return parts === null ? [] : [{ path: parts[2] ?? "", bytes: Number(parts[1]) }];
          });
          return { files: files.slice(0, most), more: files.length > most };
        }),
    },
  };
};

export default remote;
