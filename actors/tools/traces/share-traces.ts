// The tool by which the agent shares its own session, once the user has agreed to that.
import * as z from "zod/mini";
import { hasConsent } from "../../traces/consent.ts";
import { defineTool, type LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { hubHost } from "../repos/names.ts";

const input = z.strictObject({
  pinned: z.optional(z.string().check(z.describe("Leave out; the program fills it in."))),
});

type Input = z.infer<typeof input>;

/** The dataset, the trace's hash, and how much it is, as they were settled. */
function readPinned(pinned = ""): { dataset: string; sha256: string; words: string } {
  const [dataset = "", sha256 = "", ...words] = pinned.split(" ");
  return { dataset, sha256, words: words.join(" ") };
}

function requireConsent({ sharing, door }: LookContext): void {
  if (hasConsent(sharing.consentFile, { hub: door.services.hub, dataset: sharing.dataset })) return;
  throw new ToolError("FORBIDDEN", "The user has not agreed that sessions are shared.", "They can: /share-traces");
}

/** Shares the session. */
export const shareTraces = defineTool<Input>({
  name: "share_traces",
  description:
    "Uploads this session so far, with its secrets replaced by placeholders, to a private dataset of the user's own on the Hugging Face Hub. Only when the user asks for it.",
  input,
  conditional: true,
  onCrash: "probe",

  async settle(_, look) {
    requireConsent(look);
    const { datasetOf, prepareTrace, traceWords } = await import("./share.ts");
    const { id } = await datasetOf(look);
    const trace = await prepareTrace(look, look.callId);
    return { pinned: `${id} ${trace.sha256} ${traceWords(trace)}` };
  },

  touches: (args, { door }) => [
    { kind: "publish", host: hubHost(door), target: readPinned(args.pinned).dataset, what: "upload" },
  ],
  title: (args) => `Share this session to ${readPinned(args.pinned).dataset} (${readPinned(args.pinned).words})`,

  async preview(args, context) {
    const { traceFile } = await import("./share.ts");
    const { words, dataset } = readPinned(args.pinned);
    return {
      kind: "text",
      text: `${words}, to ${dataset} (private)\nLook through it: ${traceFile(context, context.callId)}`,
    };
  },

  async run(args, context) {
    requireConsent(context);
    const [{ markOf, sendTrace, traceFile }, { hashOfTrace }] = await Promise.all([
      import("./share.ts"),
      import("../../traces/write.ts"),
    ]);
    const { dataset, sha256, words } = readPinned(args.pinned);
    const file = traceFile(context, context.callId);
    if ((await hashOfTrace(file)) !== sha256) {
      throw new ToolError("STALE", "What was to be sent is not what was shown; nothing was sent.", "Call again.");
    }
    const { url, oid } = await sendTrace(context, file, markOf(context, context.callId));
    return { ok: true, text: `Shared (${words}): ${url}`, data: { dataset, url, commit: oid } };
  },

  async probe(args, context) {
    const { commitOfCall, commitPage } = await import("../../hub/commits.ts");
    const { markOf } = await import("./share.ts");
    const repo = { type: "dataset", id: readPinned(args.pinned).dataset } as const;
    const { door, signal } = context;
    const { ifThere } = await import("../repos/failure.ts");
    const call = { id: markOf(context, context.callId), parent: "" };
    const found = await ifThere(() => commitOfCall(door, repo, "main", call, signal));
    if (found === null) return { state: "not_done" };
    const url = commitPage(door.services.hub, repo, found.oid);
    return {
      state: "done",
      result: { ok: true, text: `Shared: ${url}`, data: { dataset: repo.id, url, commit: found.oid } },
    };
  },
});
