// Sessions as the agent could have told them, for screens to be looked at.
import type { CommandOutcome } from "../../../tui/chat/commands/outcome.ts";
import { reduce } from "../../../tui/screen/model/reduce.ts";
import type { Model } from "../../../tui/screen/model/state.ts";
import { call, open, ran, reply, type Say, story, turn } from "./scene.ts";

const plan = (states: readonly ("completed" | "in_progress" | "pending")[]) => ({
  plan: ["inspect the data", "baseline", "train a LoRA probe", "evaluate on held-out", "publish with a card"].map(
    (content, index) => ({ id: String(index), content, status: states[index] ?? ("pending" as const) }),
  ),
});

const diff = [
  "--- a/train.py",
  "+++ b/train.py",
  "@@ -40,3 +40,4 @@",
  " model = load()",
  "-lr = 5e-4",
  "+lr = 2e-4",
  "+warmup_ratio = 0.03",
  " epochs = 3",
  "",
].join("\n");

function prepared(say: Say): void {
  open(say, "fine-tune qwen3-0.6b on my support tickets and beat the baseline");
  say("model_facts", {
    model: "anthropic/claude-x",
    context_tokens: 100_000,
    price: null,
    tools: true,
    max_output_tokens: 8_000,
    source: "catalogue",
    as_of: null,
  });
  say("budget_changed", { cap_micro_usd: 10_000_000 });
  const prep = call("c1", "bash", "python prep.py --split 0.9");
  const edit = call("c2", "edit", "train.py", {
    touches: [{ kind: "write", path: "train.py" }],
  });
  reply(say, "## Plan\n\nI will inspect the data first, then run a **300-step** LoRA probe.\n", [prep, edit]);
  say("plan_update", plan(["completed", "in_progress"]));
  ran(say, prep, Array.from({ length: 14 }, (_, line) => `rows ${line} of the split`).join("\n"), {
    data: { exit_code: 0 },
  });
  ran(say, edit, `Edited train.py\n${diff}`, {
    duration_ms: 40,
    data: { path: "train.py", added: 2, removed: 1 },
  });
  say("plan_update", plan(["completed", "completed", "in_progress"]));
}

/** A training that runs and measures, after some work. */
export function training(): Model {
  return story((say) => {
    prepared(say);
    const job = call("c3", "hf_jobs", "train.py on a10g-large", {
      touches: [{ kind: "spend", usd: 3 }],
    });
    reply(say, "The probe starts.", [job]);
    say("tool_call", job);
    say("tool_state_change", {
      tool_call_id: "c3",
      tool: "hf_jobs",
      state: "running",
      attempt: 1,
      reserved_micro_usd: 3_000_000,
    });
    for (let step = 1; step <= 180; step++) {
      const loss = (2.6 * Math.exp(-step / 60) + 1.2).toFixed(3);
      const line = `{'loss': ${loss}, 'learning_rate': 0.00016, 'epoch': ${(step / 300).toFixed(2)}}\n`;
      const bar = `${Math.round(step / 3)}%|###   | ${step}/300 [01:25<02:05,  2.10it/s]\n`;
      say("tool_log", { tool: "hf_jobs", tool_call_id: "c3", log: `${line}${bar}` }, 476);
    }
  });
}

/** A turn that has ended, with a table and wide letters, and another one in which calls fail. */
export function finished(): Model {
  return story((say) => {
    prepared(say);
    const table =
      "| metric | baseline | probe |\n|---|---:|---:|\n| accuracy | 0.62 | 0.87 |\n| macro F1 | 0.55 | 0.83 |\n";
    reply(say, `The probe behaves. 数据集很好 🎉 — compared:\n\n${table}\n1. first\n2. second\n`);
    say("turn_complete", { history_size: 8, final_response: "x", reason: "done", iterations: 2, denied: 0 });
    turn(say, "evaluate it", 2);
    const failing = call("c4", "bash", "python eval.py --split test");
    const late = call("c5", "bash", "sleep 1000");
    reply(say, "", [failing, late]);
    const fault = 'Traceback (most recent call last):\n  File "eval.py", line 3\n\u001b[31mValueError: 数据\u001b[0m';
    ran(say, failing, fault, { outcome: "failed", success: false, data: { exit_code: 1 }, duration_ms: 900 });
    ran(say, late, "", { outcome: "timeout", success: false, duration_ms: 60_000 });
    say("actor_restarted", { actor: "sandbox", reason: "it was killed", epoch: 2 });
    say("cost_warning", { threshold_usd: 5, spent_usd: 5.5 });
    say("error", { error: "The provider refuses the key.", code: "AUTH", hint: "Set another key and send /model." });
  });
}

/** A question that waits, and another message in the queue. */
export function asking(): Model {
  return story((say) => {
    prepared(say);
    const push = call("c6", "bash", "huggingface-cli upload out/ ada/tickets", {
      gate: { verdict: "ask", reason: "it publishes" },
    });
    reply(say, "Publishing needs your word.", [push]);
    say("tool_call", push);
    say("approval_required", {
      tools: [
        {
          tool: "bash",
          arguments: { command: push.title },
          tool_call_id: "c6",
          title: push.title,
          reason: "it publishes",
          preview: { kind: "command", text: push.title },
        },
      ],
      count: 1,
    });
    say("user_message", { content: "also report tokens per second", input_id: "i9", via: "input", queued: true });
  });
}

/** One of everything that the transcript can show. */
export function everything(): Model {
  const told = story((say) => {
    open(say, "begin with\nthe second line, which is long enough to be broken where the screen is a narrow one");
    say("llm_started", { iteration: 1, model: "m/x" });
    say("thinking_chunk", { content: "First one thing.\nThen another." });
    const made = [
      call("a", "bash", "rm -rf out", { gate: { verdict: "ask", reason: "it deletes" } }),
      call("b", "bash", "mv a b", { gate: { verdict: "ask", reason: "it moves" } }),
      call("r", "read", "/etc/shadow", { gate: { verdict: "refused", outcome: "forbidden", text: "no" } }),
      call("w", "web_fetch", "https://example.com/数据", { touches: [{ kind: "network", host: "example.com" }] }),
    ] as const;
    reply(say, "", made);
    for (const one of made) say("tool_call", one);
    const asked = made.slice(0, 2).map(({ tool, tool_call_id, title }) => ({
      tool,
      tool_call_id,
      title,
      arguments: {},
      reason: "it changes files",
    }));
    say("approval_required", { tools: asked, count: 2 });
    say("tool_state_change", { tool_call_id: "a", tool: "bash", state: "approved" });
    say("tool_state_change", { tool_call_id: "b", tool: "bash", state: "rejected", feedback: true });
    say("tool_state_change", { tool_call_id: "a", tool: "bash", state: "running", attempt: 1 });
    const end = { success: true, outcome: "done", duration_ms: 3_000 } as const;
    say("tool_output", { tool: "bash", tool_call_id: "a", output: "", ...end }, 3_000);
    const denied = { success: false, outcome: "denied", duration_ms: 0 } as const;
    say("tool_output", { tool: "bash", tool_call_id: "b", output: "The user said no.", ...denied });
    say("tool_output", { tool: "read", tool_call_id: "r", output: "no", ...denied, outcome: "forbidden" });
    say("tool_state_change", { tool_call_id: "w", tool: "web_fetch", state: "running", attempt: 1 });
    const page = "\u001b[32mwide 数据\u001b[0m\ttab\n";
    const about = { untrusted: "example.com", images: [{ media_type: "image/png", base64: "" }], cost_usd: 0.002 };
    say("tool_output", { tool: "web_fetch", tool_call_id: "w", output: page.repeat(12), ...end, ...about }, 3_000);
    say("notice", { content: "You repeat yourself.", reason: "doom_loop_warning" });
    say("model_changed", { model: "openai/gpt-y", reason: "failover" });
    say("effort_changed", { effort: "high" });
    say("compacted", {
      trigger: "threshold",
      old_tokens: 90_000,
      new_tokens: 9_000,
      prefix: [],
      keep_from: 0,
      summary: "The user wants a model.",
      by: "model",
      messages_before: 40,
      messages_after: 4,
    });
    say("actor_restarted", { actor: "tools", reason: "gone", epoch: 2 });
    say("llm_started", { iteration: 2, model: "openai/gpt-y" });
    say("assistant_chunk", { content: "This was cut" });
    say("interrupting", { reason: "user", content: "This was cut" });
    say("interrupted", { reason: "user" });
    say("cost_warning", { threshold_usd: 5, spent_usd: 5.5 });
    say("a_later_event" as "effort_changed", { effort: "off" });
  });
  const command = (line: string, outcome: CommandOutcome) =>
    ({ kind: "command", line, outcome, at: told.screen.now }) as const;
  return reduce(told, [command("/approval auto", { kind: "approval", mode: "auto", changed: true })]);
}

/** A reply that is being written, with code whose fence is open. */
export function writing(): Model {
  return story((say) => {
    open(say, "show me the loop");
    say("llm_started", { iteration: 1, model: "anthropic/claude-x" });
    say("thinking_chunk", { content: "The user wants a training loop. I will keep it short." });
    say("assistant_chunk", { content: "Here it is:\n\n```python\nfor batch in loader:\n    loss = model(" }, 3_000);
  });
}
