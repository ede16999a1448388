// The small server on a machine of the Hub's (github.com/huggingface/sandbox-server, protocol 3): runs commands, reads
// and writes files. Requests pass the proxy of the Hub's jobs with the user's token, and the server itself with a token
// that is derived from it.
import { createHmac } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { HttpError } from "../http/errors.ts";
import type { Door, HttpAnswer, HttpRequest } from "../http/types.ts";
import { asCount, asObject, asText, parseJson } from "../shape.ts";
import { RemoteError } from "./errors.ts";

/** The port on which it listens, and the version of its protocol that we speak. */
export const serverPort = 49_983;
export const leastProtocol = 3;

/** The token of a machine, from the user's and from the machine's public nonce (huggingface_hub, sandbox guide). */
export function sandboxToken(hubToken: string, nonce: string): string {
  return createHmac("sha256", hubToken).update(`hf-sandbox:${nonce}`).digest("hex");
}

/** How a short command ended. */
export interface ShellResult {
  code: number | null;
  timedOut: boolean;
  stdout: string;
  stderr: string;
}

/** The server of one machine. All of it throws `RemoteError`: `MACHINE_GONE` where nobody answers any more. */
export interface Server {
  /** Whether it answers and speaks our protocol. */
  isReady(signal: AbortSignal): Promise<boolean>;
  /** Runs a small POSIX shell script with arguments; for housekeeping, not for the user's commands. */
  shell(script: string, args: readonly string[], signal: AbortSignal): Promise<ShellResult>;
  /** A part of a file; null: there is no such file. */
  read(path: string, offset: number, length: number, signal: AbortSignal): Promise<Uint8Array | null>;
  /** A whole file, piece by piece; null: there is no such file. */
  stream(path: string, signal: AbortSignal): Promise<AsyncIterable<Uint8Array> | null>;
  /** Writes a file from a file here. */
  store(from: string, path: string, signal: AbortSignal): Promise<void>;
}

/** Housekeeping takes moments; the server says something every 15 s while it runs. */
const shellSeconds = 60;
const mostOutput = 4 * 1024 * 1024;
/** A machine that has ended does not come back, so it is not waited for as long as a service. */
const mostAttempts = 3;

/** Makes the client of a server. `headers` carry both tokens; they go to this address and nowhere else. */
export function createServer(door: Door, baseUrl: string, headers: Readonly<Record<string, string>>): Server {
  const send = async (path: string, request: Omit<HttpRequest, "headers"> & { headers?: Record<string, string> }) => {
    const answer = await door
      .send(`${baseUrl}${path}`, { attempts: mostAttempts, ...request, headers: { ...headers, ...request.headers } })
      .catch((error: unknown) => {
        request.signal.throwIfAborted();
        throw gone(error);
      });
    if (answer.url.startsWith(baseUrl)) return answer;
    answer.close();
    throw new RemoteError("MACHINE_GONE", "The sandbox's address leads elsewhere; it has probably ended.");
  };
  const query = (parameters: Record<string, string | number>) =>
    new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, String(value)])).toString();

  async function file(path: string, range: Record<string, number>, signal: AbortSignal): Promise<HttpAnswer | null> {
    const answer = await send(`/v1/files/read?${query({ path, ...range })}`, { signal });
    if (answer.ok) return answer;
    const said = await saidBy(answer);
    if (answer.status === 404 && !isProxyWord(said)) return null;
    throw refused(answer.status, said);
  }

  return {
    async isReady(signal) {
      try {
        const answer = await send("/health", { signal, attempts: 1, timeoutMs: 10_000 });
        if (!answer.ok) {
          answer.close();
          return false;
        }
        const protocol = asCount(asObject(parseJson(await answer.text(64 * 1024)))?.protocol) ?? leastProtocol;
        if (protocol >= leastProtocol) return true;
        throw new RemoteError(
          "MACHINE_FAILED",
          `The sandbox's server speaks protocol ${protocol}; ${leastProtocol} is needed.`,
        );
      } catch (error) {
        if (error instanceof RemoteError && error.code === "MACHINE_GONE") return false;
        throw error;
      }
    },

    async shell(script, args, signal) {
      const cmd = ["/bin/sh", "-c", script, "ml-intern", ...args];
      const answer = await send("/v1/exec", {
        method: "POST",
        json: { cmd, timeout: shellSeconds },
        signal,
        timeoutMs: shellSeconds * 1_000,
        // Our scripts are written so that running one twice does no harm.
        repeatable: true,
      });
      if (!answer.ok) throw refused(answer.status, await saidBy(answer));
      return await resultOf(answer);
    },

    async read(path, offset, length, signal) {
      const answer = await file(path, { offset, length }, signal);
      return answer === null ? null : (await answer.head(length)).bytes;
    },

    async stream(path, signal) {
      return (await file(path, {}, signal))?.bytes() ?? null;
    },

    async store(from, path, signal) {
      const size = statSync(from).size;
      const answer = await send(`/v1/files/write?${query({ path })}`, {
        method: "PUT",
        headers: { "content-type": "application/octet-stream", "content-length": String(size) },
        body: () => createReadStream(from),
        signal,
        repeatable: true,
        timeoutMs: 60_000 + size / 200,
      });
      if (!answer.ok) throw refused(answer.status, await saidBy(answer));
      answer.close();
    },
  };
}

/** Collects what a command says: lines of JSON, each an event. */
async function resultOf(answer: HttpAnswer): Promise<ShellResult> {
  const result: ShellResult = { code: null, timedOut: false, stdout: "", stderr: "" };
  const decoder = new TextDecoder();
  let rest = "";
  let isOver = false;
  const take = (line: string): void => {
    const event = asObject(parseJson(line));
    if (event === null) return;
    const kind = asText(event.type ?? event.event);
    if (kind === "stdout" || kind === "stderr") {
      if (result[kind].length < mostOutput) result[kind] += asText(event.data);
    }
    if (kind !== "exit") return;
    isOver = true;
    result.code = asCount(event.exit_code);
    result.timedOut = event.timed_out === true;
  };
  for await (const piece of answer.bytes()) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  }
  take(rest);
  if (!isOver) throw new RemoteError("MACHINE_GONE", "The sandbox broke off in the middle of an answer.");
  return result;
}

async function saidBy(answer: HttpAnswer): Promise<string> {
  const { bytes } = await answer.head(8_192).catch(() => ({ bytes: new Uint8Array() }));
  answer.close();
  const text = new TextDecoder().decode(bytes);
  return asText(asObject(parseJson(text))?.error) || text.slice(0, 200);
}

/** Whether an error is the proxy's, which answers so for machines that have ended, and not the server's. */
function isProxyWord(said: string): boolean {
  return said === "" || /<html|job (?:was )?not found|not running|no such job/i.test(said);
}

function refused(status: number, said: string): RemoteError {
  if (status === 404 || status === 502 || status === 503 || status === 410) {
    return new RemoteError(
      "MACHINE_GONE",
      "The sandbox does not answer any more; it has probably ended. Make a new one.",
    );
  }
  return new RemoteError("MACHINE_REFUSED", `The sandbox refused (${status}): ${said || "no reason given"}`);
}

function gone(error: unknown): unknown {
  if (!(error instanceof HttpError) || error.status === 401 || error.status === 403) return error;
  return new RemoteError("MACHINE_GONE", `The sandbox cannot be reached: ${error.message}`, { cause: error });
}
