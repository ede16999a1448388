// The tool that changes a part of a file.
import * as z from "zod/mini";
import { defineTool, type ToolContext } from "./contract.ts";
import { ToolError } from "./errors.ts";
import { removeTemporary, replaceFile } from "./files/atomic.ts";
import { applyChange, type Change, type Changed } from "./files/change.ts";
import { difference } from "./files/diff.ts";
import { hashOf } from "./files/hash.ts";
import type { MatchKind } from "./files/match.ts";
import { readWhole, statOrNull } from "./files/open.ts";
import { requireSeen } from "./files/seen.ts";
import { syntaxRemark } from "./files/syntax.ts";
import { type DecodedText, decodeText, encodeText } from "./files/text.ts";
import { wasApplied } from "./files/undo.ts";
import type { ToolResult } from "./protocol.ts";

const maxBytes = 64 << 20;

const input = z.strictObject({
  path: z.string().check(z.describe("The file to change.")),
  old_str: z
    .string()
    .check(
      z.describe(
        "The text to find, with its indentation and without line numbers. Must stand in one place only, unless replace_all.",
      ),
    ),
  new_str: z.string().check(z.describe("The text to put there. Empty deletes.")),
  replace_all: z._default(z.boolean(), false).check(z.describe("Change every place where old_str stands exactly.")),
  mode: z
    ._default(z.enum(["replace", "append_after", "prepend_before"]), "replace")
    .check(
      z.describe(
        "append_after and prepend_before keep old_str and put new_str after or before it: on lines of its own when old_str is whole lines, else right beside it.",
      ),
    ),
});

type Input = z.infer<typeof input>;

const found: Record<Exclude<MatchKind, "exact">, string> = {
  trailing_blanks: "old_str was found with other blanks at line ends.",
  indentation: "old_str was found with another indentation; new_str was indented alike.",
  typography: "old_str was found with other quotes, dashes or blanks.",
};

function refuse(shown: string, changed: Extract<Changed, { ok: false }>["found"]): ToolError {
  if (changed.kind === "unfit") {
    const message = `old_str stands in ${shown} with another indentation, and new_str does not fit it.`;
    return new ToolError("NO_MATCH", message, "Send both with the indentation that the file has.");
  }
  if (changed.kind === "ambiguous") {
    const lines = changed.lines.slice(0, 10).join(", ") + (changed.lines.length > 10 ? ", …" : "");
    const how = changed.how === "exact" ? "" : " (apart from blanks or typography)";
    const hint =
      changed.how === "exact"
        ? "Add lines around it until it is unique, or set replace_all."
        : "Send it exactly as it stands in the place that you mean, with lines around it.";
    return new ToolError("AMBIGUOUS", `old_str stands in more than one place in ${shown}${how}: lines ${lines}.`, hint);
  }
  const near = changed.near.map(({ line, text }) => `\n${String(line).padStart(6)}\t${text.slice(0, 200)}`).join("");
  const hint =
    near === ""
      ? "Read the file again and copy the text exactly."
      : `The nearest lines are:${near}\nCopy the text exactly, without line numbers.`;
  return new ToolError("NO_MATCH", `old_str was not found in ${shown}.`, hint);
}

/** The file's text, provided that writing it back would give the very same bytes. */
function textOf(shown: string, bytes: Buffer): DecodedText {
  const decoded = decodeText(bytes);
  if ("text" in decoded && encodeText(decoded).equals(bytes)) return decoded;
  throw new ToolError(
    "BINARY",
    `${shown} is not a text file.`,
    "Change it with bash and a program that knows the format.",
  );
}

function checkArguments(args: Input): void {
  if (args.old_str === "") {
    throw new ToolError(
      "BAD_ARGUMENTS",
      "old_str is empty.",
      "For a new file use write; to insert, name a line beside the place and use append_after or prepend_before.",
    );
  }
  if (args.mode === "replace" && args.old_str === args.new_str) {
    throw new ToolError("BAD_ARGUMENTS", "old_str and new_str are the same; there is nothing to change.");
  }
  if (args.mode !== "replace" && args.new_str === "")
    throw new ToolError("BAD_ARGUMENTS", "new_str is empty; there is nothing to insert.");
}

/** What the edit would make of the file as it is now. Throws why it cannot be made. */
async function work(args: Input, context: ToolContext) {
  checkArguments(args);
  const shown = context.shown(args.path);
  const { bytes, stats } = await readWhole(args.path, maxBytes, "Change it with bash (sed, python).");
  requireSeen(args.path, shown, bytes, context.seen);
  const decoded = textOf(shown, bytes);
  const changed = applyChange(decoded.text, args satisfies Change);
  if (!changed.ok) throw refuse(shown, changed.found);
  const after = encodeText({ ...decoded, text: changed.text });
  if (after.equals(bytes)) throw new ToolError("BAD_ARGUMENTS", `The edit would leave ${shown} as it is.`);
  return { shown, stats, after, changed, change: await difference(decoded.text, changed.text, context) };
}

async function apply(args: Input, context: ToolContext): Promise<ToolResult> {
  const { shown, stats, after, changed, change } = await work(args, context);
  context.signal.throwIfAborted();
  await replaceFile(args.path, after, stats, context.callId);
  const places = changed.count === 1 ? "" : ` in ${changed.count} places`;
  const how = changed.kind === "exact" ? "" : ` ${found[changed.kind]}`;
  const lines = change === null ? "" : `: +${change.added} -${change.removed} lines`;
  const diff = change === null || change.hunks === "" ? "" : `\n${change.hunks}`;
  const remark = await syntaxRemark(args.path, changed.text);
  return {
    ok: true,
    text: `Edited ${shown}${places}${lines}.${how}${diff}${remark}`,
    files: { [args.path]: hashOf(after) },
    data: {
      path: args.path,
      places: changed.count,
      match: changed.kind,
      added: change?.added ?? null,
      removed: change?.removed ?? null,
    },
  };
}

/** Changes a part of a text file that the model has read. */
export const edit = defineTool<Input>({
  name: "edit",
  description: [
    "Changes a part of a text file: finds old_str and puts new_str in its place. Read the file first; the call is refused when the file was not read in this session or has changed since.",
    "old_str must match exactly one place, else nothing is changed and the answer lists the candidates or the nearest lines.",
    "Where the exact text is not there, whole lines may still match that differ only in trailing blanks, in uniform indentation, or in typographic quotes and dashes; never a part of a line.",
    "Line ends, encoding, permissions and everything outside the place stay as they are. Answers with the diff.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "probe",
  touches: (args) => [{ kind: "write", path: args.path }],
  title: (args) => `Edit ${args.path}`,
  run: apply,

  async preview(args, context) {
    const { change } = await work(args, context);
    return change === null ? null : { kind: "diff", text: change.hunks };
  },

  async probe(args, context) {
    await removeTemporary(args.path, context.callId);
    const before = Object.hasOwn(context.seen, args.path) ? context.seen[args.path] : undefined;
    // Such an edit is refused before it touches anything.
    if (before === undefined || before === null) return { state: "not_done" };
    if ((await statOrNull(args.path)) === null) return { state: "unknown" };
    const { bytes } = await readWhole(args.path, maxBytes, "");
    if (hashOf(bytes) === before) return { state: "not_done" };
    if (!wasApplied(bytes, args, before)) return { state: "unknown" };
    const text = `Edited ${context.shown(args.path)} (found complete after an interruption).`;
    return { state: "done", result: { ok: true, text, files: { [args.path]: hashOf(bytes) } } };
  },
});
