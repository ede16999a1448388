// A scripted model for sessions that may be killed and taken up: what it says next depends on the conversation alone.
import { type OpenAiTurn, replies } from "./openai-server.ts";
import type { Entry } from "./sse.ts";

/** Goes by how many results the conversation shows; the last turn is repeated. */
export const acts =
  (...turns: OpenAiTurn[]): Entry =>
  async (request, index) => {
    const messages = request.body.messages as { role: string }[];
    const results = messages.filter(({ role }) => role === "tool").length;
    const turn = replies(turns[Math.min(results, turns.length - 1)] ?? {});
    return typeof turn === "function" ? await turn(request, index) : turn;
  };
