// The tools without a session: for other programs that call them. Each call is checked and judged as in a headless run,
// and a line about it is kept; what the policy asks about is put to whoever asks, if they can answer.
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { codeOf, createSystem, type SupervisorOptions } from "../../runtime/index.ts";
import type { Json, Preview } from "../events.ts";
import type { ToolSpec } from "../llm/protocol.ts";
import { createRedactor } from "../redaction/redactor.ts";
import { sandboxChild } from "../sandbox/child.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { judge } from "../session/policy/judge.ts";
import type { Verdict } from "../session/policy/types.ts";
import { toolsChild } from "../tools/child.ts";
import { isOffered } from "../tools/offered.ts";
import type { Prepared, ToolProgress, ToolResult, ToolsProtocol } from "../tools/protocol.ts";
import { canonicalJson, sha256 } from "./audit/entry.ts";
import { openAuditFile } from "./audit/file.ts";
import { offerOf } from "./offers.ts";
import { toolSpecs } from "./prompt/preamble.ts";
import { toolsArgsOf } from "./tools-args.ts";
import type { StartOptions } from "./types.ts";

/** A call as it would run, for somebody to approve. */
export interface Proposal {
  title: string;
  reason: string;
  arguments: Json;
  preview: Preview | null;
}

/** Who calls. */
export interface Client {
  signal: AbortSignal;
  onLog(text: string): void;
  /** Puts a call to a person; null: there is nobody. */
  approve: ((proposal: Proposal) => Promise<boolean>) | null;
}

/** The tools, ready to be called. */
export interface Workbench {
  specs: ToolSpec[];
  /** Runs a call. Never fails for a bad call or a tool's failure: these are results. */
  call(tool: string, args: Json, client: Client): Promise<ToolResult>;
  close(): Promise<void>;
}

type Accepted = Extract<Prepared, { ok: true }>;

const supervision: SupervisorOptions = {
  strategy: "one_for_one",
  intensity: 20,
  periodMs: 30_000,
  backoff: { minMs: 50, maxMs: 5_000, jitter: 0.2, resetAfterMs: 60_000 },
};

const prepareMs = 60_000;
const previewMs = 10_000;
/** Time beyond a call's own limit before its executor is given up, in milliseconds. */
const executorGraceMs = 15_000;
/** Starts of a call that is safe to repeat, when its executor dies over it. */
const mostStarts = 3;

/** Milliseconds after which the outputs of a program that left them behind are not read any more. */
const oldMs = 7 * 24 * 3600 * 1000;

/** Opens it for those of the tools that are named. */
export async function openWorkbench(options: StartOptions, names: readonly string[]): Promise<Workbench> {
  const all = join(options.stateDir, "served");
  dropOld(all);
  const folder = join(all, randomBytes(6).toString("hex"));
  const outputs = join(folder, "outputs");
  mkdirSync(outputs, { recursive: true, mode: 0o700 });
  const audit = openAuditFile(join(all, "audit.jsonl"));
  const redactor = createRedactor({ secrets: options.secrets });
  const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
  const { toolOutputChars: outputChars, outputFileBytes, graceMs } = options.limits;
  const calls = join(folder, "calls");
  const children = [
    toolsChild({
      ...toolsArgsOf(options, { session: basename(folder), sessionDir: folder, outputs, calls }),
      ...offerOf({ ...options, toolRuntime: "local" }),
      offers: {},
      destinations: {},
      mcp: {},
    }),
    sandboxChild({
      callsDir: calls,
      workspace: options.cwd,
      env: options.commandEnv,
      isolation: options.isolation,
      limits: { outputFileBytes, outputChars, graceMs },
    }),
  ];
  await system.supervise("workers", children, supervision);
  const tools = system.ref<ToolsProtocol>("tools");
  const specs = toolSpecs().filter(({ name }) => names.includes(name) && isOffered(name, offerOf(options)));
  let tainted: string | null = null;

  async function prepare(id: string, tool: string, args: Json, signal: AbortSignal): Promise<Prepared> {
    const call = { id, tool, arguments: args };
    if (!specs.some(({ name }) => name === tool)) {
      const there = specs.map(({ name }) => name).join(", ");
      return { ok: false, id, tool, error: `There is no tool named ${JSON.stringify(tool)}. There are: ${there}.` };
    }
    const [prepared] = await tools.ask("prepare", { calls: [call] }, { deadlineMs: prepareMs, signal });
    if (prepared === undefined) throw new Error("the executor has checked nothing");
    return prepared;
  }

  /** Why a call does not run, or null; and who says so. */
  async function gate(call: Accepted, verdict: Verdict, client: Client) {
    const { reason, rule, always } = verdict;
    if (verdict.verdict === "allow") return { refusal: null, said: "run", rule, who: "policy" };
    if (verdict.verdict === "deny") {
      return { refusal: `Refused by the policy: ${reason}.`, said: "forbidden", rule, who: "policy" };
    }
    if (options.approval === "auto" && !always) return { refusal: null, said: "run", rule, who: "mode" };
    const words = `Not run: it needs an approval (${reason})`;
    if (client.approve === null || options.approval === "deny") {
      const why = `${words}, and this client cannot ask a person for it.`;
      return { refusal: why, said: "denied", rule, who: "mode" };
    }
    const request = { id: call.id, tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
    const look = tools.ask("preview", request, { deadlineMs: previewMs, signal: client.signal });
    const preview = await look.catch(() => null);
    const approved = await client.approve({ title: call.title, reason, arguments: call.arguments, preview });
    const refusal = approved ? null : `${words}, and it was refused.`;
    return { refusal, said: approved ? "approved" : "rejected", rule, who: "user" };
  }

  async function run(call: Accepted, client: Client): Promise<ToolResult> {
    const onProgress = (update: unknown) => {
      const told = update as ToolProgress;
      if ("log" in told) client.onLog(redactor.text(told.log));
      else keep({ call_id: call.id, fact: told.fact.type, data: told.fact.data as Json });
    };
    for (let attempt = 1; ; attempt += 1) {
      const request = { id: call.id, tool: call.tool, arguments: call.arguments, attempt, seen: {} };
      const deadlineMs = call.timeoutMs + executorGraceMs;
      try {
        return await tools.ask("run", request, { deadlineMs, signal: client.signal, onProgress });
      } catch (error) {
        client.signal.throwIfAborted();
        const mayRepeat = call.onCrash !== "effect" && call.onCrash !== "probe";
        if (codeOf(error) !== "ACTOR_GONE") throw error;
        if (mayRepeat && attempt < mostStarts) continue;
        const text = mayRepeat
          ? "The tool's process died each time that this call ran."
          : "Unknown outcome: the tool's process died while this call ran. Check first, before you repeat it.";
        return { ok: false, outcome: "unknown", text };
      }
    }
  }

  function keep(line: { [key: string]: Json }): void {
    audit.append(redactor.text(JSON.stringify({ time: new Date().toISOString(), ...line })));
  }

  async function call(tool: string, args: Json, client: Client): Promise<ToolResult> {
    const id = randomBytes(6).toString("hex");
    const prepared = await prepare(id, tool, args, client.signal);
    if (!prepared.ok) return { ok: false, text: prepared.error };
    const rules = { ...options.policy, session: [] };
    const { cwd: workspace, home } = options;
    const verdict = judge(prepared, { workspace, home, mode: "headless", rules, tainted, isFound: () => false });
    const { refusal, said, rule, who } = await gate(prepared, verdict, client);
    // An answer may come with the word that it is wanted no more.
    client.signal.throwIfAborted();
    const hash = sha256(canonicalJson(prepared.arguments));
    // Before the call: what cannot be put on record does not happen.
    keep({ call_id: id, tool, arguments_sha256: hash, verdict: said, rule, who });
    if (refusal !== null) return { ok: false, text: refusal };
    const result = await run(prepared, client);
    tainted = result.untrusted ?? tainted;
    return { ...result, text: redactor.text(result.text) };
  }

  return {
    specs,
    call,
    async close() {
      await system
        .ref<SandboxProtocol>("sandbox")
        .ask("stopAll", {}, { deadlineMs: graceMs + 3_000 })
        .catch(() => 0);
      await system.stop();
      audit.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Removes what programs have left behind that were killed: outputs that nobody reads any more. */
function dropOld(all: string): void {
  try {
    for (const { name } of readdirSync(all, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
      const path = join(all, name);
      if (Date.now() - statSync(path).mtimeMs > oldMs) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // There is none yet, or it is not ours to remove.
  }
}
