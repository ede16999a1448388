// A scripted stand-in for the three services that say whether they take a key, at one address.
import { type Answer, fails, type ScriptedServer, type SeenRequest, startScriptedServer } from "./sse.ts";

/** The keys that are taken. */
export const goodKeys = { hub: "hf_goodToken1234", anthropic: "sk-ant-good-1234", openai: "sk-good-5678" } as const;

export interface KeyServer extends ScriptedServer {
  /** The requests about keys, in order. */
  readonly asked: SeenRequest[];
  /** Where the program finds it. */
  readonly env: Record<string, string>;
  /** What is answered instead from now on; null: as it should be. */
  answerWith(answer: Answer | null): void;
}

/** Starts it. */
export async function startKeyServer(): Promise<KeyServer> {
  const asked: SeenRequest[] = [];
  let instead: Answer | null = null;
  const models: Answer = { status: 200, body: { object: "list", data: [{ id: "some-model" }] } };
  const refused = { error: { message: "invalid x-api-key", type: "authentication_error" } };
  const server = await startScriptedServer([], [], (request) => {
    const { path, headers } = request;
    if (request.method !== "GET") return null;
    asked.push(request);
    if (instead !== null) return instead;
    if (path === "/api/whoami-v2") {
      if (headers.authorization !== `Bearer ${goodKeys.hub}`)
        return fails(401, { error: "Invalid username or password." });
      return { status: 200, body: { type: "user", name: "ada", auth: { type: "access_token" } } };
    }
    if (path !== "/v1/models") return null;
    if (headers["x-api-key"] === goodKeys.anthropic) return models;
    return headers.authorization === `Bearer ${goodKeys.openai}` ? models : fails(401, refused);
  });
  return {
    ...server,
    asked,
    env: { HF_ENDPOINT: server.url, ANTHROPIC_BASE_URL: server.url, OPENAI_BASE_URL: `${server.url}/v1` },
    answerWith(answer) {
      instead = answer;
    },
  };
}
