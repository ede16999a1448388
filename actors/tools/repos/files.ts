// The tool for the files of repositories on the Hub.
import { oneLine } from "../cap.ts";
import { defineTool } from "../contract.ts";
import { type Input, input } from "./files/input.ts";
import { hubHost, repoOf } from "./names.ts";

/** Large files take hours on a slow line; what stands still is given up much earlier. */
const uploadMs = 12 * 3_600_000;
const usualMs = 120_000;

function changes({ operation }: Input): boolean {
  return operation === "upload" || operation === "delete";
}

/** Lists, reads, uploads and deletes files of models, datasets and Spaces. */
export const hfRepoFiles = defineTool<Input>({
  name: "hf_repo_files",
  description: [
    "Files of a model, dataset or Space on the Hugging Face Hub.",
    "list: paths and sizes, in pages. read: a text file or notebook by lines; only what is shown is fetched, so large files are no matter.",
    "upload: text given as content, or a file or folder of this machine (any size, resumable), as one commit. delete: files, as one commit.",
    "Credentials and secrets are refused. Uploads and deletions are checked with the user unless their rules allow them.",
    "A README.md should have a YAML block with license, base_model, datasets, library_name, pipeline_tag and tags.",
  ].join(" "),
  input,
  paths: ["local_path"],
  onCrash: "probe",

  async settle(args, look) {
    if (args.operation === "upload") return (await import("./files/upload.ts")).settleUpload(args, look);
    if (args.operation === "delete") return (await import("./files/remove.ts")).settleDelete(args, look);
    const { type, id } = repoOf(args, look.door);
    return { ...args, repo_id: id, repo_type: type };
  },

  touches(args, { door }) {
    const host = hubHost(door);
    const target = repoOf(args, door).id;
    switch (args.operation) {
      case "list":
      case "read":
        return [{ kind: "network", host }];
      case "upload": {
        const sent = args.local_path === undefined ? [] : [{ kind: "read" as const, path: args.local_path }];
        return [...sent, { kind: "publish", host, target, what: "upload" }];
      }
      case "delete":
        // As a pull request nothing goes: it is proposed that it may.
        if (args.create_pr) return [{ kind: "publish", host, target, what: "upload" }];
        return [{ kind: "delete", host, target, what: "file" }];
    }
  },

  title(args) {
    const place = `${args.repo_type} ${args.repo_id}`;
    const at = args.revision === "main" ? "" : ` at ${args.revision}`;
    const pull = args.create_pr ? " as a pull request" : "";
    switch (args.operation) {
      case "list":
        return `List ${args.path === undefined ? "" : `${args.path} of `}${place}${at}`;
      case "read":
        return `Read ${args.path ?? "?"} of ${place}${at}`;
      case "upload":
        return `Upload ${args.local_path ?? args.path ?? "?"} to ${place}${at}${pull}`;
      case "delete":
        return `Delete ${oneLine((args.patterns ?? []).join(", "), 60)} of ${place}${at}${pull}`;
    }
  },

  timeoutMs: (args) => (args.operation === "upload" ? uploadMs : usualMs),

  async preview(args, context) {
    if (args.operation === "upload") return (await import("./files/preview.ts")).previewUpload(args, context);
    return args.operation === "delete" ? (await import("./files/remove.ts")).previewDelete(args) : null;
  },

  async run(args, context) {
    switch (args.operation) {
      case "list":
        return (await import("./files/list.ts")).list(args, context);
      case "read":
        return (await import("./files/read.ts")).read(args, context);
      case "upload":
        return (await import("./files/upload.ts")).upload(args, context);
      case "delete":
        return (await import("./files/remove.ts")).remove(args, context);
    }
  },

  async probe(args, context) {
    if (!changes(args)) return { state: "not_done" };
    return (await import("./files/outcome.ts")).findCommitted(args, context);
  },
});
