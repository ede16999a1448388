// The tool that writes a whole file.
import * as z from "zod/mini";
import { grouped, shownBytes } from "./cap.ts";
import { defineTool, type ToolContext } from "./contract.ts";
import { removeTemporary, replaceFile } from "./files/atomic.ts";
import { type Difference, difference } from "./files/diff.ts";
import { hashOf } from "./files/hash.ts";
import { readWhole, requireFile, statOrNull } from "./files/open.ts";
import { requireSeen } from "./files/seen.ts";
import { syntaxRemark } from "./files/syntax.ts";
import { decodeText, lineCount } from "./files/text.ts";
import type { ToolResult } from "./protocol.ts";

/** A file that is replaced must fit into memory together with its successor. */
const maxOldBytes = 64 << 20;

const input = z.strictObject({
  path: z.string().check(z.describe("The file to write. Folders on the way to it are created.")),
  content: z.string().check(z.describe("The whole new content, exactly as it should stand in the file.")),
});

type Input = z.infer<typeof input>;

function sizeOf(content: string): string {
  const lines = lineCount(content);
  return `${grouped(lines)} ${lines === 1 ? "line" : "lines"}, ${shownBytes(Buffer.byteLength(content))}`;
}

function answer(args: Input, text: string, created: boolean, change: Difference | null): ToolResult {
  return {
    ok: true,
    text,
    files: { [args.path]: hashOf(args.content) },
    data: {
      path: args.path,
      created,
      bytes: Buffer.byteLength(args.content),
      added: change?.added ?? (created ? lineCount(args.content) : null),
      removed: change?.removed ?? (created ? 0 : null),
    },
  };
}

function changeText(shown: string, content: string, change: Difference | null): string {
  if (change === null) return `Wrote ${shown}: ${sizeOf(content)}. Too much has changed to show a diff.`;
  if (change.hunks === "") return `Wrote ${shown}: ${sizeOf(content)}. Only line ends or the encoding changed.`;
  return `Wrote ${shown}: +${change.added} -${change.removed} lines.\n${change.hunks}`;
}

async function create(args: Input, context: ToolContext): Promise<ToolResult> {
  await replaceFile(args.path, Buffer.from(args.content), null, context.callId);
  const remark = await syntaxRemark(args.path, args.content);
  return answer(args, `Created ${context.shown(args.path)}: ${sizeOf(args.content)}.${remark}`, true, null);
}

async function overwrite(args: Input, context: ToolContext): Promise<ToolResult> {
  await requireFile(args.path);
  const shown = context.shown(args.path);
  const hint = "Remove it with bash first if it may go.";
  const { bytes, stats } = await readWhole(args.path, maxOldBytes, hint);
  if (hashOf(bytes) === hashOf(args.content)) {
    return answer(args, `${shown} already has exactly this content; nothing was written.`, false, null);
  }
  requireSeen(args.path, shown, bytes, context.seen);
  const before = decodeText(bytes);
  const change = "text" in before ? await difference(before.text, args.content, context) : null;
  context.signal.throwIfAborted();
  await replaceFile(args.path, Buffer.from(args.content), stats, context.callId);
  const remark = await syntaxRemark(args.path, args.content);
  return answer(args, changeText(shown, args.content, change) + remark, false, change);
}

/** Writes a whole file in one step; never over content that the model has not seen. */
export const write = defineTool<Input>({
  name: "write",
  description: [
    "Writes a whole file: creates it, or replaces all of its content. For a change to a part of a file, use edit.",
    "A file that exists must have been read in this session and be unchanged since then, else the call is refused and nothing happens.",
    "The file is replaced in one step, keeps its permissions, and a symbolic link stays one. UTF-8. Answers with the diff, or with the size of a new file.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "probe",
  touches: (args) => [{ kind: "write", path: args.path }],
  title: (args) => `Write ${args.path} (${sizeOf(args.content)})`,

  async run(args, context) {
    if ((await statOrNull(args.path)) === null) return create(args, context);
    return overwrite(args, context);
  },

  async preview(args, context) {
    if ((await statOrNull(args.path)) === null) return { kind: "text", text: args.content };
    const before = decodeText((await readWhole(args.path, maxOldBytes, "")).bytes);
    const change = "text" in before ? await difference(before.text, args.content, context) : null;
    return change === null ? { kind: "text", text: args.content } : { kind: "diff", text: change.hunks };
  },

  async probe(args, context) {
    await removeTemporary(args.path, context.callId);
    const known = Object.hasOwn(context.seen, args.path) ? context.seen[args.path] : undefined;
    if ((await statOrNull(args.path)) === null) return known ? { state: "unknown" } : { state: "not_done" };
    const now = hashOf((await readWhole(args.path, maxOldBytes, "")).bytes);
    if (now === hashOf(args.content)) {
      const text = `Wrote ${context.shown(args.path)}: ${sizeOf(args.content)} (found complete after an interruption).`;
      return { state: "done", result: answer(args, text, false, null) };
    }
    return now === known ? { state: "not_done" } : { state: "unknown" };
  },
});
