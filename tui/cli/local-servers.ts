// Model servers on this machine: which of them answer, and what they serve.
import type { StartOptions } from "../../actors/root/types.ts";

/** What a local server said. `models` is null when it did not answer. */
export interface LocalServerState {
  prefix: string;
  url: string;
  models: string[] | null;
  /** Why there is no list of models, or null. */
  problem: string | null;
}

/** Milliseconds that a server gets to answer: it is on this machine or next to it. */
const patienceMs = 1_000;
const maxModels = 200;

/** Asks every local server for its models, all at once. Never fails: a server that is not there is an answer too. */
export function lookAtLocalServers(local: StartOptions["llm"]["local"]): Promise<LocalServerState[]> {
  return Promise.all(
    Object.entries(local).map(async ([prefix, { baseUrl, apiKey }]) => {
      const url = `${baseUrl}/models`;
      try {
        const response = await fetch(url, {
          headers: { authorization: `Bearer ${apiKey}` },
          redirect: "error",
          signal: AbortSignal.timeout(patienceMs),
        });
        if (!response.ok) return { prefix, url, models: null, problem: `answered with HTTP ${response.status}` };
        const models = namesIn(await response.json()).map((name) => `${prefix}/${name}`);
        return { prefix, url, models: models.slice(0, maxModels), problem: null };
      } catch (error) {
        return { prefix, url, models: null, problem: problemOf(error) };
      }
    }),
  );
}

function namesIn(body: unknown): string[] {
  const list = typeof body === "object" && body !== null && "data" in body && Array.isArray(body.data) ? body.data : [];
  return list.flatMap((entry: unknown) =>
    typeof entry === "object" && entry !== null && "id" in entry && typeof entry.id === "string" ? [entry.id] : [],
  );
}

function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "TimeoutError") return `no answer within ${patienceMs / 1000} s`;
  const cause = error.cause;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : "";
  return code === "ECONNREFUSED"
    ? "not running"
    : code || (error instanceof SyntaxError ? "its answer is no JSON" : "no answer");
}
