// biome-ignore-all lint/suspicious/noTemplateCurlyInString: config files hold such references.
import { expect } from "chai";
import { parseDotenv } from "../../tui/config/dotenv.ts";
import { parseJson } from "../../tui/config/json.ts";
import { effective, leaves, merge, sourceOf } from "../../tui/config/layers.ts";
import { substitute } from "../../tui/config/substitute.ts";
import { FrontError } from "../../tui/errors.ts";

function failure(run: () => unknown): FrontError {
  try {
    run();
  } catch (error) {
    if (error instanceof FrontError) return error;
    throw error;
  }
  throw new Error("it should have failed");
}

describe("a config file's JSON", () => {
  for (const [what, text, place, message] of [
    ["a trailing comma", '{\n  "a": 1,\n}', "3:1", "key in double quotes"],
    ["a comment", '{\n  // no\n  "a": 1 }', "2:3", "key in double quotes"],
    ["a missing comma", '{"a": 1\n "b": 2}', "2:2", '"," or "}"'],
    ["single quotes", "{'a': 1}", "1:2", "key in double quotes"],
    ["a bare word", '{"a": yes}', "1:7", "a value"],
    ["an unclosed object", '{"a": [1, 2]', "1:13", "end of the file"],
    ["an unclosed string", '{"a": "x\n}', "1:7", "a string that ends on its line"],
    ["something after the end", "{} {}", "1:4", "nothing more"],
    ["nothing at all", "", "1:1", "a value"],
  ] as const) {
    it(`names line and column of ${what}`, () => {
      const error = failure(() => parseJson(text, "c.json"));
      expect(error.code).to.equal("CONFIG_NOT_JSON");
      expect(error.message)
        .to.match(new RegExp(`^c\\.json:${place}: `))
        .and.contain(message);
      expect(error.hint).to.be.a("string");
    });
  }

  it("finds a fault in exactly what the platform refuses, and nowhere else", () => {
    const samples = [
      "[1e5,-0.5]",
      '"\\u00e9\\n"',
      "01",
      "1.",
      "+1",
      '"\\x"',
      "[,]",
      "{}",
      "nul",
      "truefalse",
      "\ufeff{}",
    ];
    for (const sample of samples) {
      const bare = sample.replace(/^\ufeff/, "");
      let valid = true;
      try {
        JSON.parse(bare);
      } catch {
        valid = false;
      }
      if (valid) expect(parseJson(sample, "f")).to.deep.equal(JSON.parse(bare));
      else expect(failure(() => parseJson(sample, "f")).message, sample).to.not.contain("not valid JSON");
    }
  });

  it("survives nesting that would exhaust the stack", () => {
    expect(failure(() => parseJson("[".repeat(200_000), "f")).code).to.equal("CONFIG_NOT_JSON");
  });
});

describe("variables in a config file", () => {
  const env = { NAME: "value", EMPTY: "" };

  it("are put into every string, at any depth", () => {
    const value = { a: ["x-${NAME}-${NAME}", 1, null], b: { c: "${EMPTY}" } };
    expect(substitute(value, env, "f")).to.deep.equal({ a: ["x-value-value", 1, null], b: { c: "" } });
  });

  it("fall back to their default when unset or empty", () => {
    expect(substitute("${NONE:-d} ${EMPTY:-e} ${NAME:-f} ${NONE:-}", env, "f")).to.equal("d e value ");
  });

  it("are required without a default, a colon without a dash included", () => {
    for (const text of ["${NONE}", "${NONE:x}"]) {
      const error = failure(() => substitute({ a: { b: [text] } }, env, "c.json"));
      expect(error.message).to.contain("NONE").and.contain('"a.b.0"').and.contain("c.json");
    }
  });

  it("leave a bare dollar sign alone, and are not read twice", () => {
    expect(substitute("$NAME $$ ${1}", env, "f")).to.equal("$NAME $$ ${1}");
    expect(substitute("${A}", { A: "${NAME}", ...env }, "f")).to.equal("${NAME}");
  });
});

describe("layers of a configuration", () => {
  const layers = [
    { source: "shipped", values: { a: 1, limits: { x: 1, y: 2 }, list: [1, 2] } },
    { source: "file", values: { limits: { y: 3 }, list: [9] } },
  ];

  it("merge objects and replace everything else", () => {
    expect(effective(layers)).to.deep.equal({ a: 1, limits: { x: 1, y: 3 }, list: [9] });
  });

  it("know who had the last word on each value", () => {
    expect(leaves(effective(layers)).map(({ path }) => [path.join("."), sourceOf(layers, path)])).to.deep.equal([
      ["a", "shipped"],
      ["limits.x", "shipped"],
      ["limits.y", "file"],
      ["list", "file"],
    ]);
  });

  it("cannot be used to change the prototype of objects", () => {
    const merged = merge({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(Object.getPrototypeOf(merged)).to.equal(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).to.equal(undefined);
  });
});

describe("a .env file", () => {
  it("is read with export, quotes, escapes and comments", () => {
    const text = [
      "# comment",
      "A=1",
      "export B = two words # rest",
      "C='as is # \\n'",
      'D="line\\nnext \\"q\\" # kept"',
      "E=",
      "not an assignment",
      "F=a#b",
    ].join("\r\n");
    expect(parseDotenv(text)).to.deep.equal({
      A: "1",
      B: "two words",
      C: "as is # \\n",
      D: 'line\nnext "q" # kept',
      E: "",
      F: "a#b",
    });
  });
});
