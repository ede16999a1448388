import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { canonical, keyOf, signatureOf } from "../../actors/watcher/signature.ts";

describe("watcher: when two calls are the same", () => {
  it("takes arguments as equal whatever the order of their keys, at any depth", () => {
    const a = canonical({ x: 1, y: { p: [1, { b: 2, a: 1 }], q: null } });
    expect(canonical({ y: { q: null, p: [1, { a: 1, b: 2 }] }, x: 1 })).to.equal(a);
    expect(canonical('{ "y": {"q":null,\n "p": [1, {"a": 1, "b": 2}]}, "x": 1.0 }')).to.equal(a);
  });

  it("keeps the order of lists, the characters of strings, and types apart", () => {
    const given: Json[] = [[1, 2], [2, 1], { a: "x y" }, { a: "x  y" }, { a: 1 }, { a: "1" }, { a: null }, {}, []];
    expect(new Set(given.map(canonical)).size).to.equal(given.length);
  });

  it("takes text that is not JSON as it is, and never throws", () => {
    for (const text of ["", "{", '{"a": 1', "plain  words", "\ud800"]) expect(canonical(text)).to.equal(text);
    let deep: Json = 1;
    for (let depth = 0; depth < 200_000; depth++) deep = [deep];
    expect(canonical(deep)).to.match(/^\[{100}"…"\]{100}$/);
  });

  it("knows calls by tool, arguments and result", () => {
    const key = keyOf("read", { path: "/a" });
    expect(keyOf("list", { path: "/a" })).to.not.equal(key);
    expect(keyOf("read", { path: "/b" })).to.not.equal(key);
    expect(signatureOf(key, "call_a1", "3 lines")).to.equal(signatureOf(key, "call_b2", "3 lines"));
    expect(signatureOf(key, "call_a1", "3 lines")).to.not.equal(signatureOf(key, "call_a1", "4 lines"));
  });

  it("passes over the call's own id in its result, but not over a short one that may stand there by chance", () => {
    const key = keyOf("bash", {});
    const of = (id: string) => signatureOf(key, id, `the whole is in outputs/${id}.txt`);
    expect(of("call_a1")).to.equal(of("call_b2"));
    expect(signatureOf(key, "7", "7 files")).to.not.equal(signatureOf(key, "8", "8 files"));
  });
});
