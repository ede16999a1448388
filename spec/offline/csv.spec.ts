import { expect } from "chai";
import { parseTable, TableError } from "../../actors/llm/offline/program/csv.mjs";

/** The code of the refusal of a text, or null when it is a table. */
function refusal(text: string): string | null {
  try {
    parseTable(text);
    return null;
  } catch (error) {
    if (error instanceof TableError) return error.code;
    throw error;
  }
}

describe("the CSV reader", () => {
  const tables: [name: string, text: string, names: string[], rows: string[][]][] = [
    [
      "commas and a header",
      "a,b\n1,2\n3,4\n",
      ["a", "b"],
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    ["no line end at the end", "a,b\n1,2", ["a", "b"], [["1", "2"]]],
    ["CRLF and a byte order mark", "\ufeffa;b\r\n1;2\r\n", ["a", "b"], [["1", "2"]]],
    ["tabs", "a\tb\n1\t2\n", ["a", "b"], [["1", "2"]]],
    ["vertical bars", "a|b\n1|2\n", ["a", "b"], [["1", "2"]]],
    [
      "semicolons with decimal commas",
      "a;b\n1,5;2,5\n3,5;4,5\n",
      ["a", "b"],
      [
        ["1,5", "2,5"],
        ["3,5", "4,5"],
      ],
    ],
    ["a delimiter and a line end in quotes", 'a,b\n"x, y\nz",2\n', ["a", "b"], [["x, y\nz", "2"]]],
    ["doubled quotes", 'a,b\n"say ""hi""",2\n', ["a", "b"], [['say "hi"', "2"]]],
    [
      "a quote that is never closed",
      'a,b\n"x,2\ny,3\n',
      ["a", "b"],
      [
        ['"x', "2"],
        ["y", "3"],
      ],
    ],
    ["an empty last field", "a,b\n1,\n", ["a", "b"], [["1", ""]]],
    ["blank lines", "a,b\n\n1,2\n\n", ["a", "b"], [["1", "2"]]],
    [
      "no header",
      "1,2\n3,4\n",
      ["column_1", "column_2"],
      [
        ["1", "2"],
        ["3", "4"],
      ],
    ],
    [
      "no header before repeated words",
      "x,1\nx,2\ny,3\n",
      ["column_1", "column_2"],
      [
        ["x", "1"],
        ["x", "2"],
        ["y", "3"],
      ],
    ],
    [
      "unnamed row names",
      ",a\n7,1\n8,2\n",
      ["column_1", "a"],
      [
        ["7", "1"],
        ["8", "2"],
      ],
    ],
    ["repeated names", "a,a\n1,2\n", ["a", "a_2"], [["1", "2"]]],
  ];
  for (const [name, text, names, rows] of tables) {
    it(`reads ${name}`, () => {
      const table = parseTable(text);
      expect(table.names).to.deep.equal(names);
      expect(table.rows).to.deep.equal(rows);
    });
  }

  it("fills short rows, cuts long ones, and counts both", () => {
    const lines = Array.from({ length: 20 }, (_, index) => `${index},${index}`);
    const table = parseTable(["a,b", ...lines, "1", "1,2,3"].join("\n"));
    expect(table.ragged).to.equal(2);
    expect(table.rows.slice(-2)).to.deep.equal([
      ["1", ""],
      ["1", "2"],
    ]);
  });

  const others: [name: string, text: string, code: string][] = [
    ["nothing", "  \n", "empty"],
    ["JSON", '[{"a": 1, "b": 2}]', "json"],
    ["JSON lines", '{"a": 1, "b": 2}\n{"a": 3, "b": 4}\n', "json"],
    ["HTML", "<html><body>a,b</body></html>", "markup"],
    ["prose", "Dear all,\nthis is a letter, with commas, and words.\nNo table here.\nBye\n", "prose"],
    ["one column", "a\n1\n2\n", "one_column"],
    ["a header alone", "a,b,c\n", "header_only"],
  ];
  for (const [name, text, code] of others) {
    it(`refuses ${name}`, () => {
      expect(refusal(text)).to.equal(code);
    });
  }
});
