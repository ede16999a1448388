// A look at one file of a table, on another core.

import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import { ToolError } from "../../errors.ts";
import { formatNames, formatOf } from "./formats.ts";
import { memorySource, type Source, withFile } from "./source.ts";
import type { TableLook, TableQuery } from "./table.ts";

/** Which file, and what of it. */
export interface FileQuery extends TableQuery {
  path: string;
}

/** Bytes that are unpacked of a packed file. */
const mostUnpacked = 24 << 20;

/** Looks at a file. Pure but for reading it. Throws `BINARY`, `BAD_ARGUMENTS`, `NOT_A_FILE`, and what the system says. */
export async function lookAtTable(query: FileQuery): Promise<TableLook> {
  const known = formatOf(query.path);
  if (known === null) throw new ToolError("BAD_ARGUMENTS", `${query.path} is none of ${formatNames}.`);
  const { format, packing } = known;
  if (format === "parquet") {
    const { lookAtParquet } = await import("./parquet-table.ts");
    return withFile(query.path, (source) => lookAtParquet(bufferOf(source), query));
  }
  const { lookAtText } = await import("./text-table.ts");
  const name = query.path.replace(/\.gz$/i, "");
  if (packing === null) return withFile(query.path, (source) => lookAtText(source, format, name, query));
  await withFile(query.path, () => undefined);
  return lookAtText(await unpacked(query.path), format, name, query);
}

/** A source as the Parquet reader wants it. */
function bufferOf(source: Source) {
  return {
    byteLength: source.size,
    slice(start: number, end = source.size): ArrayBuffer {
      const bytes = new Uint8Array(Math.max(0, Math.min(end, source.size) - start));
      let size = 0;
      while (size < bytes.length) {
        const count = source.read(bytes.subarray(size), start + size);
        if (count === 0) break;
        size += count;
      }
      return bytes.buffer;
    },
  };
}

/** The beginning of a packed file, unpacked. What cannot be unpacked ends it. */
async function unpacked(path: string): Promise<Source> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  const file = createReadStream(path);
  const unpacker = file.pipe(createGunzip());
  file.on("error", (error) => unpacker.destroy(error));
  try {
    for await (const piece of unpacker) {
      pieces.push(piece as Uint8Array);
      size += (piece as Uint8Array).length;
      if (size > mostUnpacked) return memorySource(Buffer.concat(pieces), true);
    }
  } catch (error) {
    if (size === 0) throw new ToolError("BINARY", `It cannot be unpacked: ${(error as Error).message}.`);
    return memorySource(Buffer.concat(pieces), true);
  } finally {
    file.destroy();
  }
  return memorySource(Buffer.concat(pieces), false);
}
