import { expect } from "chai";
import type { Access } from "../../actors/events.ts";
import type { PolicyRule } from "../../actors/policy.ts";
import { judge } from "../../actors/session/policy/judge.ts";
import type { PolicySetting, Verdict } from "../../actors/session/policy/types.ts";
import { seeded } from "../support/journal.ts";
import { call, network, publish, read, remove, run, settingOf, shippedSetting, spend, write } from "./setting.ts";

const paths = ["/", "/home/u", "/home/u/work", "/home/u/work/a", "/home/u/work/../x", "/etc", "{workspace}", "~", "a"];
const hosts = ["huggingface.co", "a.test", "*.test", "b.a.test", "*", "bad host"];
const kinds = ["read", "write", "run", "network", "spend", "publish", "delete"] as const;
const whats = ["upload", "merge", "repo", "scheduled_job", "force_push", "visibility_public", "*"];
const listed = [publish("scheduled_job"), publish("visibility_public"), publish("force_push"), remove("repo")];

function world(seed: number) {
  const next = seeded(seed);
  const pick = <T>(from: readonly [T, ...T[]] | readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  const maybe = <K extends string, T>(key: K, value: () => T) => (next() < 0.25 ? { [key]: value() } : {});
  const rule = (): PolicyRule => ({
    verdict: pick(["allow", "allow", "ask", "deny"]),
    ...maybe("tool", () => pick(["bash", "*", "b*h", "write"])),
    ...maybe("arguments", () => ({ command: pick(["*", "git*", "rm"]) })),
    ...maybe("access", () => pick(kinds)),
    ...maybe("path", () => pick(paths)),
    ...maybe("host", () => pick(hosts)),
    ...maybe("what", () => pick(whats)),
    ...maybe("target", () => pick(["me/model", "me/*", "*", "you/x"])),
    ...maybe("over_usd", () => next() * 10),
    ...maybe("mode", () => pick(["interactive", "headless"])),
  });
  const rules = () => Array.from({ length: Math.floor(next() * 4) }, rule);
  const access = (): Access =>
    pick<Access>([
      read(pick(paths)),
      write(pick(paths)),
      run(pick(paths)),
      network(pick(hosts)),
      spend(pick([null, 0, 3, 100])),
      publish(pick(["upload", "merge", "message", "force_push"]), pick(hosts)),
      remove(pick(["file", "repo"])),
    ]);
  return {
    rule,
    setting: () =>
      settingOf(
        { shipped: rules(), user: rules(), project: rules(), session: rules() },
        { mode: pick(["interactive", "headless"]), tainted: pick([null, null, "a page"]) },
      ),
    call: () =>
      call(
        Array.from({ length: Math.floor(next() * 3) }, access),
        pick(["bash", "write", "b*"]),
        pick([{}, { command: "git push" }, { command: 3 }, "{bad", null]),
      ),
  };
}

const rank = ({ verdict, always }: Verdict) => (verdict === "deny" ? 3 : verdict === "allow" ? 0 : always ? 2 : 1);
const rounds = 3_000;

describe("the policy, with rules at random", () => {
  it("is never weaker for a rule more in a project's file", () => {
    const { rule, setting, call: anyCall } = world(1);
    for (let round = 0; round < rounds; round++) {
      const before = setting();
      const rules = { ...before.rules, project: [...before.rules.project, { name: "project:9", rule: rule() }] };
      const judged = anyCall();
      const [was, is] = [judge(judged, before), judge(judged, { ...before, rules })];
      expect(rank(is), JSON.stringify({ judged, rules, was, is })).to.be.at.least(rank(was));
    }
  });

  it("never passes what is on the always list, in any mode, with any rule", async () => {
    const { always } = (await shippedSetting("autonomous")).rules;
    const { setting, call: anyCall } = world(2);
    for (let round = 0; round < rounds; round++) {
      const { rules, ...rest } = setting();
      const other = anyCall();
      const touches = [...other.touches, listed[round % listed.length] ?? remove("repo")];
      const verdict = judge({ ...other, touches }, { ...rest, rules: { ...rules, always } });
      if (verdict.verdict !== "deny") expect(verdict).to.include({ verdict: "ask", always: true, sessionRule: null });
    }
  });

  it("is never weaker once untrusted text was read", () => {
    const { setting, call: anyCall } = world(3);
    for (let round = 0; round < rounds; round++) {
      const before: PolicySetting = { ...setting(), tainted: null };
      const judged = anyCall();
      expect(rank(judge(judged, { ...before, tainted: "a page" }))).to.be.at.least(rank(judge(judged, before)));
    }
  });

  it("offers for the session only what lets the call run", () => {
    const { setting, call: anyCall } = world(4);
    let offers = 0;
    for (let round = 0; round < rounds; round++) {
      const before = setting();
      const judged = anyCall();
      const { verdict, sessionRule } = judge(judged, before);
      if (sessionRule === null) continue;
      offers += 1;
      expect(verdict).to.equal("ask");
      const rules = { ...before.rules, session: [...before.rules.session, sessionRule] };
      expect(judge(judged, { ...before, rules }).verdict).to.equal("allow");
    }
    expect(offers).to.be.greaterThan(50);
  });
});
