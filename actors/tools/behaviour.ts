// The tools actor: the executor over the catalogue, in a thread of its own.
import type { BehaviourFactory } from "../../runtime/index.ts";
import type { JobsProtocol } from "../jobs/protocol.ts";
import type { McpProtocol } from "../mcp/protocol.ts";
import type { NotifierProtocol } from "../notifier/protocol.ts";
import type { RemoteProtocol } from "../remote/protocol.ts";
import type { ResearchProtocol } from "../research/protocol.ts";
import type { SandboxProtocol } from "../sandbox/protocol.ts";
import { catalogue } from "./catalogue.ts";
import { doorOf } from "./door.ts";
import { describeError } from "./errors.ts";
import { createExecutor } from "./executor.ts";
import { lazyPool } from "./lazy-pool.ts";
import type { ToolsArgs, ToolsProtocol } from "./protocol.ts";
import { findRipgrep } from "./search/ripgrep.ts";

const behaviour: BehaviourFactory<ToolsProtocol, ToolsArgs> = (args, context) => {
  const pool = lazyPool();
  const door = doorOf(args);
  const executor = createExecutor({
    catalogue,
    args,
    ripgrep: args.ripgrep === undefined ? findRipgrep() : args.ripgrep,
    sandbox: context.ref<SandboxProtocol>("sandbox"),
    notifier: context.ref<NotifierProtocol>("notifier"),
    research: context.ref<ResearchProtocol>("research"),
    remote: context.ref<RemoteProtocol>("remote"),
    mcp: context.ref<McpProtocol>("mcp"),
    jobs: context.ref<JobsProtocol>("jobs"),
    pool: pool.run,
    door,
  });
  return {
    tells: {},
    asks: {
      prepare: ({ calls }, message) => executor.prepare(calls, message),
      preview: (request, message) => executor.preview(request, message),
      run: (request, message) => executor.run(request, message),
      probe: (request, message) => executor.probe(request, message),
      async share({ wish }, { signal }) {
        const { share } = await import("./traces/share.ts");
        try {
          return await share(wish, { ...args, door, signal });
        } catch (error) {
          // Of an error that is no answer of ours, only the message would cross over.
          throw new Error(describeError(error), { cause: error });
        }
      },
    },
    stop: () => pool.close(),
  };
};

export default behaviour;
