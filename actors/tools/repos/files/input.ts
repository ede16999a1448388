// The parameters of hf_repo_files.
import * as z from "zod/mini";

const says = (text: string) => z.describe(text);

export const input = z.strictObject({
  operation: z.enum(["list", "read", "upload", "delete"]).check(says("What to do.")),
  repo_id: z.string().check(says("owner/name.")),
  repo_type: z._default(z.enum(["model", "dataset", "space"]), "model").check(says("Its type.")),
  revision: z._default(z.string(), "main").check(says("Branch, tag or commit; refs/pr/N for a pull request.")),
  path: z.optional(
    z.string().check(says("In the repository: the file to read; the folder to list; where uploads go.")),
  ),
  content: z.optional(z.string().check(says("upload: the text of the file at path."))),
  local_path: z.optional(z.string().check(says("upload: a file or folder on this machine, instead of content."))),
  patterns: z.optional(
    z
      .array(z.string())
      .check(
        says(
          "list, upload of a folder: only files like these (*.py, data/**). delete: paths or patterns of what goes.",
        ),
      ),
  ),
  create_pr: z._default(z.boolean(), false).check(says("upload, delete: as a pull request.")),
  commit_message: z.optional(z.string().check(says("Its first line."))),
  offset: z.optional(z.int().check(says("read: first line. list: first entry. From 1."))),
  limit: z.optional(z.int().check(says("Lines or entries at most."))),
  pinned: z.optional(z.string().check(says("Leave out; the program fills it in."))),
});

/** The arguments of a call, as its schema yields them. */
export type Input = z.infer<typeof input>;
