// Where the tools for commands and files do their work. In the sandbox runtime the same tools, under the same names and
// with the same words, work on a machine of the Hub's instead of this one.
import { join, resolve, sep } from "node:path";
import type { ActorRef } from "../../../runtime/index.ts";
import type { RemoteProtocol } from "../../remote/protocol.ts";
import type { SandboxProtocol } from "../../sandbox/protocol.ts";
import type { Tool, ToolContext, ToolScope } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { AnyTool } from "../executor.ts";
import { kindOf as scriptKind } from "../jobs/script.ts";
import type { ToolResult, ToolRuntime } from "../protocol.ts";
import { changeCopy, copyHere, machinePath, onCopy, settled } from "./mirror.ts";

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

/** The tool that shows files, working there; what the program itself has kept of earlier results lies here. */
function readingTool(tool: Tool<WithPath>): Tool<WithPath> {
  const there = fileTool(tool, false);
  const isKept = (path: string, { sessionDir }: ToolScope) =>
    resolve(path).startsWith(join(sessionDir, "outputs") + sep);
  return {
    ...there,
    settle: async (args, look) =>
      isKept(args.path, look) ? { ...args, path: resolve(args.path) } : (there.settle?.(args, look) ?? args),
    touches: (args, look) => (isKept(args.path, look) ? tool.touches(args, look) : there.touches(args, look)),
    run: (args, context) => (isKept(args.path, context) ? tool.run(args, context) : there.run(args, context)),
  };
}

/** The tool for jobs: a script that is named by its path lies there. */
function jobsTool(tool: Tool<{ script?: string }>): Tool<{ script?: string }> {
  return {
    ...tool,
    async settle(args, look) {
      const { script } = args;
      if (script === undefined || scriptKind(script) !== "path") return tool.settle?.(args, look) ?? args;
      const path = machinePath(script.trim());
      const here = await copyHere(path, look);
      if (here !== null) return tool.settle?.({ ...args, script: here }, look) ?? args;
      const hint = "Write the script there first, or pass its text.";
      throw new ToolError("NOT_FOUND", `There is no file ${path} on the sandbox.`, hint);
    },
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
    if (tool.name === "hf_jobs") return jobsTool(tool);
    if (tool.name === "read") return readingTool(tool);
    return tool.name === "write" || tool.name === "edit" ? fileTool(tool, true) : tool;
  });
}
