// A scripted model that fails as services do, and keeps account of what it has charged. It acts on what the
// conversation shows alone, as a real one does, so that it can be asked the same thing again by another process.
import { chunk, type OpenAiTurn, replies, startOpenAiServer } from "./openai-server.ts";
import type { Answer, Entry, ScriptedServer, SeenRequest } from "./sse.ts";

/** US dollars per million tokens, which is millionths of a US dollar for one. */
export const price = { input: 1, output: 2 };
const completion = 20;

/** How an attempt comes to nothing: refused before any work, or cut off in the middle, which is charged. */
export type Fault = "busy" | "cut" | "refused";

export interface MeteredModel {
  readonly server: ScriptedServer;
  /** What a model name has been charged so far, in millionths of a US dollar. */
  charged(model: string): number;
  /** Requests of a model name that came to nothing. */
  failed(model: string): number;
}

export interface Script {
  /** The reply to a request; `last` is the highest step (`STEP=<number>`) that the conversation speaks of, or 0. */
  turn(last: number, request: SeenRequest): OpenAiTurn;
  /** What becomes of the `attempt`th time (from 1) that this very request is made; null: it is answered. */
  fault(attempt: number, last: number, request: SeenRequest): Fault | null;
}

/** Whether a request asks for a summary: those offer no tools. */
export function isSummary(request: SeenRequest): boolean {
  return !Array.isArray(request.body.tools);
}

/** Starts it. Sessions are told apart by the name of the model that they ask for. */
export async function startMeteredModel(script: Script): Promise<MeteredModel> {
  const charges = new Map<string, number>();
  const failures = new Map<string, number>();
  const attempts = new Map<string, number>();
  const add = (to: Map<string, number>, key: string, more: number) => {
    const sum = (to.get(key) ?? 0) + more;
    to.set(key, sum);
    return sum;
  };

  const entry: Entry = async (request, index) => {
    const model = String(request.body.model);
    const prompt = Math.ceil(request.text.length / 4);
    const last = Math.max(0, ...[...request.text.matchAll(/\bSTEP=(\d+)/g)].map(([, digits]) => Number(digits)));
    const fault = script.fault(add(attempts, `${model} ${request.text}`, 1), last, request);
    if (fault !== null) add(failures, model, 1);
    if (fault === "busy") return { status: 503, body: { error: { message: "Too busy.", type: "overloaded" } } };
    if (fault === "refused") return { status: 400, body: { error: { message: "Not that.", type: "invalid" } } };
    add(charges, model, prompt * price.input + completion * price.output);
    if (fault === "cut") return cutOff();
    const turn = { ...script.turn(last, request), usage: { prompt, completion } };
    const answer = replies(turn);
    return typeof answer === "function" ? await answer(request, index) : answer;
  };
  const server = await startOpenAiServer(entry);
  return {
    server,
    charged: (model) => charges.get(model) ?? 0,
    failed: (model) => failures.get(model) ?? 0,
  };
}

function cutOff(): Answer {
  return { steps: [{ data: chunk({ content: "I will now do the n" }) }, { cut: true }] };
}
