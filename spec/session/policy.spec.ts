import { expect } from "chai";
import type { Access } from "../../actors/events.ts";
import { judge, type Rule } from "../../actors/session/policy.ts";

const scope = { workspace: "/home/u/work" };
const on = (kind: "read" | "write" | "run", path: string): Access => ({ kind, path });

describe("the policy", () => {
  const table: [string, Access[], "allow" | "ask" | "deny"][] = [
    ["reads in the workspace", [on("read", "/home/u/work/a.py")], "allow"],
    ["reads elsewhere", [on("read", "/usr/share/dict/words")], "allow"],
    ["writes in the workspace", [on("write", "/home/u/work/a.py")], "allow"],
    ["writes to the workspace's neighbour of the same beginning", [on("write", "/home/u/workshop/a.py")], "ask"],
    ["writes outside", [on("write", "/etc/hosts")], "ask"],
    ["runs in the workspace", [on("run", "/home/u/work")], "allow"],
    ["runs outside", [on("run", "/")], "ask"],
    ["writes a git hook", [on("write", "/home/u/work/.git/hooks/pre-commit")], "deny"],
    ["spends", [{ kind: "spend", usd: null }], "ask"],
    ["touches nothing", [], "allow"],
    [
      "does one allowed and one denied thing",
      [on("read", "/home/u/work/a"), on("write", "/home/u/work/.git/config")],
      "deny",
    ],
    ["does one allowed and one asking thing", [on("read", "/home/u/work/a"), on("write", "/tmp/x")], "ask"],
  ];
  for (const [what, touches, verdict] of table) {
    it(`${verdict === "deny" ? "denies" : `${verdict}s`} a call that ${what}`, () => {
      expect(judge(touches, scope).verdict).to.equal(verdict);
    });
  }

  it("says what it stumbled over", () => {
    expect(judge([on("write", "/home/u/work/.git/config")], scope).reason).to.equal(
      "/home/u/work/.git/config could make git run commands",
    );
  });

  it("asks where no rule speaks, and lets deny count before ask before allow", () => {
    const rule = (verdict: Rule["verdict"]): Rule => ({ verdict, access: "read" });
    expect(judge([on("read", "/a")], scope, []).verdict).to.equal("ask");
    expect(judge([on("read", "/a")], scope, [rule("allow"), rule("ask")]).verdict).to.equal("ask");
    expect(judge([on("read", "/a")], scope, [rule("ask"), rule("deny"), rule("allow")]).verdict).to.equal("deny");
  });
});
