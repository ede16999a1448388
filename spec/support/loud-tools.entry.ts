// A tools actor whose tools talk too much. Everything but the catalogue is the product's own.
import { setImmediate } from "node:timers/promises";
import * as z from "zod/mini";
import type { JobsProtocol } from "../../actors/jobs/protocol.ts";
import type { McpProtocol } from "../../actors/mcp/protocol.ts";
import type { NotifierProtocol } from "../../actors/notifier/protocol.ts";
import type { RemoteProtocol } from "../../actors/remote/protocol.ts";
import type { ResearchProtocol } from "../../actors/research/protocol.ts";
import type { SandboxProtocol } from "../../actors/sandbox/protocol.ts";
import { defineTool, type ToolContext } from "../../actors/tools/contract.ts";
import { doorOf } from "../../actors/tools/door.ts";
import { createExecutor } from "../../actors/tools/executor.ts";
import type { ToolResult, ToolsArgs, ToolsProtocol } from "../../actors/tools/protocol.ts";
import type { BehaviourFactory } from "../../runtime/index.ts";

const burstLines = 100_000;
const linesEachMs = 10;

const line = (n: number) => `line ${n} of a log that nobody can follow`;

function tool(name: string, run: (context: ToolContext) => Promise<ToolResult>) {
  const input = z.strictObject({});
  return defineTool({
    name,
    description: "x",
    input,
    touches: () => [],
    title: () => name,
    run: (_, context) => run(context),
  });
}

const catalogue = [
  /** 10,000 lines a second until it is told to stop. */
  tool(
    "drone",
    ({ log, signal }) =>
      new Promise((_, reject) => {
        const startedAt = performance.now();
        let said = 0;
        const timer = setInterval(() => {
          const due = (performance.now() - startedAt) * linesEachMs;
          while (said < due) log(line(++said));
        }, 1);
        signal.addEventListener("abort", () => {
          clearInterval(timer);
          reject(signal.reason);
        });
      }),
  ),
  /** As fast as it can, with a look at its signal now and then. */
  tool("flood", async ({ log, signal }) => {
    for (let said = 0; ; ) {
      for (const end = said + 1_000; said < end; ) log(line(++said));
      await setImmediate();
      signal.throwIfAborted();
    }
  }),
  /** As fast as it can, and deaf: its thread never gets to hear anything. */
  tool("deaf", async ({ log }) => {
    for (let said = 0; ; ) log(line(++said));
  }),
  /** Many lines at once, and an end. */
  tool("burst", async ({ log }) => {
    for (let said = 0; said < burstLines; ) log(line(++said));
    return { ok: true, text: `${burstLines} lines` };
  }),
];

const behaviour: BehaviourFactory<ToolsProtocol, ToolsArgs> = (args, context) => {
  const executor = createExecutor({
    catalogue,
    args,
    ripgrep: null,
    sandbox: context.ref<SandboxProtocol>("sandbox"),
    door: doorOf(args),
    notifier: context.ref<NotifierProtocol>("notifier"),
    research: context.ref<ResearchProtocol>("research"),
    remote: context.ref<RemoteProtocol>("remote"),
    mcp: context.ref<McpProtocol>("mcp"),
    jobs: context.ref<JobsProtocol>("jobs"),
    pool: () => Promise.reject(new Error("These tools need no pool.")),
  });
  return {
    tells: {},
    asks: {
      prepare: ({ calls }, message) => executor.prepare(calls, message),
      preview: (request, message) => executor.preview(request, message),
      run: (request, message) => executor.run(request, message),
      probe: (request, message) => executor.probe(request, message),
      share: () => Promise.reject(new Error("These tools share nothing.")),
    },
  };
};

export default behaviour;
