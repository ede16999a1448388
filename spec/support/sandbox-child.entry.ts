// A program that runs one command in a sandbox of its own and says what came of it. Often killed before that.
import { sandboxChild } from "../../actors/sandbox/child.ts";
import type { ExecRequest, SandboxArgs, SandboxProtocol } from "../../actors/sandbox/protocol.ts";
import { createSystem } from "../../runtime/index.ts";

const { args, request } = JSON.parse(process.argv[2] ?? "") as { args: SandboxArgs; request: ExecRequest };
const system = createSystem({ hostEntry: new URL("./host.js", import.meta.url) });
await system.supervise("child", [sandboxChild(args)], {
  strategy: "one_for_one",
  intensity: 1,
  periodMs: 1_000,
  backoff: { minMs: 1, maxMs: 1, jitter: 0, resetAfterMs: 1_000 },
});
const result = await system.ref<SandboxProtocol>("sandbox").ask("exec", request, { deadlineMs: 60_000 });
process.stdout.write(`${JSON.stringify(result)}\n`);
await system.stop();
