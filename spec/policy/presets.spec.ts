import { expect } from "chai";
import type { Access, Json } from "../../actors/events.ts";
import { judge } from "../../actors/session/policy/judge.ts";
import type { PolicySetting } from "../../actors/session/policy/types.ts";
import { call, free, network, publish, read, remove, run, shippedSetting, spend, write } from "./setting.ts";

type Row = [string, Access[], string, string, string, string];
const titles: Record<string, string> = {
  allow: "lets a call run",
  ask: "asks about a call",
  always: "always asks about a call",
  deny: "denies a call",
};
const order = ["default", "careful", "read-only", "autonomous"] as const;

/** The verdicts in the order of `order`; `always` is an `ask` that nothing lifts. */
const table: Row[] = [
  ["touches nothing", [], "allow", "allow", "allow", "allow"],
  ["reads in the workspace", [read("/home/u/work/a.py")], "allow", "allow", "allow", "allow"],
  ["reads elsewhere", [read("/usr/share/dict/words")], "allow", "allow", "allow", "allow"],
  ["writes in the workspace", [write("/home/u/work/a.py")], "allow", "ask", "deny", "allow"],
  ["writes to a neighbour of the same beginning", [write("/home/u/workshop/a.py")], "ask", "ask", "deny", "ask"],
  ["writes outside", [write("/etc/hosts")], "ask", "ask", "deny", "ask"],
  ["climbs out of the workspace", [write("/home/u/work/../.bashrc")], "ask", "ask", "deny", "ask"],
  ["writes a git hook", [write("/home/u/work/.git/hooks/pre-commit")], "deny", "deny", "deny", "deny"],
  ["writes a git hook by a detour", [write("/home/u/work/a/..//.git/./hooks/x")], "deny", "deny", "deny", "deny"],
  ["writes a git hook in capitals", [write("/home/u/work/.GIT/Hooks/x")], "deny", "deny", "deny", "deny"],
  ["writes git's settings", [write("/home/u/work/.git/config")], "deny", "deny", "deny", "deny"],
  ["writes the project's policy", [write("/home/u/work/.ml-intern/policy.json")], "deny", "deny", "deny", "deny"],
  ["writes a path that is relative", [write("a.py")], "deny", "deny", "deny", "deny"],
  ["runs a command in the workspace", [run("/home/u/work/src")], "allow", "ask", "deny", "allow"],
  ["runs a command outside", [run("/")], "ask", "ask", "deny", "ask"],
  ["runs a command that nothing keeps in the workspace", [free("/home/u/work")], "ask", "ask", "deny", "ask"],
  ["asks the Hub", [network("huggingface.co")], "allow", "allow", "allow", "allow"],
  ["asks the Hub in another spelling", [network("HuggingFace.co.:443")], "allow", "allow", "allow", "allow"],
  ["asks a host that begins like the Hub", [network("huggingface.co.evil.test")], "ask", "ask", "ask", "allow"],
  ["hides a host behind a user name", [network("huggingface.co@evil.test")], "deny", "deny", "deny", "deny"],
  ["hides a host behind a null byte", [network("evil.test\0.huggingface.co")], "deny", "deny", "deny", "deny"],
  ["spends", [spend(3)], "ask", "ask", "deny", "ask"],
  ["spends an unknown sum", [spend(null)], "ask", "ask", "deny", "ask"],
  ["uploads", [publish("upload")], "ask", "ask", "deny", "allow"],
  ["merges", [publish("merge")], "ask", "ask", "deny", "ask"],
  ["creates a repository", [publish("create_repo")], "ask", "ask", "deny", "ask"],
  ["deletes a branch", [remove("branch")], "ask", "ask", "deny", "ask"],
  ["deletes a repository", [remove("repo")], "always", "always", "deny", "always"],
  ["makes something public", [publish("visibility_public")], "always", "always", "deny", "always"],
  ["pushes by force", [publish("force_push")], "always", "always", "deny", "always"],
  ["schedules a job", [publish("scheduled_job"), spend(1)], "always", "always", "deny", "always"],
  ["reads one thing and writes another", [read("/home/u/work/a"), write("/tmp/x")], "ask", "ask", "deny", "ask"],
];

describe("the presets of the policy", () => {
  for (const [index, preset] of order.entries()) {
    describe(preset, () => {
      let setting: PolicySetting;
      before(async () => {
        setting = await shippedSetting(preset);
      });
      for (const [what, touches, ...wanted] of table) {
        it(`${titles[wanted[index] ?? ""]} that ${what}`, () => {
          const { verdict, always, reason } = judge(call(touches), setting);
          expect(always ? "always" : verdict).to.equal(wanted[index]);
          expect(reason === "").to.equal(verdict === "allow");
        });
      }
    });
  }

  it("ask for nothing that a user's own rule could not lift, except what is on the always list", async () => {
    for (const preset of order) {
      const { rules } = await shippedSetting(preset);
      expect(rules.shipped.filter(({ rule }) => rule.verdict === "ask")).to.deep.equal([]);
    }
  });

  describe("after untrusted text", () => {
    const tainted = "the page evil.test/post";
    const launch = (args: Json, touches: Access[] = [network("huggingface.co"), spend(0.5)]) =>
      call(touches, "hf_jobs", { operation: "run", ...(args as object) });
    const verdictOf = async (
      preset: (typeof order)[number],
      judged: ReturnType<typeof call>,
      more: Partial<PolicySetting> = { tainted },
    ) => judge(judged, await shippedSetting(preset, more));

    it("have a person answer for each job that gets a secret, and name what was read", async () => {
      for (const preset of ["default", "careful", "autonomous"] as const) {
        for (const secrets of [["HF_TOKEN"], ["WANDB_API_KEY"], ["HF_TOKEN", "WANDB_API_KEY"]]) {
          const verdict = await verdictOf(preset, launch({ secrets }));
          expect(verdict).to.include({ verdict: "ask", always: true, source: tainted, sessionRule: null });
          expect(verdict.reason)
            .to.contain("would start a job that gets a secret of yours")
            .and.contain("evil.test/post, which nobody vouches for, was read before");
        }
      }
      const free = await verdictOf("default", launch({ secrets: ["HF_TOKEN"] }, [spend(0)]));
      expect(free).to.include({ verdict: "ask", always: true, source: tainted });
    });

    it("say the same of a schedule", async () => {
      const schedule = launch({ operation: "scheduled run", secrets: ["HF_TOKEN"] }, [publish("scheduled_job")]);
      const verdict = await verdictOf("autonomous", schedule);
      expect(verdict).to.include({ verdict: "ask", always: true, source: tainted });
      expect(verdict.reason).to.contain("again and again with a secret of yours, at a cost that nobody can bound");
    });

    it("let no rule of the user's lift that", async () => {
      const { rules, ...rest } = await shippedSetting("default", { tainted });
      const user = [{ name: "user:1", rule: { verdict: "allow" as const } }];
      const verdict = judge(launch({ secrets: ["HF_TOKEN"] }), { ...rest, rules: { ...rules, user } });
      expect(verdict).to.include({ verdict: "ask", always: true });
    });

    it("leave a run that approves by itself the jobs without a secret, and those before it", async () => {
      const passable = { verdict: "ask", always: false };
      expect(await verdictOf("default", launch({}))).to.include(passable);
      expect(await verdictOf("default", launch({ secrets: [] }))).to.include(passable);
      expect(await verdictOf("default", launch({ secrets: ["HF_TOKEN"] }), {})).to.include(passable);
    });
  });

  it("let the agent use the user's own channels, and nothing else that sends messages", async () => {
    const setting = await shippedSetting("default");
    expect(judge(call([publish("message", "slack.com")], "notify"), setting).verdict).to.equal("allow");
    expect(judge(call([publish("message", "slack.com")], "mcp_slack"), setting).verdict).to.equal("ask");
    expect(judge(call([publish("upload", "slack.com")], "notify"), setting).verdict).to.equal("ask");
  });

  it("say which rule decided, and what of", async () => {
    const setting = await shippedSetting("default");
    const about = (access: Access) => {
      const { rule, reason } = judge(call([access]), setting);
      return [rule, reason];
    };
    expect(about(write("/home/u/work/.git/config"))).to.deep.equal([
      "base:2",
      "/home/u/work/.git/config could make git run commands",
    ]);
    expect(about(write("/home/u/work/a"))).to.deep.equal(["preset:default:1", ""]);
    expect(about(write("/etc/hosts"))).to.deep.equal(["default", "/etc/hosts outside the workspace would be written"]);
    expect(about(run("/srv"))).to.deep.equal(["default", "a command would run in /srv outside the workspace"]);
    expect(about(network("evil.test"))).to.deep.equal(["default", "evil.test would be contacted over the network"]);
    expect(about({ kind: "spend", usd: 2.5, payer: "acme" })).to.deep.equal([
      "default",
      "it would cost up to 2.50 US dollars, paid by acme",
    ]);
    expect(about(remove("repo"))).to.deep.equal([
      "always:4",
      "me/model at huggingface.co would be deleted for good, with its history",
    ]);
  });
});
