// The tool that looks at a data set before anything is trained on it: one of the Hub, or files of this machine.
import * as z from "zod/mini";
import type { Json } from "../events.ts";
import { defineTool } from "./contract.ts";
import { ToolError } from "./errors.ts";

const timeoutMs = 180_000;
const usualRows = 3;
const mostRows = 50;

const input = z.strictObject({
  dataset: z.optional(z.string().check(z.describe("Data set on the Hub: owner/name, or its address."))),
  path: z.optional(
    z.string().check(z.describe("Instead: a local CSV, TSV, JSON, JSON Lines or Parquet file, or a folder of them.")),
  ),
  config: z.optional(z.string().check(z.describe("Config (subset). Default: default, else the first."))),
  split: z.optional(z.string().check(z.describe("Split. Default: train, else the first of the config."))),
  offset: z._default(z.int().check(z.minimum(0)), 0).check(z.describe("First row to show, from 0.")),
  sample_rows: z
    ._default(z.int().check(z.minimum(0)), usualRows)
    .check(z.describe(`Rows to show. Default ${usualRows}, at most ${mostRows}.`)),
  query: z.optional(z.string().check(z.describe("Only on the Hub: show rows whose texts match these words."))),
  where: z.optional(
    z
      .string()
      .check(
        z.describe(`Only on the Hub: show rows for which this holds, for example "label"=1 AND "text" LIKE '%x%'.`),
      ),
  ),
});

type Input = z.infer<typeof input>;

/** Inspects a data set. */
export const hfInspectDataset = defineTool<Input>({
  name: "hf_inspect_dataset",
  description: [
    "Looks at a data set before you write code for it: splits and row counts, columns with types and statistics, which training methods its columns fit (SFT, DPO, GRPO, KTO, reward models, classification, tables, vision, audio, embeddings) with the mapping that is missing, quality warnings (duplicates, leaks between splits, imbalance, broken texts and conversations), sample rows.",
    "Always use it before training on or evaluating with a data set, of the Hub (dataset) or local (path; files of any size).",
    "With query or where it answers with the matching rows only. Wrong names are answered with the nearest ones.",
  ].join(" "),
  input,
  paths: ["path"],
  onCrash: "pure",
  async settle(args) {
    const { dataset, path, query, where } = args;
    if ((dataset === undefined) === (path === undefined)) {
      throw new ToolError("BAD_ARGUMENTS", "Say either dataset (on the Hub) or path (local), not both.");
    }
    if (path !== undefined && (query !== undefined || where !== undefined)) {
      throw new ToolError(
        "BAD_ARGUMENTS",
        "query and where work on the Hub only.",
        "Search local files with grep or a script.",
      );
    }
    if (path !== undefined && args.config !== undefined) {
      throw new ToolError(
        "BAD_ARGUMENTS",
        "Local files have no configs.",
        "Give the path of the folder or file that you mean.",
      );
    }
    if (query !== undefined && where !== undefined) {
      throw new ToolError("BAD_ARGUMENTS", "Say query or where, not both.");
    }
    return { ...args, sample_rows: Math.min(args.sample_rows, mostRows) };
  },
  touches: ({ path }, { door }) => {
    if (path !== undefined) return [{ kind: "read", path }];
    const hosts = [door.services.hub, door.services.datasetsServer].map((address) => new URL(address).host);
    return [...new Set(hosts)].map((host) => ({ kind: "network", host }));
  },
  title: ({ dataset, path, split, query, where }) => {
    const rows = query !== undefined ? ` for ${query}` : where !== undefined ? ` where ${where}` : "";
    return `Inspect the data set ${dataset ?? path}${split === undefined ? "" : ` (${split})`}${rows}`;
  },
  timeoutMs: () => timeoutMs,

  async run(args, context) {
    const { renderReport } = await import("./data/render.ts");
    const { path, dataset = "", split, offset, sample_rows: length } = args;
    if (path !== undefined) {
      const { auditFiles } = await import("./data/files/audit.ts");
      const report = await auditFiles({ path, split, offset, length }, context);
      return {
        ok: true,
        text: renderReport(report),
        data: report as unknown as Json,
        untrusted: `data in ${report.name}`,
      };
    }
    const { inspectOnHub } = await import("./data/hub/inspect.ts");
    return inspectOnHub({ ...args, dataset, length }, context);
  },
});
