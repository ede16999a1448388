// A scripted stand-in for a service that takes JSON by POST at one secret address.
import { type Entry, type ScriptedServer, startScriptedServer } from "./sse.ts";

const path = "/hooks/s3cret-path";

export interface WebhookServer extends ScriptedServer {
  /** The address to post to. */
  readonly hook: string;
}

/** Starts it. Entry `n` of the script answers request `n`; every request beyond it is taken with a 204. */
export async function startWebhookServer(script: readonly Entry[] = []): Promise<WebhookServer> {
  const server = await startScriptedServer([path], async (request, index) => {
    const entry = script[index] ?? { status: 204, body: "" };
    return typeof entry === "function" ? await entry(request, index) : entry;
  });
  return { ...server, hook: `${server.url}${path}` };
}
