// Every worker is killed at random moments of a long session, again and again: what comes out must be what comes out of
// a session that nobody disturbs. A failure names the seed; KILLS_SEED=n runs that one session alone.
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Json, SessionEvent } from "../../actors/events.ts";
import { start } from "../../actors/root/start.ts";
import type { Agent } from "../../actors/root/types.ts";
import { effective } from "../../tui/config/layers.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { startOptions } from "../../tui/config/options.ts";
import { policyRules } from "../../tui/config/policy.ts";
import { fewTools } from "../support/few-tools.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { randomFrom } from "../support/random.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";
import { startWebhookServer, type WebhookServer } from "../support/webhook-server.ts";

const steps = 50;
const sessions = 30;
/** Below the restart intensity of the supervisors (five in 30 seconds), which is what a session must survive. */
const killsPerSession = 4;
const actors = ["llm", "context", "watcher", "tools", "sandbox", "notifier"] as const;
const windowTokens = 16_000;

/** What the scripted model does as its n-th step: each kind of call that a crash means something else for. */
function callOf(step: number): { name: string; arguments: Record<string, Json> } {
  const padding = "x".repeat(1_500);
  switch (step % 5) {
    case 0:
      return { name: "read", arguments: { path: "note.txt" } };
    case 1:
      return {
        name: "bash",
        arguments: { command: `echo line-${step} >> effects.txt; echo ${padding}; echo STEP=${step}` },
      };
    case 2:
      return { name: "write", arguments: { path: `file-${step}.txt`, content: `content of ${step}\n` } };
    case 3:
      return { name: "bash", arguments: { command: `seq 40; echo line-${step} >> effects.txt; echo STEP=${step}` } };
    default:
      if (step % 2 === 0) {
        return { name: "notify", arguments: { destinations: ["team"], title: `step ${step}`, message: "still at it" } };
      }
      return {
        name: "plan_tool",
        arguments: { todos: [{ id: "1", content: `step ${step}`, status: "in_progress" }] },
      };
  }
}

/** A model that goes by the newest call in the conversation, as it is shown, and makes the next one. */
const script: Entry = async (request, index) => {
  const messages = request.body.messages as { role: string; tool_calls?: { id: string }[] }[];
  const done = messages.flatMap(({ tool_calls }) => (tool_calls ?? []).map(({ id }) => Number(/s(\d+)/.exec(id)?.[1])));
  const step = Math.max(0, ...done) + 1;
  const usage = { prompt: Math.ceil(request.text.length / 4), completion: 20 };
  const isSummary = !Array.isArray(request.body.tools);
  const turn = isSummary
    ? { text: "Many steps were made, each as it should be, and the next one is due. Nothing has failed so far.", usage }
    : step === steps
      ? {
          calls: [
            {
              id: `s${step}`,
              name: "plan_tool",
              arguments: { todos: [{ id: "1", content: "x", status: "completed" }] },
            },
          ],
          usage,
        }
      : step > steps
        ? { text: "All steps are done.", usage }
        : { calls: [{ id: `s${step}`, ...callOf(step) }], usage };
  const entry = replies(turn);
  return typeof entry === "function" ? await entry(request, index) : entry;
};

interface Outcome {
  /** What reached people: each message once, however often it had to be posted. */
  messages: string[];
  end: Json;
  effects: string;
  calls: string[];
}

describe("a session whose workers are killed at random moments", function () {
  this.timeout(400_000);
  let server: ScriptedServer;
  let hook: WebhookServer;
  let root: string;

  before(async () => {
    server = await startOpenAiServer(script);
    hook = await startWebhookServer();
    root = realpathSync(mkdtempSync(join(tmpdir(), "kills-")));
  });
  after(async () => {
    await server.close();
    await hook.close();
    rmSync(root, { recursive: true, force: true });
  });

  /** Runs one session, killed at moments and places that the seed chooses; null: undisturbed. */
  async function session(seed: number | null): Promise<{ outcome: Outcome; killed: string[] }> {
    const cwd = join(root, `w-${seed ?? "calm"}`);
    mkdirSync(cwd);
    const config = effective([
      shippedConfig(),
      {
        source: "spec",
        values: {
          ...fewTools,
          llamacpp_base_url: server.url,
          context_window: windowTokens,
          isolation: "off",
          approval: "auto",
          messaging: {
            enabled: true,
            destinations: {
              team: { provider: "webhook", url: hook.hook, allow_agent_tool: true, allow_auto_events: true },
            },
          },
        },
      },
    ]);
    const { rules } = await policyRules(config, { workspace: cwd, home: root });
    const place = { cwd, home: root, stateDir: join(root, "state"), mode: "headless" as const, policy: rules };
    const run = { session: { kind: "new" as const }, model: "llamacpp/m", env: process.env, createdBy: "spec" };
    const agent = await start(startOptions(config, { ...place, ...run }));
    const killed: string[] = [];
    const postedBefore = hook.requests.length;
    const random = randomFrom(seed ?? 0);
    const moments = new Set(
      Array.from({ length: seed === null ? 0 : killsPerSession }, () => Math.ceil(random() * 300)),
    );
    const events: SessionEvent[] = [];
    try {
      for await (const event of eventsOf(agent)) {
        events.push(event);
        if (moments.has(events.length)) {
          const actor = actors[Math.floor(random() * actors.length)] ?? "llm";
          killed.push(`${actor}@${event.type}`);
          agent.crash(actor);
        }
        if (event.type === "process_started") await agent.operate({ type: "user_input", text: "make all steps" });
        if (["turn_complete", "error", "interrupted", "session_terminated"].includes(event.type)) break;
      }
    } finally {
      await agent.stop("done");
    }
    const end = events.at(-1);
    const posts = hook.requests.slice(postedBefore);
    // A service that knows the key takes a repeated post for the one that it has.
    const keys = new Map(posts.map(({ headers, body }) => [String(headers["idempotency-key"]), String(body.title)]));
    const outcome: Outcome = {
      messages: [...keys.values()].toSorted(),
      end: end?.type === "turn_complete" ? [end.data.reason, end.data.final_response] : [JSON.stringify(end?.data)],
      effects: readFileSync(join(cwd, "effects.txt"), "utf8"),
      calls: events.flatMap((event) =>
        event.type === "tool_output" ? [`${event.data.tool_call_id} ${event.data.outcome} ${event.data.success}`] : [],
      ),
    };
    rmSync(cwd, { recursive: true, force: true });
    return { outcome, killed };
  }

  it("comes to the same end, with every effect once and every call with the same outcome", async () => {
    const only = process.env.KILLS_SEED;
    const seeds = only === undefined ? Array.from({ length: sessions }, (_, n) => n + 1) : [Number(only)];
    const { outcome: expected } = await session(null);
    expect(expected.end).to.deep.equal(["done", "All steps are done."]);
    expect(expected.calls).to.have.length(steps);
    expect(expected.messages).to.have.length(6);
    let kills = 0;
    for (const seed of seeds) {
      const { outcome, killed } = await session(seed);
      expect(outcome, `seed ${seed}, killed: ${killed.join(", ")}`).to.deep.equal(expected);
      kills += killed.length;
    }
    expect(kills).to.be.greaterThan(only === undefined ? 90 : 0);
    expect(server.unexpected).to.deep.equal([]);
  });
});

async function* eventsOf(agent: Agent): AsyncGenerator<SessionEvent, void> {
  for await (const { type, seq, ts, data, durable } of agent.bus.subscribe({ from: agent.firstSeq })) {
    if (durable) yield { type, seq, ts, session_id: agent.sessionId, data } as SessionEvent;
  }
}
