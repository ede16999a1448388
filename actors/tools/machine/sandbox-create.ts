// The tool for the machine of the Hub's on which commands run and files lie in the sandbox runtime.
import * as z from "zod/mini";
import { costOf } from "../../hub/jobs/cost.ts";
import { flavorNamed, jobHardware } from "../../hub/jobs/hardware.ts";
import { whoami } from "../../hub/whoami.ts";
import { type Machine, machineData } from "../../remote/protocol.ts";
import { grouped, shownBytes } from "../cap.ts";
import { nearest } from "../coerce.ts";
import { defineTool, type LookContext, type ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";
import { putBack, takeAlong } from "./carry.ts";
import { copyDown, copyUp } from "./copy.ts";
import { machinePath } from "./mirror.ts";

const usualHardware = "cpu-basic";
const usualHours = 1;
const mostHours = 24;
/** Milliseconds until a machine must be ready, and for questions about it. */
const createMs = 16 * 60_000;
const questionMs = 60_000;
const copyMs = 30 * 60_000;

const input = z.strictObject({
  operation: z
    ._default(z.enum(["create", "status", "upload", "download", "delete"]), "create")
    .check(
      z.describe(
        "create: make it (with other hardware: a new one in its place, with its files). status: what there is and costs. upload, download: copy a file or folder. delete: end it with everything on it.",
      ),
    ),
  hardware: z.optional(
    z
      .string()
      .check(z.describe("For create: the Hub's name, for example cpu-basic, t4-small, a10g-large. Default cpu-basic.")),
  ),
  hours: z.optional(z.number().check(z.describe("For create: how long it lives at most, 0.1 to 24. Default 1."))),
  keep_files: z
    ._default(z.boolean(), true)
    .check(z.describe("For create with other hardware: carry /workspace over, as far as 1 GB packed.")),
  namespace: z.optional(
    z.string().check(z.describe("For create: who pays, the user or an organisation. Default the user.")),
  ),
  local_path: z.optional(
    z.string().check(z.describe("For upload and download: the file or folder in the user's workspace.")),
  ),
  path: z.optional(
    z.string().check(z.describe("For upload and download: the path in the sandbox. Default /workspace.")),
  ),
  /** The program's own: the hardware of the machine that is ended for this one. */
  replaces: z.optional(z.string().check(z.describe("Leave out."))),
});

type Input = z.infer<typeof input>;

/** Fills in what a person should see: hardware, payer, lifetime. Throws for what the Hub does not have. */
async function settleCreation(args: Input, look: LookContext): Promise<Input> {
  if (!look.door.has("hub")) {
    throw new ToolError(
      "FORBIDDEN",
      "A sandbox needs the user's token.",
      "Ask the user to set HF_TOKEN, or work locally.",
    );
  }
  const hours = Math.min(Math.max(args.hours ?? usualHours, 0.1), mostHours);
  const hardware = await jobHardware({ door: look.door, signal: look.signal });
  const wanted = args.hardware ?? usualHardware;
  const flavor = flavorNamed(hardware, wanted);
  if (flavor === undefined) {
    const names = hardware.flavors.map(({ name }) => name);
    const near = nearest(wanted, names);
    const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `There is: ${names.join(", ")}.`;
    throw new ToolError("BAD_ARGUMENTS", `The Hub has no hardware ${JSON.stringify(wanted)}.`, hint);
  }
  const namespace = args.namespace ?? (await whoami(look.door, look.signal)).name;
  const before = await there(look);
  const replaces = before === null || before.hardware === flavor.name ? {} : { replaces: before.hardware };
  const { replaces: _, ...asked } = args;
  return { ...asked, hardware: flavor.name, hours, namespace, ...replaces };
}

async function priceOf(args: Input, { door, signal }: LookContext): Promise<number | null> {
  const flavor = flavorNamed(await jobHardware({ door, signal }), args.hardware ?? usualHardware);
  return flavor?.usdPerHour ?? null;
}

function sentence(machine: Machine): string {
  const price = machine.priceUsdPerHour === null ? "at a price that is not known" : `at $${machine.priceUsdPerHour}/h`;
  const until = new Date(machine.createdAt + machine.lifetimeS * 1_000).toISOString().slice(0, 16).replace("T", " ");
  return `Sandbox ${machine.id}: ${machine.hardware} ${price}, paid by ${machine.namespace}, until ${until} UTC at the latest. Work in ${machine.workspace}.`;
}

async function there(context: LookContext): Promise<Machine | null> {
  return context.remote.ask("machine", {}, { deadlineMs: questionMs, signal: context.signal });
}

async function end(machine: Machine, context: ToolContext): Promise<void> {
  await context.remote.ask("remove", {}, { deadlineMs: questionMs, signal: context.signal });
  const seconds = (Date.now() - machine.createdAt) / 1_000;
  const price = machine.priceUsdPerHour;
  context.tell({
    type: "hf_job_complete",
    data: {
      job_id: machine.id,
      namespace: machine.namespace,
      flavor: machine.hardware,
      final_status: "canceled",
      message: null,
      wall_time_s: Math.round(seconds),
      estimated_cost_usd: price === null ? null : costOf(seconds, price),
    },
  });
}

async function create(args: Input, context: ToolContext): Promise<ToolResult> {
  const { hardware = usualHardware, hours = usualHours, namespace = "" } = args;
  const before = await there(context);
  if (before !== null && before.hardware === hardware) {
    // A call that was killed in the middle may have left the files on their way.
    const carried = await putBack(before.workspace, context);
    return {
      ok: true,
      text: `It is there already, and keeps its hours. ${sentence(before)}${carried}`,
      data: machineData(before),
    };
  }
  const lifetimeS = Math.round(hours * 3_600);
  const priceUsdPerHour = await priceOf(args, context);
  if (before !== null && args.keep_files) await takeAlong(before.workspace, context);
  if (before !== null) {
    context.log(`ending ${before.hardware} ${before.id} first`);
    await end(before, context);
  }
  const request = { callId: context.callId, hardware, lifetimeS, namespace, priceUsdPerHour };
  const onProgress = (update: unknown) => context.log((update as { text: string }).text);
  const machine = await context.remote.ask("create", request, {
    deadlineMs: createMs,
    signal: context.signal,
    onProgress,
  });
  context.tell({
    type: "hf_job_submit",
    data: {
      job_id: machine.id,
      job_url: machine.url,
      namespace: machine.namespace,
      flavor: machine.hardware,
      timeout_s: lifetimeS,
      job_type: machine.id.includes("/") ? "space" : "sandbox",
      image: machine.image,
      title: "sandbox",
      tool_call_id: context.callId,
      price_usd_per_hour: priceUsdPerHour,
    },
  });
  const carried = await putBack(machine.workspace, context);
  const lost = before !== null && !args.keep_files ? " The files of the one before are gone." : carried;
  return {
    ok: true,
    text: `${sentence(machine)}${lost} bash, read, write and edit work there.`,
    data: machineData(machine),
  };
}

async function copy(args: Input, context: ToolContext): Promise<ToolResult> {
  const path = machinePath(args.path ?? ".");
  if (args.local_path === undefined)
    throw new ToolError("BAD_ARGUMENTS", "local_path is needed.", "Name the file or folder.");
  const isUp = args.operation === "upload";
  const copied = isUp ? await copyUp(args.local_path, path, context) : await copyDown(path, args.local_path, context);
  const way = isUp
    ? `${context.shown(args.local_path)} to ${path} in the sandbox`
    : `${path} to ${context.shown(args.local_path)}`;
  const left = copied.left.length === 0 ? "" : `\nLeft out: ${copied.left.join("; ")}`;
  const text = `Copied ${grouped(copied.files)} ${copied.files === 1 ? "file" : "files"} (${shownBytes(copied.bytes)}) from ${way}.${left}`;
  return { ok: copied.files > 0, text, data: { files: copied.files, bytes: copied.bytes } };
}

/** Makes, shows, feeds and ends the machine of a session. */
export const sandboxCreate = defineTool<Input>({
  name: "sandbox_create",
  description: [
    "The machine on which bash, read, write and edit work in this run: a container of the Hub's, paid by the minute until it is deleted or its hours are over.",
    "Make it before the first command. One at a time: create with other hardware ends the old one.",
    "Nothing of the user's machine is there, and no tokens: upload what is needed. It ends itself after half an hour without a request, and with this session.",
  ].join(" "),
  input,
  paths: ["local_path"],
  onCrash: "adopt",
  settle: async (args, look) => (args.operation === "create" ? settleCreation(args, look) : args),
  async touches(args, look) {
    const network = { kind: "network" as const, host: new URL(look.door.services.hub).host };
    switch (args.operation) {
      case "create": {
        const price = await priceOf(args, look);
        const usd = price === null ? null : costOf((args.hours ?? usualHours) * 3_600, price);
        return [network, { kind: "spend", usd, payer: args.namespace ?? "" }];
      }
      case "upload":
        return [network, { kind: "read", path: args.local_path ?? look.workspace }];
      case "download":
        return [network, { kind: "write", path: args.local_path ?? look.workspace }];
      default:
        return [network];
    }
  },
  title: ({
    operation,
    hardware = usualHardware,
    hours = usualHours,
    local_path = "",
    path = "/workspace",
    replaces,
    keep_files,
  }) => {
    const files = keep_files ? "and move the files of /workspace to it" : "with all its files";
    const ended = replaces === undefined ? "" : `, end the one on ${replaces} ${files}`;
    if (operation === "create") return `Make a sandbox: ${hardware}, up to ${hours} h${ended}`;
    if (operation === "upload") return `Upload ${local_path} to the sandbox (${path})`;
    return operation === "download" ? `Download ${path} from the sandbox to ${local_path}` : `Sandbox ${operation}`;
  },
  timeoutMs: ({ operation, replaces }) =>
    (operation === "create"
      ? createMs + (replaces === undefined ? 0 : copyMs)
      : operation.endsWith("load")
        ? copyMs
        : questionMs) + 30_000,

  async run(args, context) {
    if (args.operation === "create") return create(args, context);
    if (args.operation === "upload" || args.operation === "download") return copy(args, context);
    const machine = await there(context);
    if (machine === null) return { ok: args.operation === "delete", text: "There is no sandbox.", data: null };
    if (args.operation === "status") return { ok: true, text: sentence(machine), data: machineData(machine) };
    await end(machine, context);
    return {
      ok: true,
      text: `Sandbox ${machine.id} is ended, and everything on it is gone.`,
      data: machineData(machine),
    };
  },
});
