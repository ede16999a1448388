import { expect } from "chai";
import { toNumber } from "../../actors/llm/offline/program/columns.mjs";
import { parseTable, TableError } from "../../actors/llm/offline/program/csv.mjs";
import { findColumn, makeDataset } from "../../actors/llm/offline/program/dataset.mjs";
import { fitEncoder } from "../../actors/llm/offline/program/encode.mjs";
import { randomFrom, split } from "../../actors/llm/offline/program/random.mjs";

/** A CSV of 40 rows from functions of the row's number. */
function csv(columns: Record<string, (row: number) => string | number>): ReturnType<typeof parseTable> {
  const lines = Array.from({ length: 40 }, (_, row) =>
    Object.values(columns)
      .map((cell) => cell(row))
      .join(","),
  );
  return parseTable([Object.keys(columns).join(","), ...lines].join("\n"));
}

describe("the task of a table", () => {
  it("leaves out identifiers, constants, free text and copies of the target, and says why", () => {
    const table = csv({
      id: (row) => row + 1,
      same: () => "x",
      note: (row) => `some words on case ${row}`,
      copy: (row) => (row % 2 === 0 ? "yes" : "no"),
      size: (row) => Math.sin(row).toFixed(3),
      label: (row) => (row % 2 === 0 ? "yes" : "no"),
    });
    const dataset = makeDataset(table);
    expect(dataset.target).to.equal("label");
    expect(dataset.features.map((column) => column.name)).to.deep.equal(["size"]);
    expect(dataset.dropped.map((column) => column.name)).to.deep.equal(["id", "same", "note", "copy"]);
    expect(dataset.dropped.map((column) => column.reason).join("; ")).to.match(/identifier.*constant.*free text.*copy/);
  });

  it("takes few whole numbers as classes and other numbers as a regression", () => {
    const table = csv({
      a: (row) => Math.cos(row),
      rating: (row) => (row % 3) + 1,
      price: (row) => Math.sin(row) * 10,
    });
    expect(makeDataset(table, { target: "rating" }).classes).to.deep.equal(["1", "2", "3"]);
    expect(makeDataset(table, { target: "price" }).kind).to.equal("regression");
  });

  it("leaves out rows without a target and classes that are too rare to split", () => {
    const table = csv({
      a: (row) => Math.cos(row),
      label: (row) => (row === 0 ? "rare" : row < 5 ? "NA" : row % 2 ? "u" : "v"),
    });
    const dataset = makeDataset(table);
    expect(dataset.rows).to.have.length(35);
    expect(dataset.classes).to.deep.equal(["u", "v"]);
    expect(dataset.notices.join(" "))
      .to.match(/rare/)
      .and.to.match(/4 rows have no target/);
  });

  it("refuses a target that it does not find, naming the columns", () => {
    const table = csv({ a: (row) => Math.cos(row), b: (row) => Math.sin(row) });
    expect(() => makeDataset(table, { target: "zzz", must: true })).to.throw(TableError, /"zzz".*a, b/);
  });

  const names = ["sepal.length", "petal_width", "class"];
  const wishes: [wish: string, found: number][] = [
    ["petal_width", 1],
    ["the petal width from it", 1],
    ["column class", 2],
    ["Sepal Length", 0],
    ["last column", 2],
    ["colour", -1],
  ];
  for (const [wish, found] of wishes) {
    it(`finds ${found < 0 ? "nothing" : names[found]} for "${wish}"`, () => {
      expect(findColumn(names, wish)).to.equal(found);
    });
  }

  const cells: [cell: string, delimiter: string, number: number][] = [
    ["1e-3", ",", 0.001],
    ["1,234,567.5", ",", 1234567.5],
    ["1,5", ";", 1.5],
    ["$ 12", ",", 12],
    ["40 %", ",", 40],
    ["12 apples", ",", Number.NaN],
  ];
  for (const [cell, delimiter, number] of cells) {
    it(`reads "${cell}" as ${number}`, () => {
      expect(toNumber(cell, delimiter)).to.deep.equal(number);
    });
  }
});

describe("splits and encodings", () => {
  it("splits by class, without loss or overlap, and alike for the same seed", () => {
    const labels = Int32Array.from({ length: 50 }, (_, row) => (row < 5 ? 1 : 0));
    const rows = Array.from({ length: 50 }, (_, row) => row);
    const [rest, part] = split(rows, 0.2, randomFrom("seed"), labels);
    expect([...rest, ...part].sort((a: number, b: number) => a - b)).to.deep.equal(rows);
    expect(part.filter((row: number) => labels[row] === 1)).to.have.length(1);
    expect(split(rows, 0.2, randomFrom("seed"), labels)).to.deep.equal([rest, part]);
    expect(split(rows, 0.2, randomFrom("other"), labels)).to.not.deep.equal([rest, part]);
  });

  it("learns medians, scales and levels from the training rows only", () => {
    const features = [
      { name: "n", numbers: Float64Array.from([1, 3, Number.NaN, 1000]) },
      { name: "c", codes: Int32Array.from([0, 0, 0, 1]), levels: ["u", "v"] },
    ];
    const encoder = fitEncoder(features, [0, 1, 2]);
    expect(encoder.names).to.deep.equal(["n", "n is missing", "c = u"]);
    const [a, b, c] = [0, 1, 2].map((row) => [...encoder.encode([row])]);
    expect(a).to.deep.equal([-Math.sqrt(1.5), 0, 1]);
    expect(b).to.deep.equal([Math.sqrt(1.5), 0, 1]);
    expect(c).to.deep.equal([0, 1, 1]);
    expect([...encoder.encode([3])].slice(1)).to.deep.equal([0, 0]);
  });
});
