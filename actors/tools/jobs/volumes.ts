// Mounts of a job, as one writes them.
import type { JobVolume } from "../../hub/jobs/types.ts";
import { isRepoId } from "../../hub/repo.ts";
import { ToolError } from "../errors.ts";

const shape = /^hf:\/\/(models|datasets|spaces|buckets)\/([^/:]+\/[^/:]+):(\/[^:]*)(?::(ro|rw))?$/;

/** Reads `hf://datasets/owner/name:/data[:ro]`. Only buckets can be written. Throws a `ToolError` for what is none. */
export function volumesOf(texts: readonly string[]): JobVolume[] {
  return texts.map((text) => {
    const [, kind = "", source = "", mountPath = "", mode] = shape.exec(text.trim()) ?? [];
    if (kind === "" || !isRepoId(source) || mountPath.includes("/..") || mountPath === "/") {
      const hint = "Write hf://datasets/owner/name:/data, or hf://buckets/owner/name:/out to write there.";
      throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(text)} is no volume.`, hint);
    }
    const type = kind.slice(0, -1) as JobVolume["type"];
    return { type, source, mountPath, ...(mode === "ro" || type !== "bucket" ? { readOnly: true } : {}) };
  });
}
