// Reads the first rows of a row group without reading the whole of it: of each column only as many pages as are wanted.
// Nothing that a file says of its own sizes is believed without a limit.
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { AsyncBuffer, ColumnChunk, Compressors, FileMetaData, RowGroup } from "hyparquet";
import { parquetMetadata, parquetRead } from "hyparquet";
import { parquetHeader } from "hyparquet/src/column.js";
import { decompressLz4, decompressLz4Raw, decompressZstd } from "hyparquet-compressors";
import { grouped, shownBytes } from "../../cap.ts";
import { ToolError } from "../../errors.ts";

/** Limits for what is read at once, in bytes. */
export interface ParquetLimits {
  footer: number;
  /** Of one column of one row group; a first page that is larger is still read up to `page`. */
  column: number;
  page: number;
}

/** A page that is larger once it is unpacked is not unpacked. */
const mostUnpacked = 64 << 20;

const compressors: Compressors = {
  GZIP: (input, length) => gunzipSync(input, { maxOutputLength: Math.max(length, 1) }),
  BROTLI: (input, length) => brotliDecompressSync(input, { maxOutputLength: Math.max(length, 1) }),
  ZSTD: (input, length) => decompressZstd(input, new Uint8Array(length)),
  LZ4: decompressLz4,
  LZ4_RAW: decompressLz4Raw,
};

function broken(why: string): ToolError {
  return new ToolError("BAD_ARGUMENTS", `It is no whole Parquet file: ${why}.`, "Fetch or write it again.");
}

/** What a file says of itself at its end. Throws `BAD_ARGUMENTS`, `TOO_LARGE`. */
export async function readFooter(file: AsyncBuffer, limits: ParquetLimits): Promise<FileMetaData> {
  const size = file.byteLength;
  if (size < 12) throw broken(`it has ${size} bytes`);
  const tail = new DataView(await file.slice(size - 8, size));
  const magic = tail.byteLength < 8 ? 0 : tail.getUint32(4, true);
  if (magic === 0x45524150) throw new ToolError("FORBIDDEN", "The Parquet file is encrypted.");
  if (magic !== 0x31524150) throw broken("its end is missing (cut off while it was written or fetched)");
  const length = tail.getUint32(0, true);
  if (length > size - 12) throw broken("its footer would be longer than the file");
  if (length > limits.footer) {
    const message = `The footer of the Parquet file has ${shownBytes(length)}; ${shownBytes(limits.footer)} are read at most.`;
    throw new ToolError("TOO_LARGE", message, "Look at it with pyarrow in bash.");
  }
  const footer = await file.slice(size - 8 - length, size);
  let metadata: FileMetaData;
  try {
    metadata = parquetMetadata(footer);
  } catch {
    throw broken("its footer cannot be read");
  }
  const rows = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
  const isSane = metadata.row_groups.every(
    (group) => group.num_rows >= 0n && group.columns.every((chunk) => isWithin(chunk, size)),
  );
  if (!isSane) throw broken("its footer points to places outside of it");
  if (rows !== metadata.num_rows) {
    throw broken(`it says ${grouped(Number(metadata.num_rows))} rows and holds ${grouped(Number(rows))}`);
  }
  return metadata;
}

function startOf(chunk: ColumnChunk): bigint {
  const meta = chunk.meta_data;
  return (meta?.dictionary_page_offset || meta?.data_page_offset) ?? -1n;
}

function isWithin(chunk: ColumnChunk, size: number): boolean {
  const start = startOf(chunk);
  const length = chunk.meta_data?.total_compressed_size ?? -1n;
  return start >= 0n && length >= 0n && start + length <= BigInt(size);
}

/** The first rows of one column of a row group; fewer than asked for where its pages are large. */
export interface ColumnRows {
  values: unknown[];
  /** Why there are none. */
  failure: string | null;
}

/** Reads the first `rows` rows of a column. Never throws for what is in the file. */
export async function readColumnRows(
  file: AsyncBuffer,
  metadata: FileMetaData,
  group: RowGroup,
  column: string,
  rows: number,
  limits: ParquetLimits,
): Promise<ColumnRows> {
  try {
    const chunks = group.columns.filter((chunk) => chunk.meta_data?.path_in_schema[0] === column);
    const cuts = await Promise.all(chunks.map((chunk) => cutChunk(file, chunk, rows, limits)));
    const cut = { ...group, columns: cuts.map(({ chunk }) => chunk) };
    const held = heldBuffer(file, cuts);
    const values: unknown[] = [];
    await parquetRead({
      file: held,
      metadata: { ...metadata, row_groups: [cut], num_rows: group.num_rows },
      columns: [column],
      rowStart: 0,
      rowEnd: Math.min(rows, Number(group.num_rows)),
      compressors,
      utf8: false,
      onChunk: ({ columnData }) => {
        for (const value of columnData) if (values.length < rows + 1) values.push(value);
      },
    });
    // Where pages were left out, the last row may go on in the next page.
    const isCut = cuts.some(({ isPart }) => isPart) && values.length < Number(group.num_rows);
    return { values: values.slice(0, isCut ? Math.min(rows, values.length - 1) : rows), failure: null };
  } catch (error) {
    return { values: [], failure: error instanceof ToolError ? error.message : "its pages cannot be read" };
  }
}

interface CutChunk {
  chunk: ColumnChunk;
  start: number;
  bytes: ArrayBuffer;
  isPart: boolean;
}

/** The chunk, ending after the page in which enough rows are there or the limit is reached. */
async function cutChunk(file: AsyncBuffer, chunk: ColumnChunk, rows: number, limits: ParquetLimits): Promise<CutChunk> {
  const meta = chunk.meta_data;
  if (meta === undefined) throw new ToolError("BAD_ARGUMENTS", "it has no metadata");
  const start = Number(startOf(chunk));
  const whole = Number(meta.total_compressed_size);
  for (let wanted = Math.min(whole, limits.column); ; wanted = Math.min(whole, limits.page)) {
    const bytes = await file.slice(start, start + wanted);
    const end = endOfPages(bytes, rows, wanted === whole);
    if (end > 0) {
      const cut = { ...chunk, meta_data: { ...meta, total_compressed_size: BigInt(end) } };
      return { chunk: cut, start, bytes: bytes.slice(0, end), isPart: end < whole };
    }
    if (wanted >= Math.min(whole, limits.page))
      throw new ToolError("TOO_LARGE", "its pages are too large to look into");
  }
}

/** Where the last whole page ends that is needed for so many rows; 0 when there is no whole page of data. */
function endOfPages(bytes: ArrayBuffer, rows: number, isWhole: boolean): number {
  const reader = { view: new DataView(bytes), offset: 0 };
  let end = 0;
  let values = 0;
  while (reader.offset < bytes.byteLength - 1 && values <= rows * 64) {
    let header: ReturnType<typeof parquetHeader>;
    try {
      header = parquetHeader(reader);
    } catch (error) {
      if (isWhole && end === 0) throw error;
      break;
    }
    const { compressed_page_size: packed, uncompressed_page_size: unpacked } = header;
    if (!(packed >= 0) || !(unpacked >= 0) || unpacked > mostUnpacked) {
      throw new ToolError("TOO_LARGE", `a page of it would have ${grouped(unpacked)} bytes`);
    }
    if (reader.offset + packed > bytes.byteLength) break;
    reader.offset += packed;
    if (header.type === "DICTIONARY_PAGE") continue;
    values += header.data_page_header?.num_values ?? header.data_page_header_v2?.num_values ?? 0;
    end = reader.offset;
  }
  return end;
}

/** A file of which the parts that are needed have been read already. */
function heldBuffer(file: AsyncBuffer, cuts: readonly CutChunk[]): AsyncBuffer {
  return {
    byteLength: file.byteLength,
    slice(start, end = file.byteLength) {
      const cut = cuts.find((each) => each.start <= start && end <= each.start + each.bytes.byteLength);
      if (cut === undefined) return file.slice(start, end);
      return cut.bytes.slice(start - cut.start, end - cut.start);
    },
  };
}
