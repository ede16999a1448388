import { expect } from "chai";
import { shownCell, shownRow } from "../../actors/data/cells.ts";
import { type ChatFault, chatFaults, turnsIn } from "../../actors/data/chat.ts";
import { addHash, createHashSample, duplicateShare, hashOf, overlapOf } from "../../actors/data/hash.ts";
import { isMoment, isNothing, valueOfCell } from "../../actors/data/infer.ts";
import { createProfile } from "../../actors/data/profile.ts";
import { createReservoir } from "../../actors/data/reservoir.ts";
import { faultsOf, isBase64, type TextFault } from "../../actors/data/text-faults.ts";
import { warningsOf } from "../../actors/data/warnings.ts";
import { statisticsIn } from "../../actors/tools/data/hub/statistics.ts";

const count = (length: number) => Array.from({ length }, (_, index) => index);

describe("the parts of an inspection", () => {
  const cells: [text: string, value: unknown][] = [
    ["1", 1],
    ["-2.5e3", -2500],
    [" 7 ", 7],
    ["007", "007"],
    ["0.5", 0.5],
    [".5", 0.5],
    ["1,000", "1,000"],
    ["12abc", "12abc"],
    ["0x10", "0x10"],
    ["NaN", null],
    ["null", null],
    ["", null],
    ["none of it", "none of it"],
    ["True", true],
    ["FALSE", false],
    ["true story", "true story"],
    ["9".repeat(40), "9".repeat(40)],
    ["Infinity", "Infinity"],
  ];
  for (const [text, value] of cells) {
    it(`reads the cell ${JSON.stringify(text.slice(0, 12))} as ${JSON.stringify(value)?.slice(0, 14)}`, () => {
      expect(valueOfCell(text)).to.deep.equal(value);
    });
  }

  it("knows moments and nothing", () => {
    expect(
      ["2024-01-02", "2024-01-02T03:04:05Z", "2024-01-02 03:04", "2024-1-2", "20240102"].map(isMoment),
    ).to.deep.equal([true, true, true, false, false]);
    expect(["N/A", " na ", "x"].map(isNothing)).to.deep.equal([true, true, false]);
  });

  const texts: [text: string, faults: TextFault[]][] = [
    ["a café in Zürich, “quoted”, naïve — 5 €", []],
    ["cafÃ©", ["mojibake"]],
    ["itâ€™s", ["mojibake"]],
    ["Ã and Â stand alone in Portuguese: Ângela, MANHÃ", []],
    ["lost \ufffd here", ["replacement"]],
    ["<p>Hello</p>", ["html"]],
    ["fish &amp; chips", ["html"]],
    ["if a <b and c> d: x<y", []],
    ["a\u0000b", ["control"]],
    ['[{"role": "user"}]', ["json"]],
    ["['a', 'b']", ["json"]],
    ["[INST] Hello [/INST]", []],
    ["{x} is a set", []],
  ];
  for (const [text, faults] of texts) {
    it(`finds ${faults.join(" and ") || "nothing wrong"} in ${JSON.stringify(text)}`, () => {
      expect(faultsOf(text)).to.deep.equal(faults);
    });
  }

  it("tells data in base64 from long words", () => {
    expect([
      isBase64("QUJD1x".repeat(100)),
      isBase64("a".repeat(600)),
      isBase64("some words ".repeat(60)),
    ]).to.deep.equal([true, false, false]);
  });

  const chats: [roles: string, faults: ChatFault[]][] = [
    ["user assistant", []],
    ["system user assistant user assistant", []],
    ["user assistant tool assistant", []],
    ["developer user assistant", []],
    ["human gpt", []],
    ["user assistant user", ["ends_without_assistant"]],
    ["assistant user assistant", ["starts_with_assistant"]],
    ["user user assistant", ["same_role_twice"]],
    ["user tool tool assistant", []],
    ["user system assistant", ["late_system"]],
    ["user", ["no_assistant"]],
    ["", ["empty"]],
    ["user critic assistant", ["unknown_role"]],
  ];
  for (const [roles, faults] of chats) {
    it(`finds ${faults.join(" and ") || "nothing wrong"} in the turns of ${roles || "nobody"}`, () => {
      const turns = roles
        .split(" ")
        .filter((role) => role !== "")
        .map((role) => ({ role, content: "x" }));
      expect(chatFaults(turnsIn(turns) ?? [])).to.deep.equal(faults);
    });
  }

  it("takes calls of tools and parts for content", () => {
    const turns = [
      { role: "user", content: [{ type: "image" }, { type: "text", text: "What is it?" }] },
      { role: "assistant", content: null, tool_calls: [{ function: { name: "look" } }] },
    ];
    expect(chatFaults(turnsIn(turns) ?? [])).to.deep.equal([]);
    expect(shownCell(turns)).to.contain("[user] <image> What is it?").and.to.contain('[assistant] [calls [{"function"');
  });

  it("shows no cell at more than a few hundred characters, whatever is in it", () => {
    const deep = count(60).reduce<unknown>((inner) => ({ a: [inner, inner] }), "x");
    const odd = [
      deep,
      "y".repeat(10 ** 6),
      count(10 ** 5),
      new Uint8Array(10 ** 6),
      { bytes: new Uint8Array(5), path: "p".repeat(999) },
      Number.NaN,
      10n ** 30n,
      new Date(Number.NaN),
      Object.fromEntries(count(500).map((n) => [`k${n}`, n])),
    ];
    for (const value of odd) expect(shownCell(value).length).to.be.lessThan(450);
    expect(Object.keys(shownRow(Object.fromEntries(count(100).map((n) => [`c${n}`, n]))))).to.have.length(61);
    expect(shownCell(`${"a".repeat(299)}😀${"b".repeat(50)}`)).to.not.match(/[\ud800-\udbff]…/);
  });

  it("keeps the share of duplicates true when it keeps a sample only", () => {
    const sample = createHashSample();
    for (const n of count(150_000)) addHash(sample, hashOf(`row ${n % 100_000}`));
    expect(sample.every).to.be.greaterThan(1);
    expect(sample.counts.size).to.be.lessThan(40_001);
    expect(duplicateShare(sample)).to.be.closeTo(1 / 3, 0.01);
    const other = createHashSample();
    for (const n of count(1_000)) addHash(other, hashOf(`row ${n + 99_500}`));
    const { shared, of } = overlapOf(sample, other);
    expect(shared / of).to.be.closeTo(0.5, 0.1);
  });

  it("gives different rows different hashes", () => {
    expect(new Set(count(200_000).map((n) => hashOf(`${n}\u001f${n % 7}`))).size).to.equal(200_000);
  });

  it("samples numbers fairly", () => {
    const reservoir = createReservoir();
    for (const n of count(100_000)) reservoir.add(n);
    const [low = 0, middle = 0, high = 0] = reservoir.quantiles([0.1, 0.5, 0.9]) ?? [];
    expect(low).to.be.closeTo(10_000, 3_000);
    expect(middle).to.be.closeTo(50_000, 5_000);
    expect(high).to.be.closeTo(90_000, 3_000);
  });

  it("watches no more columns than it can hold when every row brings new ones", () => {
    const profile = createProfile();
    for (const n of count(2_000)) profile.addRow({ [`key ${n}`]: n, __proto__x: 1, constructor: 2 });
    const { columns, moreColumns } = profile.result();
    expect([columns.length, moreColumns]).to.deep.equal([500, 1_502]);
  });

  const warned: [what: string, rows: Record<string, unknown>[], code: string, weight: number][] = [
    ["a class that is alone", count(30).map((n) => ({ text: `t${n}`, label: "a" })), "single_class", 3],
    [
      "a class that is rare",
      count(100).map((n) => ({ text: `t${n}`, label: n === 0 ? "rare" : "often" })),
      "imbalance",
      2,
    ],
    ["a label that is missing", count(30).map((n) => ({ text: `t${n}`, label: n < 3 ? null : n % 2 })), "nulls", 3],
    ["an id that is called a target", count(100).map((n) => ({ x: n % 3, target: n })), "id", 3],
    ["an id that is called by another name", count(100).map((n) => ({ x: n % 3, customer: n + 5 })), "id", 1],
    ["a column that says nothing", count(30).map((n) => ({ n: n % 3, same: "x" })), "constant", 1],
    ["a column without values", count(30).map((n) => ({ n, none: null })), "all_null", 2],
    ["texts of blanks", count(30).map((n) => ({ text: n < 5 ? "  " : `t${n}` })), "blank", 2],
    ["values of several types", count(30).map((n) => ({ value: n < 5 ? "five" : n })), "mixed_types", 2],
    ["texts of hundreds of pages", count(30).map((n) => ({ text: `${n}${"x".repeat(100_000)}` })), "long_texts", 2],
    ["a column without a name", count(30).map((n) => ({ "": n, x: 1 })), "unnamed", 1],
    ["a name with blanks around it", count(30).map((n) => ({ " x ": n })), "padded_name", 2],
    ["rows that repeat", count(30).map((n) => ({ x: n % 3, y: n % 3 })), "duplicates", 3],
  ];
  for (const [what, rows, code, weight] of warned) {
    it(`warns of ${what}`, () => {
      const profile = createProfile();
      for (const row of rows) profile.addRow(row);
      const found = warningsOf(profile.result());
      expect(
        found.map((warning) => [warning.code, warning.weight]),
        JSON.stringify(found),
      ).to.deep.include([code, weight]);
    });
  }

  it("warns of nothing where nothing is wrong", () => {
    const profile = createProfile();
    for (const n of count(300))
      profile.addRow({ text: `A text of its own, number ${n}.`, label: n % 3, score: ((n * 37) % 101) / 7 });
    expect(warningsOf(profile.result())).to.deep.equal([]);
  });

  it("reads quantiles and small distributions out of the viewer's histograms", () => {
    const histogram = (hist: number[], bin_edges: number[]) => ({
      nan_count: 1,
      min: 0,
      max: 4,
      mean: 2,
      median: 2,
      std: 1,
      histogram: { hist, bin_edges },
    });
    const { columns } = statisticsIn({
      num_examples: 101,
      statistics: [
        { column_name: "stars", column_type: "int", column_statistics: histogram([10, 0, 30, 60], [0, 1, 2, 3, 3]) },
        { column_name: "wide", column_type: "int", column_statistics: histogram([50, 50], [0, 10, 20]) },
        { column_name: "text", column_type: "string_text", column_statistics: histogram([90, 10], [0, 100, 200]) },
        {
          column_name: "flag",
          column_type: "bool",
          column_statistics: { nan_count: 0, frequencies: { True: 3, False: 7 } },
        },
        {
          column_name: "class",
          column_type: "class_label",
          column_statistics: { nan_count: 0, no_label_count: 4, n_unique: 1, frequencies: { a: 9 } },
        },
      ],
    });
    expect(columns.get("stars")).to.deep.include({
      distinct: 3,
      top: [
        ["3", 60],
        ["2", 30],
        ["0", 10],
      ],
      nulls: 1,
    });
    expect(columns.get("wide")).to.not.have.property("top");
    expect(columns.get("text")?.lengths).to.deep.include({ p90: 100, p99: 190 });
    expect(columns.get("flag")?.top).to.deep.equal([
      ["False", 7],
      ["True", 3],
    ]);
    expect(columns.get("class")).to.deep.include({ nulls: 4, distinct: 1 });
  });
});
