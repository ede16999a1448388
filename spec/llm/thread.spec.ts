import { expect } from "chai";
import { llmChild } from "../../actors/llm/child.ts";
import type { CompleteProgress, LlmErrorData, LlmProtocol } from "../../actors/llm/protocol.ts";
import { type ActorRef, createSystem, type System } from "../../runtime/index.ts";
import { chunk, replies, startOpenAiServer } from "../support/openai-server.ts";
import { fails, type ScriptedServer } from "../support/sse.ts";
import { argsFor, request, shown, until } from "./caller.ts";

describe("llm: in its thread", () => {
  let server: ScriptedServer;
  let system: System;
  let llm: ActorRef<LlmProtocol>;

  before(async () => {
    server = await startOpenAiServer((seen, index) => {
      const body = JSON.stringify(seen.body.messages);
      if (body.includes("refuse")) return fails(402, { error: "No credits." });
      if (body.includes("hang")) return { steps: [{ data: chunk({ content: "so" }) }, { silence: true }] };
      const whole = replies({ text: "Hello from afar.", calls: [{ name: "bash", arguments: { command: "ls" } }] });
      return typeof whole === "function" ? whole(seen, index) : whole;
    });
    system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
    await system.supervise("root", [llmChild(argsFor(server.url))], {
      strategy: "one_for_one",
      intensity: 3,
      periodMs: 10_000,
      backoff: { minMs: 10, maxMs: 100, jitter: 0, resetAfterMs: 1000 },
    });
    llm = system.ref<LlmProtocol>("llm");
  });
  after(async () => {
    await system.stop();
    await server.close();
  });

  it("answers with the reply, and with progress on the way", async () => {
    const updates: CompleteProgress[] = [];
    const onProgress = (update: unknown) => updates.push(update as CompleteProgress);
    expect(await llm.ask("warm", { model: "ollama/m" }, { deadlineMs: 5000 })).to.equal(null);
    const reply = await llm.ask("complete", request("ollama/m"), { deadlineMs: 5000, onProgress });
    expect(reply.calls).to.deep.equal([{ id: "call_0", tool: "bash", arguments: { command: "ls" } }]);
    expect(shown(updates)).to.equal("Hello from afar.");
  });

  it("fails with code, message and hint intact", async () => {
    const asked = llm.ask("complete", request("org/model", [{ role: "user", text: "refuse" }]), { deadlineMs: 5000 });
    const error = await asked.then(
      () => null,
      (reason: { name: string; code: string; message: string; data: LlmErrorData }) => reason,
    );
    expect(error?.name).to.equal("LlmError");
    expect(error?.code).to.equal("LLM_PAYMENT_REQUIRED");
    expect(error?.message).to.equal("Hugging Face asks for payment (402): No credits.");
    expect(error?.data).to.include({ status: 402, attempts: 1 });
    expect(error?.data.hint).to.include("https://huggingface.co/settings/billing");
  });

  it("closes the connection when the call is cancelled", async () => {
    const controller = new AbortController();
    let streaming = false;
    const asked = llm.ask("complete", request("ollama/m", [{ role: "user", text: "hang" }]), {
      deadlineMs: 5000,
      signal: controller.signal,
      onProgress: () => {
        streaming = true;
      },
    });
    const ended = asked.then(
      () => null,
      (reason: { code: string }) => reason.code,
    );
    await until(() => streaming);
    controller.abort();
    expect(await ended).to.equal("CANCELLED");
    await until(() => server.requests.at(-1)?.closedAt !== null, 1000);
  });
});
