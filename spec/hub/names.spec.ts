import { expect } from "chai";
import { HttpError } from "../../actors/http/errors.ts";
import { hubFailure } from "../../actors/hub/failure.ts";
import { nextPage } from "../../actors/hub/pages.ts";
import { readRepo } from "../../actors/hub/repo.ts";

const hub = "https://huggingface.co";

describe("names on the Hub", () => {
  for (const [text, expected] of [
    ["openai/gsm8k", { type: "dataset", id: "openai/gsm8k" }],
    ["gpt2", { type: "dataset", id: "gpt2" }],
    ["models/org/m", { type: "model", id: "org/m" }],
    ["datasets/org/d", { type: "dataset", id: "org/d" }],
    ["https://huggingface.co/datasets/org/d/tree/main/data", { type: "dataset", id: "org/d" }],
    ["https://huggingface.co/gpt2/blob/main/config.json", { type: "dataset", id: "gpt2" }],
    ["hf://spaces/org/s", { type: "space", id: "org/s" }],
    ["https://evil.example/org/d", null],
    ["a/b/c", null],
    ["../../etc", null],
    ["a--b/c", null],
    ["org/name?x=1", null],
    ["", null],
  ] as const) {
    it(`reads ${JSON.stringify(text)}`, () => {
      expect(readRepo(text, "dataset", hub)).to.deep.equal(expected);
    });
  }

  it("takes the next page from the Link header, and none at another host", () => {
    const of = (link: string) => nextPage(new Headers({ link }), `${hub}/api/models`);
    expect(of('<https://huggingface.co/api/models?cursor=a,b>; rel="next"')).to.equal(`${hub}/api/models?cursor=a,b`);
    expect(of('</api/models?p=2>; rel=next, </api/models>; rel="first"')).to.equal(`${hub}/api/models?p=2`);
    expect(of('<https://evil.example/api>; rel="next"')).to.equal(null);
    expect(of("")).to.equal(null);
  });
});

describe("a refusal of the Hub", () => {
  const failure = (status: number, headers: Record<string, string>, said = "", hasToken = true) =>
    hubFailure(
      new HttpError("HTTP_STATUS", "x", { status, said, headers: new Headers(headers) }),
      "the model a/b",
      hasToken,
      hub,
    );

  for (const [what, status, headers, said, hasToken, refusal] of [
    [
      "without a token may hide a private repository",
      401,
      { "x-error-code": "RepoNotFound" },
      "",
      false,
      "not_found_or_private",
    ],
    [
      "of a bad token is not taken for a missing repository",
      401,
      { "x-error-code": "RepoNotFound" },
      "Invalid credentials in Authorization header",
      true,
      "token_invalid",
    ],
    ["of a gated repository says who decides", 403, { "x-error-code": "GatedRepo" }, "", true, "gated"],
    ["of a missing right names the token", 403, {}, "", true, "forbidden"],
    ["for want of money says where to look", 402, {}, "", true, "payment"],
    ["of what exists", 409, {}, "", true, "exists"],
    ["of a stale parent", 412, {}, "", true, "conflict"],
    ["by a failing server", 503, {}, "", true, "server"],
  ] as const) {
    it(what, () => {
      const found = failure(status, headers, said, hasToken);
      expect(found.refusal).to.equal(refusal);
      expect(found.message).to.match(/\.$/);
      expect(found.hint).to.not.equal("");
    });
  }
});
