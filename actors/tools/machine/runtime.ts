// Where the tools for commands and files do their work. In the sandbox runtime the same tools, under the same names and
// with the same words, work on a machine of the Hub's instead of this one.
import type { ActorRef } from "../../../runtime/index.ts";
import type { RemoteProtocol } from "../../remote/protocol.ts";
import type { SandboxProtocol } from "../../sandbox/protocol.ts";
import type { Tool, ToolContext } from "../contract.ts";
import type { AnyTool } from "../executor.ts";
import type { ToolResult, ToolRuntime } from "../protocol.ts";
import { changeCopy, machinePath, onCopy, settled } from "./mirror.ts";

/** How the policy sees a machine of the Hub's. */
export const machineHost = "sandbox.hf.jobs";

const touches = () => [{ kind: "network" as const, host: machineHost }];

/** The part of the remote actor that the tool for commands knows. */
function asSandbox(remote: ActorRef<RemoteProtocol>): ActorRef<SandboxProtocol> {
  return remote as unknown as ActorRef<SandboxProtocol>;
}

type WithPath = { path: string };

/** A file tool, working there. `changes`: what it has made of the file goes back. */
function fileTool(tool: Tool<WithPath>, changes: boolean): Tool<WithPath> {
  const carry = changes ? changeCopy : onCopy<ToolResult>;
  const { paths: _, preview, probe, ...rest } = tool;
  const there = (args: WithPath) => ({ ...args, path: machinePath(args.path) });
  return {
    ...rest,
    settle: async (args) => there(args),
    touches,
    async run(args, context) {
      const { path } = there(args);
      const result = await carry(path, context, (here, own) => tool.run({ ...args, path: here }, own));
      return settled(path, context, result);
    },
    ...(preview === undefined
      ? {}
      : {
          preview: (args: WithPath, context: ToolContext) =>
            onCopy(there(args).path, context, (here, own) => preview({ ...args, path: here }, own)),
        }),
    ...(probe === undefined
      ? {}
      : {
          async probe(args: WithPath, context: ToolContext) {
            const { path } = there(args);
            const found = await onCopy(path, context, (here, own) => probe({ ...args, path: here }, own));
            if (found.state !== "done") return found;
            return { ...found, result: await settled(path, context, found.result) };
          },
        }),
  };
}

/** A tool that works by commands, working there. `folder`: its parameter that names a folder. */
function commandTool<Name extends string>(
  tool: Tool<{ [name in Name]?: string | undefined }>,
  folder: Name,
): Tool<{ [name in Name]?: string | undefined }> {
  const { paths: _, ...rest } = tool;
  const workspace = machinePath(".");
  return {
    ...rest,
    // The folder that is meant where none is named needs no mention.
    title: (args) => tool.title(args[folder] === workspace ? { ...args, [folder]: "." } : args),
    settle: async (args) => (args[folder] === undefined ? args : { ...args, [folder]: machinePath(args[folder]) }),
    touches,
    run: (args, context) => tool.run(args, { ...context, workspace, sandbox: asSandbox(context.remote) }),
  };
}

/** The tools as they work in a runtime. */
export function toolsIn(runtime: ToolRuntime, tools: readonly AnyTool[]): readonly AnyTool[] {
  if (runtime === "local") return tools;
  return tools.map((tool) => {
    if (tool.name === "bash") return commandTool(tool, "work_dir");
    if (tool.name === "trackio_metrics") return commandTool(tool, "dir");
    if (tool.name === "read") return fileTool(tool, false);
    return tool.name === "write" || tool.name === "edit" ? fileTool(tool, true) : tool;
  });
}
