import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { parquetFile } from "../support/parquet-writer.ts";
import { createWorkshop, type Workshop } from "../tools/workshop.ts";
import { codesOf, columnOf, inspect } from "./files.ts";

const numbers = Array.from({ length: 300 }, (_, index) => index);
const table = [
  { name: "text", type: "text" as const, values: numbers.map((n) => (n % 10 === 0 ? null : `text number ${n}`)) },
  { name: "label", type: "integer" as const, values: numbers.map((n) => n % 2) },
  { name: "score", type: "double" as const, values: numbers.map((n) => n / 4) },
];
const chats = numbers.map((n) => [
  { role: "user", content: `question ${n}` },
  { role: "assistant", content: `answer ${n}` },
]);

describe("inspecting Parquet files", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());

  it("counts rows and nulls and gives the spread of numbers", async () => {
    shop.put("a.parquet", parquetFile(table, { groupRows: 100 }));
    const { report, text } = await inspect(shop, { path: "a.parquet" });
    expect([report.rows, report.isExact, report.basis]).to.deep.equal([300, true, "all rows"]);
    expect(columnOf(report, "text")).to.deep.include({ nulls: 30, type: { kind: "text" } });
    expect(columnOf(report, "score").numbers).to.deep.include({ min: 0, max: 299 / 4 });
    expect(columnOf(report, "label").top).to.deep.equal([
      ["0", 150],
      ["1", 150],
    ]);
    expect(text).to.contain("3 row groups");
    expect(report.sample[1]).to.deep.equal({ text: "text number 1", label: "1", score: "0.25" });
  });

  it("reads packed pages", async () => {
    shop.put("a.parquet", parquetFile(table, { codec: { id: 2, pack: (bytes) => gzipSync(bytes) } }));
    const { report, text } = await inspect(shop, { path: "a.parquet" });
    expect(columnOf(report, "label").distinct).to.equal(2);
    expect(text).to.contain("packed with gzip");
  });

  it("reads conversations and sees that SFT can have them", async () => {
    shop.put(
      "a.parquet",
      parquetFile([{ name: "messages", type: "chat", fields: ["role", "content"], values: chats }]),
    );
    const { report, text } = await inspect(shop, { path: "a.parquet" });
    expect(report.fits[0]).to.deep.include({ method: "sft", state: "yes", uses: ["messages"] });
    expect(columnOf(report, "messages").chat).to.deep.include({ checked: 300, roles: { user: 300, assistant: 300 } });
    expect(text).to.contain("[assistant] answer 0");
  });

  it("shows rows from the offset on, in whichever row group they are", async () => {
    shop.put("a.parquet", parquetFile(table, { groupRows: 100 }));
    const { report } = await inspect(shop, { path: "a.parquet", offset: 199, sample_rows: 2 });
    expect(report.sample.map(({ score }) => score)).to.deep.equal(["49.75", "50"]);
  });

  it("believes the note of the datasets library about labels and images", async () => {
    const features = { label: { _type: "ClassLabel", names: ["no", "yes"] }, image: { _type: "Image" } };
    const metadata = { huggingface: JSON.stringify({ info: { features } }) };
    const image = { name: "image", type: "bytes" as const, values: numbers.map((n) => Buffer.alloc(300, n)) };
    shop.put(
      "a.parquet",
      parquetFile([image, { ...table[1], name: "label", type: "integer", values: numbers.map((n) => n % 2) }], {
        metadata,
      }),
    );
    const { report, text } = await inspect(shop, { path: "a.parquet" });
    expect(report.fits[0]).to.deep.include({ method: "image_classification", state: "yes" });
    expect(text).to.contain("label (2: no, yes)").and.to.contain("<300 B of bytes>");
  });

  it("looks into the first pages of large columns only, and never shows half a conversation", async () => {
    const long = "x".repeat(2_000);
    const values = numbers.flatMap(() => [
      [
        { role: "user", content: long },
        { role: "assistant", content: long },
      ],
    ]);
    const many = Array.from({ length: 10 }, () => values).flat();
    shop.put(
      "a.parquet",
      parquetFile([{ name: "messages", type: "chat", fields: ["role", "content"], values: many }], { pageRows: 7 }),
    );
    const { report } = await inspect(shop, { path: "a.parquet" });
    expect(report.rows).to.equal(3_000);
    const { checked = 0, faults } = columnOf(report, "messages").chat ?? {};
    expect(checked).to.be.greaterThan(500).and.lessThan(3_000);
    expect(faults).to.deep.equal({});
    expect(report.basis).to.match(/sampled rows/);
  });

  const broken: [what: string, bytes: () => Buffer, says: RegExp][] = [
    ["is cut off", () => parquetFile(table).subarray(0, 2_000), /end is missing/],
    ["is empty", () => Buffer.alloc(0), /0 bytes/],
    [
      "has a footer that is longer than itself",
      () => withFooterLength(parquetFile(table), 0x7fffffff),
      /longer than the file/,
    ],
    ["has a footer of noise", () => noise(parquetFile(table)), /footer cannot be read|outside of it/],
    [
      "counts other rows than it has",
      () => parquetFile(table, { lies: { rows: 9_000_000_000 } }),
      /says 9,000,000,000 rows and holds 300/,
    ],
    ["points outside of itself", () => parquetFile(table, { lies: { offset: 10 ** 15 } }), /outside of it/],
    ["is encrypted", () => Buffer.concat([parquetFile(table).subarray(0, -4), Buffer.from("PARE")]), /encrypted/],
  ];
  for (const [what, bytes, says] of broken) {
    it(`refuses a file that ${what}, with the reason`, async () => {
      shop.put("a.parquet", bytes());
      const { ok, text } = await shop.call("hf_inspect_dataset", { path: "a.parquet" });
      expect([ok, says.test(text)], text).to.deep.equal([false, true]);
    });
  }

  it("does not unpack a page that claims to be enormous, and says which columns it could not look into", async () => {
    shop.put(
      "a.parquet",
      parquetFile(table, {
        lies: { unpackedBytes: 2_000_000_000 },
        codec: { id: 2, pack: (bytes) => gzipSync(bytes) },
      }),
    );
    const { report } = await inspect(shop, { path: "a.parquet" });
    expect(codesOf(report).filter((code) => code === "unreadable")).to.have.length(3);
    expect(report.warnings[0]?.text).to.match(/2,000,000,000 bytes/);
  });
});

function withFooterLength(file: Buffer, length: number): Buffer {
  const changed = Buffer.from(file);
  changed.writeUInt32LE(length, changed.length - 8);
  return changed;
}

function noise(file: Buffer): Buffer {
  const changed = Buffer.from(file);
  const length = changed.readUInt32LE(changed.length - 8);
  for (let at = changed.length - 8 - length; at < changed.length - 8; at += 1) changed[at] = (at * 131) & 0xff;
  return changed;
}
