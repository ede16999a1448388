// How the explorer's world answers: everything that the protocols allow, at random.
import type { Access, Usage } from "../../../../actors/events.ts";
import type { LlmErrorCode } from "../../../../actors/llm/protocol.ts";
import type { Prepared, ToolResult } from "../../../../actors/tools/protocol.ts";
import type { AnyAsk, AskOf } from "../../../support/asks.ts";
import { prepared, reply } from "../../../support/turn.ts";
import { priced, shorter, untold, usage } from "../stories.ts";
import { callPlan, planOf } from "./calls.ts";
import type { Chance } from "./chance.ts";
import type { Charges } from "./charges.ts";

/** A model that no budget of the explorer's can pay. */
export const dearModel = "dear";

/** `charsHeld` are the characters of the conversation as it is now; `holds`: the model's caller has it up to there. */
export interface Circumstances {
  charsHeld: number;
  holds: (ask: AskOf<"llm.complete">) => boolean;
}

const failures: readonly LlmErrorCode[] = ["LLM_CONTEXT_OVERFLOW", "LLM_OVERLOADED", "LLM_BAD_REQUEST", "LLM_BUDGET"];

export function createAnswers(chance: Chance, charges: Charges) {
  let marks = 0;

  function failModel(ask: AnyAsk, code: LlmErrorCode) {
    if (code === "LLM_HISTORY_NEEDED") charges.giveBack(ask);
    const micro = charges.of(ask);
    ask.fail(code, { attempts: 1, ...(micro > 0 ? { assumedUsd: micro / 1e6 } : {}) });
  }

  /** Sometimes as little as nothing, sometimes as much as the conversation really has. */
  const usageOf = (chars: number): Usage =>
    chance.sometimes(0.5) ? usage : { ...untold, prompt_tokens: Math.ceil(chars / 3) + 60, completion_tokens: 5 };

  function complete(ask: AskOf<"llm.complete">, now: Circumstances) {
    if (!now.holds(ask)) return failModel(ask, "LLM_HISTORY_NEEDED");
    const cost = { costUsd: charges.of(ask) / 1e6, usage: usageOf(now.charsHeld) };
    const what = chance.weighed([
      [50, "calls"],
      [25, "text"],
      [5, "nothing"],
      [20, "failure"],
    ] as const);
    // Whoever gets the whole conversation does not ask for it.
    const possible = ask.body.history.from === 0 ? failures : ([...failures, "LLM_HISTORY_NEEDED"] as const);
    if (what === "failure") return failModel(ask, chance.pick(possible));
    if (what === "nothing") return ask.answer(reply(cost));
    if (what === "text") {
      const finish = chance.pick(["stop", "stop", "stop", "truncated", "refusal"] as const);
      return ask.answer(reply({ ...cost, text: `done ${chance.text("y", 600)}`, finish }));
    }
    const calls = Array.from({ length: 1 + chance.upTo(2) }, () => {
      marks += 1;
      // Some providers use an id twice.
      const id = chance.sometimes(0.1) ? "dup" : `c${marks}`;
      return { id, tool: "bash", arguments: callPlan(chance, marks) };
    });
    const finish = chance.sometimes(0.1) ? "truncated" : "tool_calls";
    ask.answer(reply({ ...cost, calls, text: chance.text("t", 300), finish }));
  }

  function tryOut(ask: AskOf<"llm.probe">) {
    if (chance.sometimes(0.3)) return failModel(ask, "LLM_MODEL_UNKNOWN");
    const facts = priced(ask.body.model, { context_tokens: chance.pick([null, 3_000, 900]) });
    ask.answer({ facts, effort: null, usage, costUsd: charges.of(ask) / 1e6, attempts: 1, latencyMs: 1 });
  }

  function compact(ask: AskOf<"context.compact">) {
    const calls = charges.summaryCalls(ask);
    if (chance.sometimes(0.2)) return ask.fail("CONTEXT_TOO_SMALL", { hint: "h", calls });
    const starts = ask.body.messages.flatMap((message, index) => (message.role === "tool" ? [] : [index]));
    const keepFrom = starts.length === 0 ? 0 : chance.pick(starts);
    const prefix = keepFrom === 0 ? [] : [{ role: "user" as const, text: "task" }];
    ask.answer(shorter({ prefix, keepFrom, newTokens: 100 + chance.upTo(200), calls }));
  }

  function prepare({ id, tool, arguments: args }: AskOf<"tools.prepare">["body"]["calls"][number]): Prepared {
    if (chance.sometimes(0.08)) return { ok: false, id, tool, error: "bad" };
    const { onCrash, spend } = planOf(args);
    const touches: Access[] = spend > 0 ? [{ kind: "spend", usd: spend }] : [];
    if (chance.sometimes(0.3)) touches.push({ kind: "write", path: chance.pick(["/w/a", "/w/b"]) });
    return prepared(id, { arguments: { ...planOf(args), filled: true }, onCrash, touches });
  }

  function result(costUsd: number | null): ToolResult {
    const status = chance.pick(["pending", "completed"] as const);
    return {
      ok: chance.sometimes(0.8),
      text: chance.text("r", 500),
      ...(chance.sometimes(0.2) ? { plan: [{ id: "1", content: "x", status }] } : {}),
      ...(chance.sometimes(0.2) ? { untrusted: "web" } : {}),
      ...(chance.sometimes(0.2) ? { files: { "/w/a": chance.pick(["h1", null]) } } : {}),
      ...(costUsd !== null && chance.sometimes(0.5) ? { costUsd } : {}),
    };
  }

  /** Answers a request, or fails it. */
  return function answer(ask: AnyAsk, now: Circumstances) {
    if (chance.sometimes(0.06)) return ask.fail("ACTOR_GONE");
    if (chance.sometimes(0.02)) return ask.fail("ASK_TIMEOUT");
    switch (ask.name) {
      case "llm.complete":
        return complete(ask, now);
      case "llm.probe":
        return tryOut(ask);
      case "llm.describe": {
        const price = ask.body.model === dearModel ? { input: 1e6, output: 1e6 } : { input: 1, output: 10 };
        const context_tokens = chance.pick([null, 3_000, 1_500, 800]);
        return ask.answer(priced(ask.body.model, { context_tokens, price, max_output_tokens: 500 }));
      }
      case "context.compact":
        return compact(ask);
      case "tools.prepare":
        return ask.answer(ask.body.calls.map(prepare));
      case "tools.preview":
        return ask.answer(chance.sometimes(0.5) ? null : { kind: "text", text: "see" });
      case "tools.run":
        return ask.answer(result(planOf(ask.body.arguments).spend > 0 ? charges.of(ask) / 1e6 : null));
      case "tools.probe":
        return ask.answer(
          chance.pick([
            { state: "done" as const, result: result(null) },
            { state: "not_done" as const },
            { state: "unknown" as const },
          ]),
        );
    }
  };
}
