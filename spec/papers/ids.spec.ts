import { expect } from "chai";
import { readPaperId, scholarId, shownId } from "../../actors/tools/papers/ids.ts";

const sha = "649def34f8be52c8b66281af98ae884c09aef38b";

describe("the names of papers", () => {
  for (const [text, expected] of [
    ["2401.12345", "ARXIV:2401.12345"],
    ["0704.0001", "ARXIV:0704.0001"],
    ["arXiv:2401.12345v2", "ARXIV:2401.12345"],
    ["ARXIV:2401.12345", "ARXIV:2401.12345"],
    ["arxiv: 2401.12345 [cs.CL]", "ARXIV:2401.12345"],
    ["cs/0112017", "ARXIV:cs/0112017"],
    ["math.GT/0309136v1", "ARXIV:math/0309136"],
    ["hep-th/9901001", "ARXIV:hep-th/9901001"],
    ["https://arxiv.org/abs/2401.12345", "ARXIV:2401.12345"],
    ["http://arxiv.org/pdf/2401.12345v3.pdf", "ARXIV:2401.12345"],
    ["https://arxiv.org/pdf/cs/0112017", "ARXIV:cs/0112017"],
    ["arxiv.org/html/2401.12345v1#S3", "ARXIV:2401.12345"],
    ["https://export.arxiv.org/abs/2401.12345?context=cs", "ARXIV:2401.12345"],
    ["https://ar5iv.labs.arxiv.org/html/2401.12345", "ARXIV:2401.12345"],
    ["https://www.alphaxiv.org/abs/2401.12345", "ARXIV:2401.12345"],
    ["https://huggingface.co/papers/2401.12345", "ARXIV:2401.12345"],
    ["https://hf.co/papers/2401.12345.md", "ARXIV:2401.12345"],
    ["https://doi.org/10.48550/arXiv.2401.12345", "ARXIV:2401.12345"],
    ["10.18653/v1/N19-1423", "DOI:10.18653/v1/N19-1423"],
    ["doi:10.18653/v1/N19-1423", "DOI:10.18653/v1/N19-1423"],
    ["https://doi.org/10.1145/3292500.3330701", "DOI:10.1145/3292500.3330701"],
    ["CorpusId:215416146", "CorpusId:215416146"],
    ["corpusid: 215416146", "CorpusId:215416146"],
    [sha, sha],
    [`https://www.semanticscholar.org/paper/Some-Title/${sha}`, sha],
    ["https://api.semanticscholar.org/CorpusID:215416146", "CorpusId:215416146"],
    ["https://www.semanticscholar.org/arxiv/2401.12345", "ARXIV:2401.12345"],
  ] as const) {
    it(`read ${text}`, () => {
      const id = readPaperId(text);
      expect(id === null ? null : scholarId(id)).to.equal(expected);
    });
  }

  for (const text of [
    "",
    "attention is all you need",
    "12345",
    "https://evil.example/abs/2401.12345",
    "../../2401.12345",
    "2401.12345/../x",
    `${"a".repeat(600)}`,
  ]) {
    it(`are not ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(readPaperId(text)).to.equal(null);
    });
  }

  it("keep the version where there is one", () => {
    expect(readPaperId("https://arxiv.org/abs/2401.12345v2")).to.deep.equal({
      kind: "arxiv",
      id: "2401.12345",
      version: 2,
    });
    expect(shownId({ kind: "arxiv", id: "2401.12345", version: 2 })).to.equal("arXiv:2401.12345v2");
  });
});
