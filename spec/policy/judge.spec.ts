import { expect } from "chai";
import type { Access } from "../../actors/events.ts";
import type { PolicyRule } from "../../actors/policy.ts";
import { judge } from "../../actors/session/policy/judge.ts";
import { call, free, network, publish, read, remove, run, settingOf, shippedSetting, spend, write } from "./setting.ts";

const allow: PolicyRule = { verdict: "allow" };
const ask: PolicyRule = { verdict: "ask" };
const deny: PolicyRule = { verdict: "deny" };
const at = write("/home/u/work/a");

describe("the order of the policy's rules", () => {
  const cases: [string, Parameters<typeof settingOf>[0], string, string][] = [
    ["asks where no rule speaks", {}, "ask", "default"],
    ["lets anybody but a project allow", { user: [allow] }, "allow", "user:1"],
    ["passes over what a project allows", { project: [allow] }, "ask", "default"],
    ["lets a project ask against the user", { user: [allow], project: [ask] }, "ask", "project:1"],
    ["lets a project deny against the user", { user: [allow], project: [deny] }, "deny", "project:1"],
    ["lets an asking rule count before an allowing one", { shipped: [allow], user: [ask] }, "ask", "user:1"],
    [
      "lets a denial count before all others",
      { shipped: [deny], user: [allow, ask], session: [allow] },
      "deny",
      "shipped:1",
    ],
    ["lets a denial count before the always list", { always: [ask], user: [deny] }, "deny", "user:1"],
    [
      "lets nothing allow what is on the always list",
      { always: [ask], user: [allow], session: [allow] },
      "ask",
      "always:1",
    ],
    [
      "reads an entry of the always list as a question, whatever it says",
      { always: [allow], user: [allow] },
      "ask",
      "always:1",
    ],
    [
      "lets a wide denial count before an exact allowance",
      { user: [{ ...allow, tool: "some_tool", access: "write", path: "/home/u/work/a" }, deny] },
      "deny",
      "user:2",
    ],
    ["takes the session's rules in", { session: [ask, allow] }, "ask", "session:1"],
  ];
  for (const [what, rules, verdict, rule] of cases) {
    it(what, () => {
      const { reason: _, sessionRule: __, source: ___, ...rest } = judge(call([at]), settingOf(rules));
      expect(rest).to.deep.equal({ verdict, rule, always: rule.startsWith("always") });
    });
  }

  it("holds the strictest verdict over all that is touched, and tells all that is asked about", () => {
    const setting = settingOf({ shipped: [{ verdict: "allow", access: "read" }] });
    const { verdict, reason } = judge(call([read("/a"), write("/b"), network("h.test"), write("/b")]), setting);
    expect(verdict).to.equal("ask");
    expect(reason).to.equal("/b outside the workspace would be written; h.test would be contacted over the network");
  });

  it("asks by the always list even beside other questions", () => {
    const verdict = judge(
      call([write("/b"), publish("force_push")]),
      settingOf({ always: [{ ...ask, what: "force_push" }] }),
    );
    expect(verdict).to.include({ rule: "always:1", always: true });
    expect(verdict.reason).to.contain("/b").and.contain("history of me/model");
  });
});

describe("what a rule fits", () => {
  /** Whether a rule speaks of a call: as a denial and as an allowance. */
  const speaks = (rule: Omit<PolicyRule, "verdict">, of: ReturnType<typeof call>, more = {}) => {
    const by = (verdict: "deny" | "allow") => judge(of, settingOf({ user: [{ ...rule, verdict }] }, more)).verdict;
    return [by("deny") === "deny", by("allow") === "allow"];
  };
  const yes = [true, true];
  const no = [false, false];
  /** It restricts, and does not allow: in doubt. */
  const doubt = [true, false];

  const cases: [string, Omit<PolicyRule, "verdict">, Access, boolean[]][] = [
    ["the path itself", { path: "/data" }, write("/data"), yes],
    ["what is below it", { path: "/data" }, run("/data/x/y"), yes],
    ["a neighbour of the same beginning", { path: "/data" }, write("/database"), no],
    ["a rule's path with a slash at its end", { path: "/data/" }, write("/data"), yes],
    ["a touched path with a slash at its end", { path: "/data/x" }, write("/data/x/"), yes],
    ["a rule's path with detours", { path: "/data/../srv/./x" }, write("/srv/x/a"), yes],
    ["a touched path that climbs out", { path: "/data" }, write("/data/../etc/passwd"), no],
    ["a touched path that climbs in", { path: "/data" }, write("/etc/../data/a"), yes],
    ["the root", { path: "/" }, write("/anything"), yes],
    ["the workspace by its name", { path: "{workspace}/src" }, write("/home/u/work/src/a"), yes],
    ["the workspace by a name that only looks like it", { path: "{workspace}x" }, write("/home/u/workx/a"), no],
    ["the home by its name", { path: "~/x" }, write("/home/u/x/a"), yes],
    ["another's home", { path: "~other" }, write("/home/u/other"), no],
    ["another spelling of the path", { path: "/Data" }, write("/data/a"), doubt],
    ["another kind of access", { access: "write", path: "/data" }, read("/data/a"), no],
    ["a path, of something that has none", { path: "/" }, network("h.test"), no],
    ["a host", { host: "h.test" }, network("h.test"), yes],
    ["a host with a port, by a rule without", { host: "h.test" }, network("h.test:8080"), yes],
    ["another port than the rule's", { host: "h.test:81" }, network("h.test:8080"), no],
    ["a host below", { host: "*.h.test" }, network("a.b.h.test"), yes],
    ["the host above", { host: "*.h.test" }, network("h.test"), no],
    ["a host that ends alike", { host: "*.h.test" }, network("evilh.test"), no],
    ["any host", { host: "*" }, network("x.test"), yes],
    ["an address in another notation", { host: "127.0.0.1" }, network("0x7f.1"), yes],
    ["a host that a rule cannot name", { host: "a b" }, network("h.test"), doubt],
    ["where something is published", { host: "h.test" }, publish("upload", "h.test"), yes],
    ["what is published", { what: "upload" }, publish("upload"), yes],
    ["something else that is published", { what: "upload" }, publish("merge"), no],
    ["where it goes", { target: "me/model" }, publish("upload"), yes],
    ["whose it is", { target: "me/*" }, publish("upload"), yes],
    ["another owner of the same beginning", { target: "m/*" }, publish("upload"), no],
    ["what it is deleted from", { target: "me/*" }, remove("file"), yes],
    ["a target, of something that has none", { target: "*" }, network("h.test"), no],
    ["what is deleted", { what: "file*" }, remove("files"), yes],
    ["less than a sum", { over_usd: 5 }, spend(5), no],
    ["more than a sum", { over_usd: 5 }, spend(5.01), yes],
    ["an unknown sum", { over_usd: 5 }, spend(null), yes],
    ["a bounded sum", { up_to_usd: 5 }, spend(5), yes],
    ["a sum above its bound", { up_to_usd: 5 }, spend(5.01), no],
    ["an unknown sum with a bound", { up_to_usd: 5 }, spend(null), no],
    ["a sum that is no number", { over_usd: 5 }, spend(Number.NaN), yes],
    ["a sum below nothing", { over_usd: 5 }, spend(-1), yes],
  ];
  for (const [what, rule, access, wanted] of cases) {
    it(`${wanted === yes ? "includes" : wanted === no ? "leaves out" : "counts against the call"} ${what}`, () => {
      expect(speaks(rule, call([access]))).to.deep.equal(wanted);
    });
  }

  it("goes by tool, arguments and mode", () => {
    const bash = call([at], "bash", { command: "git push origin main", timeout: 5, env: { A: ["x"] } });
    expect(speaks({ tool: "ba*" }, bash)).to.deep.equal(yes);
    expect(speaks({ tool: "ash" }, bash)).to.deep.equal(no);
    expect(speaks({ arguments: { command: "git push*" } }, bash)).to.deep.equal(yes);
    expect(speaks({ arguments: { command: "*push*main" } }, bash)).to.deep.equal(yes);
    expect(speaks({ arguments: { command: "git" } }, bash)).to.deep.equal(no);
    expect(speaks({ arguments: { command: "git*main*main" } }, bash)).to.deep.equal(no);
    expect(speaks({ arguments: { command: "git*n*main" } }, bash)).to.deep.equal(yes);
    expect(speaks({ arguments: { command: "git push origin main*main" } }, bash)).to.deep.equal(no);
    expect(speaks({ arguments: { timeout: "5" } }, bash)).to.deep.equal(yes);
    expect(speaks({ arguments: { env: '*"x"*' } }, bash)).to.deep.equal(yes);
    expect(speaks({ arguments: { toString: "*" } }, bash)).to.deep.equal(no);
    expect(speaks({ mode: "headless" }, bash)).to.deep.equal(no);
    expect(speaks({ mode: "headless" }, bash, { mode: "headless" })).to.deep.equal(yes);
  });

  it("does not let malformed arguments slip past a denial, nor into an allowance", () => {
    for (const malformed of ['{"command": "rm', null, ["git push"], 7]) {
      expect(speaks({ arguments: { command: "git push*" } }, call([at], "bash", malformed))).to.deep.equal(doubt);
    }
  });

  it("does not let malformed arguments slip past the always list", () => {
    const always: PolicyRule[] = [{ verdict: "allow", arguments: { command: "x" } }];
    expect(judge(call([at], "bash", "{bad"), settingOf({ always, user: [allow] }))).to.include({ always: true });
  });

  it("can deny or ask about a call that touches nothing, by its tool", () => {
    expect(judge(call([], "plan"), settingOf({ user: [{ ...deny, tool: "plan" }] })).verdict).to.equal("deny");
    expect(judge(call([], "plan"), settingOf({ user: [{ ...ask, access: "write" }] })).verdict).to.equal("allow");
    expect(judge(call([], "plan"), settingOf({})).verdict).to.equal("allow");
  });

  it("takes what is known to be free for free, unless a rule speaks of it", () => {
    expect(judge(call([spend(0)]), settingOf({})).verdict).to.equal("allow");
    expect(judge(call([spend(0)]), settingOf({ user: [{ ...ask, access: "spend" }] })).verdict).to.equal("ask");
  });

  it("is told in a time that grows with the text, not with its square", function () {
    this.timeout(2_000);
    const text = "a".repeat(400_000);
    const pattern = `*${"a".repeat(100_000)}b*${"a".repeat(1_000)}c*`;
    const verdict = judge(
      call([at], "bash", { command: text }),
      settingOf({ user: [{ ...deny, arguments: { command: pattern } }] }),
    );
    expect(verdict.verdict).to.equal("ask");
  });
});

describe("what is on offer for the session", () => {
  const offered = async (touches: Access[], args = {}, preset = "default") =>
    judge(call(touches, "tool", args), await shippedSetting(preset)).sessionRule;
  const rule = (more: Omit<PolicyRule, "verdict" | "tool">) => ({ verdict: "allow", tool: "tool", ...more });

  it("is a folder for a file, and the file alone where the folder is too much", async () => {
    expect(await offered([write("/srv/x/a.txt")])).to.deep.equal(rule({ access: "write", path: "/srv/x" }));
    expect(await offered([write("/srv/x/a"), write("/srv/x/b")])).to.deep.equal(
      rule({ access: "write", path: "/srv/x" }),
    );
    expect(await offered([write("/home/u/.bashrc")])).to.deep.equal(rule({ access: "write", path: "/home/u/.bashrc" }));
    expect(await offered([write("/etc")])).to.deep.equal(rule({ access: "write", path: "/etc" }));
  });

  it("is the very command where nothing confines it, and the folder inside the workspace", async () => {
    const args = { command: "make install" };
    expect(await offered([run("/srv")], args)).to.deep.equal(rule({ access: "run", path: "/srv", arguments: args }));
    expect(await offered([run("/srv")], { command: "rm *.log" })).to.equal(null);
    expect(await offered([run("/srv")])).to.equal(null);
    expect(await offered([run("/home/u/work")], args, "careful")).to.deep.equal(
      rule({ access: "run", path: "/home/u/work" }),
    );
  });

  it("is every command of the tool, once one that nothing keeps in the workspace is fine", async () => {
    const verdict = judge(call([free("/home/u/work")], "bash"), await shippedSetting("default"));
    expect(verdict.reason).to.match(
      /^a command would run in \/home\/u\/work, and nothing keeps it there: .*--isolation off/,
    );
    const { sessionRule } = verdict;
    expect(sessionRule).to.deep.equal({ verdict: "allow", tool: "bash", access: "run", path: "/" });
    const after = settingOf({ session: sessionRule === null ? [] : [sessionRule] });
    for (const path of ["/home/u/work", "/home/u/work/src"]) {
      expect(judge(call([free(path)], "bash"), after).verdict, path).to.equal("allow");
    }
    expect(judge(call([free("/home/u/work")], "other"), after).verdict).to.equal("ask");
    const args = { command: "make" };
    const elsewhere = judge(call([free("/srv")], "bash", args), await shippedSetting("default")).sessionRule;
    expect(elsewhere).to.deep.equal({ verdict: "allow", tool: "bash", access: "run", path: "/", arguments: args });
  });

  it("is not given by a rule for a folder, which such a command can leave", () => {
    const judged = call([free("/srv/x")], "bash");
    const verdictBy = (user: PolicyRule) => judge(judged, settingOf({ user: [user] })).verdict;
    expect(verdictBy({ verdict: "allow", access: "run", path: "/srv/x" })).to.equal("ask");
    expect(verdictBy({ verdict: "allow", access: "run" })).to.equal("allow");
    expect(verdictBy({ verdict: "allow", tool: "bash" })).to.equal("allow");
    expect(verdictBy({ verdict: "deny", access: "run", path: "/srv" })).to.equal("deny");
  });

  it("is the host for the network, and host, kind and target for what is published", async () => {
    expect(await offered([network("H.test:8080")])).to.deep.equal(rule({ access: "network", host: "h.test:8080" }));
    expect(await offered([publish("upload")])).to.deep.equal(
      rule({ access: "publish", host: "huggingface.co", what: "upload", target: "me/model" }),
    );
  });

  it("is nothing for what is always asked, denied, paid for or deleted, and where one rule would not do", async () => {
    for (const touches of [
      [publish("force_push")],
      [write("/home/u/work/.git/config")],
      [spend(1)],
      [remove("branch")],
      [write("/srv/a"), network("h.test")],
      [write("/srv/a"), write("/opt/a")],
      [publish("upload"), publish("visibility_public")],
    ]) {
      expect(await offered(touches), JSON.stringify(touches)).to.equal(null);
    }
    const asked = settingOf({ project: [{ ...ask, access: "write" }] });
    expect(judge(call([write("/srv/a")]), asked).sessionRule).to.equal(null);
  });

  it("lets the same call run, and no other of its kind elsewhere", () => {
    const { sessionRule } = judge(call([write("/srv/x/a")]), settingOf({}));
    const after = settingOf({ session: sessionRule === null ? [] : [sessionRule] });
    expect(judge(call([write("/srv/x/b")]), after)).to.include({ verdict: "allow", rule: "session:1" });
    expect(judge(call([write("/srv/y/b")]), after).verdict).to.equal("ask");
    expect(judge(call([write("/srv/x/b")], "other"), after).verdict).to.equal("ask");
  });
});

describe("the policy after untrusted text", () => {
  const tainted = "the page evil.test/post";
  const rules = {
    shipped: [allow],
    user: [allow, { ...allow, access: "network" as const, host: "known.test" }],
    session: [allow],
  };

  it("lets no rule allow uploads, deletions, spending and new hosts, and names the source", () => {
    for (const access of [publish("upload"), remove("file"), spend(1), network("new.test")]) {
      const verdict = judge(call([access]), settingOf(rules, { tainted }));
      expect(verdict).to.include({ verdict: "ask", rule: "taint", source: tainted });
      expect(verdict.reason).to.contain(tainted);
      expect(judge(call([access]), settingOf(rules)).verdict).to.equal("allow");
    }
  });

  it("needs a person for what would leave the machine, and not for what the budget bounds", () => {
    const always = (access: Access) => judge(call([access]), settingOf(rules, { tainted })).always;
    expect([publish("upload"), remove("file"), network("new.test"), spend(1)].map(always)).to.deep.equal([
      true,
      true,
      true,
      false,
    ]);
  });

  it("leaves the rest as it was: files, commands, hosts that a rule names, what is free", () => {
    for (const access of [read("/a"), write("/a"), run("/"), network("known.test"), spend(0)]) {
      const verdict = judge(call([access]), settingOf(rules, { tainted }));
      expect(verdict, access.kind).to.include({ verdict: "allow", source: null });
    }
  });

  it("lets a person vouch for a new host, and for nothing else", () => {
    const host = judge(call([network("new.test")]), settingOf(rules, { tainted })).sessionRule;
    expect(host).to.deep.include({ access: "network", host: "new.test" });
    expect(judge(call([publish("upload")]), settingOf(rules, { tainted })).sessionRule).to.equal(null);
  });

  describe("and a rule of the user's that names where something may go", () => {
    const to = (target: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
      ...allow,
      access: "publish",
      what: "upload",
      target,
      ...more,
    });
    const judged = (own: Parameters<typeof settingOf>[0], access: Access = publish("upload")) =>
      judge(call([access]), settingOf({ shipped: [allow], ...own }, { tainted }));

    it("still allows it, for the repository itself and for a pattern of its owner's", () => {
      for (const target of ["me/model", "me/*", "me/mo*"]) {
        expect(judged({ user: [to(target)] }), target).to.include({ verdict: "allow", rule: "user:1" });
      }
    });

    it("allows nothing else: not another place, not another deed, not a deletion", () => {
      expect(judged({ user: [to("you/*")] }).verdict).to.equal("ask");
      expect(judged({ user: [to("me/model")] }, publish("merge")).verdict).to.equal("ask");
      expect(judged({ user: [{ ...allow, target: "me/model" }] }, remove("file")).verdict).to.equal("ask");
    });

    it("does not count when it names nobody", () => {
      for (const target of ["*", "**", "m*", "*/model", "me*"]) {
        expect(judged({ user: [to(target)] }), target).to.include({ verdict: "ask", rule: "taint" });
        expect(judge(call([publish("upload")]), settingOf({ user: [to(target)] })).verdict, target).to.equal("allow");
      }
    });

    it("counts from the user alone: not from a preset, a project or an answer in the session", () => {
      for (const source of ["shipped", "project", "session"] as const) {
        expect(judged({ [source]: [to("me/model")] }).verdict, source).to.equal("ask");
      }
    });

    it("does not pass the always list, a denial or the user's own question", () => {
      const user = [{ ...allow, access: "publish" as const, target: "me/*" }];
      const listed = judged({ user, always: [{ ...ask, what: "visibility_public" }] }, publish("visibility_public"));
      expect(listed).to.include({ verdict: "ask", rule: "always:1", always: true });
      expect(judged({ user: [...user, { ...deny, target: "me/model" }] }).verdict).to.equal("deny");
      expect(judged({ user: [...user, { ...ask, what: "upload" }] }).verdict).to.equal("ask");
    });
  });

  it("leaves a denial a denial, and the always list its name", () => {
    expect(judge(call([publish("upload")]), settingOf({ user: [deny] }, { tainted })).verdict).to.equal("deny");
    const listed = judge(
      call([publish("upload")]),
      settingOf({ always: [{ ...ask, what: "upload" }], ...rules }, { tainted }),
    );
    expect(listed).to.include({ rule: "always:1", always: true, source: tainted });
  });
});
