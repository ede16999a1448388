import { expect } from "chai";
import { fragmentOf, textOf } from "../../../tui/screen/editor/atoms.ts";
import { endOf } from "../../../tui/screen/editor/buffer.ts";
import {
  acceptance,
  type CandidateSource,
  completionAt,
  mostSuggestions,
} from "../../../tui/screen/editor/completion.ts";
import { fuzzyRank, fuzzyScore } from "../../../tui/screen/editor/fuzzy.ts";
import { mentionAt } from "../../../tui/screen/editor/mention.ts";
import { randomFrom } from "../../support/random.ts";

const same = (name: string) => name;
const rank = (query: string, names: readonly string[], limit = 10) =>
  fuzzyRank(query, names, same, limit).map(({ item }) => item);

/** What is named where `|` stands. */
function mention(marked: string) {
  const [before = "", after = ""] = marked.split("|");
  return mentionAt(fragmentOf(before + after), endOf(fragmentOf(before)));
}

describe("screen/editor: fuzzy ranking", () => {
  it("wants the letters in their order, and does not care for capitals", () => {
    expect(fuzzyScore("kz", "tests/tokens.ts")).to.equal(null);
    expect(fuzzyScore("TTK", "tests/tokens.ts")?.positions).to.have.length(3);
    expect(fuzzyScore("", "anything")).to.deep.include({ positions: [] });
  });

  it("puts names before folders, beginnings before middles, and letters that stand together first", () => {
    expect(rank("train", ["docs/constraint.md", "train/data/readme.md", "src/train.py"])[0]).to.equal("src/train.py");
    expect(rank("com", ["income", "compact", "c-o-m"])[0]).to.equal("compact");
    expect(rank("sm", ["osmium", "set_model"])[0]).to.equal("set_model");
    expect(rank("cfg", ["catfog", "cfg"])[0]).to.equal("cfg");
    expect(rank("src/mo", ["lib/mo", "src/models.ts"])).to.deep.equal(["src/models.ts"]);
    expect(rank("a", ["aaaa", "aa"])).to.deep.equal(["aa", "aaaa"]);
  });

  it("is the whole ranking cut short, with places that spell the query", () => {
    const random = randomFrom(7);
    const letter = () => "abc/_D"[Math.floor(random() * 6)] ?? "";
    const names = Array.from({ length: 500 }, () =>
      Array.from({ length: 3 + Math.floor(random() * 12) }, letter).join(""),
    );
    const query = "abd";
    const all = fuzzyRank(query, names, same, names.length);
    expect(fuzzyRank(query, names, same, 10)).to.deep.equal(all.slice(0, 10));
    expect(all.length).to.equal(names.filter((name) => /a.*b.*d/i.test(name)).length);
    for (const { item, positions } of all) {
      expect(positions.map((at) => item[at]?.toLowerCase()).join("")).to.equal(query);
      expect([...positions].sort((a, b) => a - b)).to.deep.equal(positions);
    }
  });

  it("does its work between two keys", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `src/some/folder${index % 97}/module_${index}.ts`);
    fuzzyRank("mod", names, same, 50);
    const begun = performance.now();
    expect(fuzzyRank("fol9mod", names, same, 50)).to.have.length(50);
    expect(performance.now() - begun).to.be.below(150);
  });
});

describe("screen/editor: what is being named", () => {
  it("is a file behind @ at the beginning of a word", () => {
    expect(mention("see @src/tr|ain and")).to.deep.include({ sign: "@", query: "src/tr" });
    expect(mention("see @src/tr|ain and")?.range.to.column).to.equal(14);
    expect(mention("line\n(@a|")?.range.from).to.deep.equal({ line: 1, column: 1 });
    expect(mention('@"my fi|le" x')).to.deep.include({ query: "my fi" });
    expect(mention('@"my fi|le" x')?.range.to.column).to.equal(10);
    for (const none of ["me@exam|ple.org", "@done |", "|@", "@a b|"]) expect(mention(none), none).to.equal(null);
  });

  it("is a command or a line at the very beginning", () => {
    expect(mention("/comp|")).to.deep.include({ sign: "/", query: "comp" });
    expect(mention("!git st|")).to.deep.include({ sign: "!", query: "git st" });
    for (const none of ["//x|", "!!x|", "a /x|", "x\n/y|", "/model gp|", "|/x"])
      expect(mention(none), none).to.equal(null);
    expect(mention("/undo @fi|")).to.deep.include({ sign: "@" });
  });
});

describe("screen/editor: completions", () => {
  const source: CandidateSource = (sign) =>
    sign === "@"
      ? ["train.py", "data/", "my file.txt"].map((name) => ({ name }))
      : sign === "/"
        ? [{ name: "compact", detail: "make room" }, { name: "config" }]
        : [];

  const at = (text: string) => completionAt(fragmentOf(text), endOf(fragmentOf(text)), source);
  const accepted = (text: string) => {
    const completion = at(text);
    const result = completion === null ? null : acceptance(completion);
    return result === null ? null : textOf(result.fragment);
  };

  it("offer what fits, with what is said of it", () => {
    expect(at("/com")?.suggestions).to.deep.equal([{ name: "compact", detail: "make room", positions: [0, 1, 2] }]);
    expect(at("/")?.suggestions).to.have.length(2);
    expect(at("@zzz")).to.equal(null);
    expect(at("!x")).to.equal(null);
    const many: CandidateSource = () => Array.from({ length: 30_000 }, (_, index) => ({ name: `n${index}` }));
    expect(completionAt(fragmentOf("@n"), { line: 0, column: 2 }, many)?.suggestions).to.have.length(mostSuggestions);
  });

  it("put a name in with a space behind it, a folder open, and a name with spaces in quotation marks", () => {
    expect(accepted("/comp")).to.equal("/compact ");
    expect(accepted("use @tra")).to.equal("@train.py ");
    expect(accepted("use @dat")).to.equal("@data/");
    expect(accepted("use @my")).to.equal('@"my file.txt" ');
  });
});
