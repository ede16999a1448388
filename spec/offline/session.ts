// A small session around the offline provider: it carries out the calls of each reply with real commands and files.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Json, ToolCall } from "../../actors/events.ts";
import { offlineTabular } from "../../actors/llm/offline/provider.ts";
import type { Message } from "../../actors/llm/protocol.ts";
import type { ProviderReply } from "../../actors/llm/provider.ts";

/** The result of one call, as the model reads it. */
export interface Result {
  ok: boolean;
  text: string;
}

const toolNames = ["bash", "read", "write", "edit", "glob", "grep", "list", "plan_tool"];

/** The next reply to a conversation, by a provider of its own: nothing is kept from call to call. */
export async function reply(
  messages: readonly Message[],
  tools = toolNames,
  pieces: string[] = [],
): Promise<ProviderReply> {
  return offlineTabular().complete(
    {
      model: "tabular",
      preamble: {
        system: "You are ml-intern.",
        tools: tools.map((name) => ({ name, description: name, parameters: { type: "object" } })),
      },
      messages,
      effort: "off",
      stream: true,
      sessionId: "spec",
      maxOutputTokens: 8000,
      signal: new AbortController().signal,
    },
    (update) => {
      if (update.kind === "text") pieces.push(update.text);
    },
  );
}

const field = (given: Json, name: string): string => {
  const value = typeof given === "object" && given !== null && !Array.isArray(given) ? given[name] : undefined;
  return typeof value === "string" ? value : "";
};

function runCommand(command: string, cwd: string): Promise<Result> {
  return new Promise((resolve) => {
    const child = spawn("bash", ["-c", command], { cwd, env: { PATH: process.env.PATH, HOME: process.env.HOME } });
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
    });
    child.stderr.on("data", (data) => {
      text += data;
    });
    child.on("close", (code) => resolve({ ok: code === 0, text: `${text}exit code ${code}` }));
  });
}

/** Carries out one call in a workspace, as the product's tools would. */
export async function carryOut(call: ToolCall, workspace: string): Promise<Result> {
  if (call.tool === "bash") return runCommand(field(call.arguments, "command"), workspace);
  if (call.tool === "write") {
    const path = join(workspace, field(call.arguments, "path"));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, field(call.arguments, "content"));
    return { ok: true, text: `Wrote ${path}.` };
  }
  return call.tool === "plan_tool" ? { ok: true, text: "Plan updated." } : { ok: false, text: "unknown tool" };
}

/** Carries a conversation on until a reply without calls; answers with the whole conversation. */
export async function converse(
  before: readonly Message[],
  prompt: string,
  workspace: string,
  act: (call: ToolCall) => Promise<Result> = (call) => carryOut(call, workspace),
): Promise<Message[]> {
  const messages: Message[] = [...before, { role: "user", text: prompt }];
  for (let turn = 0; turn < 30; turn++) {
    const { text, calls } = await reply(messages);
    messages.push({ role: "assistant", text, calls });
    if (calls.length === 0) return messages;
    const results = await Promise.all(calls.map(act));
    calls.forEach((call, index) => {
      const { ok, text: output } = results[index] ?? { ok: false, text: "" };
      messages.push({ role: "tool", callId: call.id, tool: call.tool, ok, text: output });
    });
  }
  throw new Error("the policy does not come to an end");
}

/** The text of the last reply. */
export function finalText(messages: readonly Message[]): string {
  const last = messages.at(-1);
  return last?.role === "assistant" ? last.text : "";
}

/** The status of each item of the plan after a conversation, in order. */
export function finalPlan(messages: readonly Message[]): string[] {
  const plans = messages.flatMap((message) =>
    message.role === "assistant" ? message.calls.filter((call) => call.tool === "plan_tool") : [],
  );
  const todos = (plans.at(-1)?.arguments as { todos: { status: string }[] } | undefined)?.todos ?? [];
  return todos.map(({ status }) => status);
}

/** An empty workspace with some files; `remove` deletes it. */
export function makeWorkspace(files: Record<string, string | Buffer>): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "ml-intern-offline-"));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}
