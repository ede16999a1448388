// The tools actor: the executor over the catalogue, in a thread of its own.
import type { BehaviourFactory } from "../../runtime/index.ts";
import type { McpProtocol } from "../mcp/protocol.ts";
import type { NotifierProtocol } from "../notifier/protocol.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { catalogue } from "./catalogue.ts";
import { doorOf } from "./door.ts";
import { createExecutor } from "./executor.ts";
import { lazyPool } from "./lazy-pool.ts";
import type { ToolsArgs, ToolsProtocol } from "./protocol.ts";
import { findRipgrep } from "./search/ripgrep.ts";

const behaviour: BehaviourFactory<ToolsProtocol, ToolsArgs> = (args, context) => {
  const pool = lazyPool();
  const executor = createExecutor({
    catalogue,
    args,
    ripgrep: args.ripgrep === undefined ? findRipgrep() : args.ripgrep,
    sandbox: context.ref<SandboxProtocol>("sandbox"),
    notifier: context.ref<NotifierProtocol>("notifier"),
    mcp: context.ref<McpProtocol>("mcp"),
    pool: pool.run,
    door: doorOf(args),
  });
  return {
    tells: {},
    asks: {
      prepare: ({ calls }, message) => executor.prepare(calls, message),
      preview: (request, message) => executor.preview(request, message),
      run: (request, message) => executor.run(request, message),
      probe: (request, message) => executor.probe(request, message),
    },
    stop: () => pool.close(),
  };
};

export default behaviour;
