// Conversations for the specs of the context actor: by hand, at random from a seed, and the rules that each must obey.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compact } from "../../actors/context/compact.ts";
import type { CompactRequest, CompactResult } from "../../actors/context/protocol.ts";
import type { PlanItem } from "../../actors/events.ts";
import type { LlmProtocol, Message } from "../../actors/llm/protocol.ts";
import type { ActorRef } from "../../runtime/index.ts";

/** A reply with one call, and its result. */
export function step(id: string, result: string, args: Record<string, string> = { command: `run ${id}` }): Message[] {
  return [
    { role: "assistant", text: `Step ${id}.`, calls: [{ id, tool: "bash", arguments: args }] },
    { role: "tool", callId: id, tool: "bash", text: result, ok: true },
  ];
}

/** One message of the user's and very many steps. */
export function longRun(steps: number, resultChars: number): Message[] {
  const messages: Message[] = [{ role: "user", text: "Train the model on data.csv and report its accuracy." }];
  for (let i = 0; i < steps; i++) messages.push(...step(`c${i}`, `result ${i}\n${"x".repeat(resultChars)}`));
  return messages;
}

/** A request in which four characters are a token and the model is the embedded one, which writes no summaries. */
export function request(messages: Message[], change: Partial<CompactRequest> = {}): CompactRequest {
  return {
    messages,
    overheadTokens: 500,
    targetTokens: 8_000,
    windowTokens: 16_000,
    charsPerToken: 4,
    carried: { plan: [], files: [], jobs: [] },
    model: "offline/tabular",
    effort: "low",
    sessionId: "s",
    summaryMs: 5_000,
    ...change,
  };
}

/** The caller of models as it is when it is gone. */
const nobody: ActorRef<LlmProtocol> = {
  id: "llm",
  tell: () => false,
  ask: () => Promise.reject(Object.assign(new Error("gone"), { code: "ACTOR_GONE" })),
};

/** A folder for cut texts, and compactions with no model to ask. */
export function workshop(): { dir: string; run(asked: CompactRequest): Promise<CompactResult>; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), "context-spec-"));
  const dir = join(parent, "outputs");
  return {
    dir,
    run: (asked) =>
      compact(asked, { llm: nobody, prompt: "Summarise.", signal: new AbortController().signal, spillDir: dir }),
    remove: () => rmSync(parent, { recursive: true }),
  };
}

/** The conversation after a compaction. */
export function conversationAfter(messages: readonly Message[], { prefix, keepFrom }: CompactResult): Message[] {
  return [...prefix, ...messages.slice(keepFrom)];
}

/** What is wrong with a conversation as a provider sees it, or null. */
export function problemOf(messages: readonly Message[]): string | null {
  if (messages[0]?.role !== "user") return "does not begin with the user";
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    if (message.role === "tool") {
      if (!open.delete(message.callId)) return `message ${index} is a result without its call`;
      continue;
    }
    if (open.size > 0) return `message ${index} comes before the results of ${[...open].join()}`;
    if (message.role !== "assistant") continue;
    if (message.text === "" && message.calls.length === 0) return `message ${index} is empty`;
    open = new Set(message.calls.map((call) => call.id));
  }
  return open.size > 0 ? "calls are left without results" : null;
}

/** Random numbers from a seed (mulberry32). */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * below);
  };
}

const words = [
  "loss",
  "epoch",
  "π≈3.14",
  "…",
  "</notice>",
  "# State at this point",
  "\n",
  "🤗🤗",
  "data.csv",
  "0.8639",
  "error:",
];

/** Text of up to `most` characters, rarely long. */
export function randomText(random: (below: number) => number, most: number): string {
  const length = random(8) === 0 ? random(most) : random(Math.ceil(most / 20));
  let text = "";
  while (text.length < length) text += `${words[random(words.length)]} `;
  return text;
}

/** A valid conversation that begins with the user. */
export function randomConversation(random: (below: number) => number): Message[] {
  const messages: Message[] = [{ role: "user", text: `TASK ${randomText(random, 30_000)}` }];
  const count = random(120);
  for (let i = 0; i < count; i++) {
    const kind = random(12);
    if (kind === 0) messages.push({ role: "user", text: `Also ${i}: ${randomText(random, 6_000)}` });
    else if (kind === 1) messages.push({ role: "notice", text: `Note ${i}` });
    else if (kind === 2)
      messages.push({ role: "assistant", text: `Said ${i}. ${randomText(random, 4_000)}`, calls: [] });
    else messages.push(...randomStep(random, i));
  }
  return messages;
}

function randomStep(random: (below: number) => number, index: number): Message[] {
  const ids = Array.from({ length: 1 + random(4) }, (_, call) => `c${index}-${call}`);
  const native = { provider: "p", model: "m", blocks: [{ seal: randomText(random, 2_000) }] };
  return [
    {
      role: "assistant",
      text: randomText(random, 300),
      calls: ids.map((id) => ({
        id,
        tool: "bash",
        arguments: random(9) === 0 ? "{broken" : { command: randomText(random, 5_000) },
      })),
      ...(random(3) === 0 ? { native } : {}),
    },
    ...ids.map((callId): Message => {
      const images = Array.from({ length: random(3) }, () => ({ media_type: "image/png", base64: "AAAA" }));
      return {
        role: "tool",
        callId,
        tool: "bash",
        text: randomText(random, 25_000),
        ok: random(4) > 0,
        ...(random(20) === 0 ? { images } : {}),
      };
    }),
  ];
}

export function randomPlan(random: (below: number) => number): PlanItem[] {
  return Array.from({ length: random(12) }, (_, index) => ({
    id: `step-${index}`,
    content: `Do ${index} ${randomText(random, 400)}`.trim(),
    status: (["pending", "in_progress", "completed"] as const)[random(3)] ?? "pending",
  }));
}
