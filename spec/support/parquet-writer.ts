// Writes small Parquet files, for specs: plain pages, texts and numbers, and lists of objects of texts.

/** A column to write. `chat`: lists of objects whose fields are texts. */
export type ParquetColumn =
  | { name: string; type: "text"; values: (string | null)[] }
  | { name: string; type: "integer"; values: (number | null)[] }
  | { name: string; type: "double"; values: (number | null)[] }
  | { name: string; type: "bytes"; values: (Uint8Array | null)[] }
  | { name: string; type: "chat"; fields: string[]; values: Record<string, string>[][] };

/** What is unusual about the file. */
export interface ParquetOptions {
  /** Rows of each row group; all in one when absent. */
  groupRows?: number;
  /** Values of each page; all in one when absent. */
  pageRows?: number;
  metadata?: Record<string, string>;
  codec?: { id: number; pack: (bytes: Buffer) => Buffer };
  /** What the footer and page headers say instead of the truth. */
  lies?: { rows?: number; offset?: number; unpackedBytes?: number };
}

const I32 = 5;
const I64 = 6;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

type Field = [id: number, type: number, bytes: Buffer];

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const zigzag = (value: number): Buffer => varint(value >= 0 ? BigInt(value) * 2n : BigInt(-value) * 2n - 1n);
const i32 = (id: number, value: number): Field => [id, I32, zigzag(value)];
const i64 = (id: number, value: number): Field => [id, I64, zigzag(value)];
const text = (value: string): Buffer => Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]);
const string = (id: number, value: string): Field => [id, BINARY, text(value)];

function struct(fields: readonly Field[]): Buffer {
  let last = 0;
  const parts = fields.flatMap(([id, type, bytes]) => {
    const head = Buffer.from([((id - last) << 4) | type]);
    last = id;
    return [head, bytes];
  });
  return Buffer.concat([...parts, Buffer.from([0])]);
}

function list(id: number, type: number, items: readonly Buffer[]): Field {
  const head =
    items.length < 15
      ? Buffer.from([(items.length << 4) | type])
      : Buffer.concat([Buffer.from([0xf0 | type]), varint(items.length)]);
  return [id, LIST, Buffer.concat([head, ...items])];
}

/** Levels as runs of the hybrid encoding, with their length before them. */
function levels(values: readonly number[]): Buffer {
  const runs = values.map((value) => Buffer.concat([varint(1 << 1), Buffer.from([value])]));
  const bytes = Buffer.concat(runs);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function plain(value: string | number | Uint8Array, type: "text" | "integer" | "double" | "bytes"): Buffer {
  if (type === "integer") {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(BigInt(value as number));
    return bytes;
  }
  if (type === "double") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value as number);
    return bytes;
  }
  const content = typeof value === "string" ? Buffer.from(value) : Buffer.from(value as Uint8Array);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(content.length);
  return Buffer.concat([length, content]);
}

const physical = { integer: 2, double: 5, text: 6, bytes: 6, chat: 6 };

interface Leaf {
  path: string[];
  type: number;
  /** The body of the page for some rows, and how many values it has. */
  page(from: number, to: number): { body: Buffer; count: number };
}

function leavesOf(column: ParquetColumn): Leaf[] {
  if (column.type !== "chat") {
    const { name, type, values } = column;
    const page = (from: number, to: number) => {
      const part = values.slice(from, to);
      const body = part.flatMap((value) => (value === null ? [] : [plain(value, type)]));
      return {
        body: Buffer.concat([levels(part.map((value) => (value === null ? 0 : 1))), ...body]),
        count: part.length,
      };
    };
    return [{ path: [name], type: physical[type], page }];
  }
  return column.fields.map((field) => ({
    path: [column.name, "list", "element", field],
    type: 6,
    page(from, to) {
      const repetition: number[] = [];
      const definition: number[] = [];
      const body: Buffer[] = [];
      for (const turns of column.values.slice(from, to)) {
        if (turns.length === 0) {
          repetition.push(0);
          definition.push(1);
        }
        for (const [index, turn] of turns.entries()) {
          repetition.push(index === 0 ? 0 : 1);
          definition.push(4);
          body.push(plain(turn[field] ?? "", "text"));
        }
      }
      return { body: Buffer.concat([levels(repetition), levels(definition), ...body]), count: repetition.length };
    },
  }));
}

/** The schema's elements: repetition 0 required, 1 optional, 2 repeated; converted type 0 UTF8, 3 LIST. */
function schemaOf(column: ParquetColumn): Buffer[] {
  const leaf = (name: string, type: number, isText: boolean) =>
    struct([i32(1, type), i32(3, 1), string(4, name), ...(isText ? [i32(6, 0)] : [])]);
  const group = (name: string, repetition: number, children: number, more: Field[] = []) =>
    struct([i32(3, repetition), string(4, name), i32(5, children), ...more]);
  if (column.type !== "chat") return [leaf(column.name, physical[column.type], column.type === "text")];
  return [
    group(column.name, 1, 1, [i32(6, 3)]),
    group("list", 2, 1),
    group("element", 1, column.fields.length),
    ...column.fields.map((field) => leaf(field, 6, true)),
  ];
}

/** Writes a file. All columns have as many values. */
export function parquetFile(columns: readonly ParquetColumn[], options: ParquetOptions = {}): Buffer {
  const { codec, lies = {}, metadata = {} } = options;
  const rows = columns[0]?.values.length ?? 0;
  const groupRows = options.groupRows ?? Math.max(rows, 1);
  const parts: Buffer[] = [Buffer.from("PAR1")];
  let offset = 4;
  const groups: Buffer[] = [];
  for (let from = 0; from < rows; from += groupRows) {
    const to = Math.min(rows, from + groupRows);
    const chunks: Buffer[] = [];
    for (const leaf of columns.flatMap(leavesOf)) {
      const start = offset;
      let count = 0;
      const pageRows = options.pageRows ?? groupRows;
      for (let at = from; at < to; at += pageRows) {
        const page = leaf.page(at, Math.min(to, at + pageRows));
        count += page.count;
        const packed = codec === undefined ? page.body : codec.pack(page.body);
        const header = struct([
          i32(1, 0),
          i32(2, lies.unpackedBytes ?? page.body.length),
          i32(3, packed.length),
          [5, STRUCT, struct([i32(1, page.count), i32(2, 0), i32(3, 3), i32(4, 3)])],
        ]);
        parts.push(header, packed);
        offset += header.length + packed.length;
      }
      const meta = struct([
        i32(1, leaf.type),
        list(2, I32, [zigzag(0), zigzag(3)]),
        list(3, BINARY, leaf.path.map(text)),
        i32(4, codec?.id ?? 0),
        i64(5, count),
        i64(6, offset - start),
        i64(7, offset - start),
        i64(9, lies.offset ?? start),
      ]);
      chunks.push(struct([i64(2, start), [3, STRUCT, meta]]));
    }
    groups.push(struct([list(1, STRUCT, chunks), i64(2, offset), i64(3, to - from)]));
  }
  const root = struct([string(4, "schema"), i32(5, columns.length)]);
  const noted = Object.entries(metadata).map(([key, value]) => struct([string(1, key), string(2, value)]));
  const footer = struct([
    i32(1, 1),
    list(2, STRUCT, [root, ...columns.flatMap(schemaOf)]),
    i64(3, lies.rows ?? rows),
    list(4, STRUCT, groups),
    ...(noted.length > 0 ? [list(5, STRUCT, noted)] : []),
  ]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(footer.length);
  return Buffer.concat([...parts, footer, length, Buffer.from("PAR1")]);
}
