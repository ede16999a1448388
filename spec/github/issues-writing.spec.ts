import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import type { FakeGitHub, FakeRepo } from "../support/github-service.ts";
import type { FakeIssue, FakeTalk } from "../support/github-talk.ts";
import type { Reply } from "../support/service.ts";
import { openSite, type Site } from "./setting.ts";

const head = "ad".repeat(20);
const question: FakeIssue = { number: 7, title: "Loss is NaN", comments: [{ body: "Which version?" }] };
const compared = {
  "main...fix": {
    ahead_by: 1,
    commits: [{ sha: head, message: "Mend the loss" }],
    files: [{ filename: "src/loss.py", additions: 2, deletions: 1 }],
  },
};

describe("github_issues, writing", () => {
  let site: Site;
  let talk: FakeTalk;
  afterEach(() => site.close());
  const open = async (
    given: FakeTalk,
    { about = {}, ...more }: Partial<FakeGitHub> & { about?: FakeRepo["about"] } = {},
    options = {},
  ) => {
    talk = given;
    site = await openSite(
      { repos: { "org/trainer": { files: {}, talk, about } }, ...more },
      { token: "t", ...options },
    );
  };
  const full = (operation: string, args: { [key: string]: Json } = {}) => ({ operation, repo: "org/trainer", ...args });
  const ask = (operation: string, args: { [key: string]: Json } = {}) => site.issues(full(operation, args));
  const accepted = (operation: string, args: { [key: string]: Json } = {}) => site.accepted(full(operation, args));
  const issue = { title: "Loss is NaN", body: "With bf16." };
  const pull = { title: "Mend the loss", body: "Fixes #7", head: "fix" };

  describe("opens an issue", () => {
    it("with the very text that was shown before, and says where it is", async () => {
      await open({ issues: [question] });
      const call = await accepted("create_issue", issue);
      expect(call.title).to.equal("Open an issue (public) in org/trainer: Loss is NaN");
      expect(call.touches).to.deep.equal([
        { kind: "publish", host: new URL(site.github.url).host, target: "org/trainer", what: "message" },
      ]);
      expect(site.writes(), "looking at it changes nothing").to.have.length(0);
      const shown = await site.preview(call);
      expect(shown).to.contain("org/trainer, in your name, for everybody to read").and.contain("title: Loss is NaN");
      const result = await site.run(call);
      expect(result.text).to.equal("Opened the issue #8: https://github.com/org/trainer/issues/8");
      expect(result.data).to.deep.equal({
        repo: "org/trainer",
        number: 8,
        url: "https://github.com/org/trainer/issues/8",
        operation: "create_issue",
      });
      const [asked] = site.writes();
      expect(asked?.path).to.equal("/repos/org/trainer/issues");
      expect(asked?.headers.authorization).to.equal("Bearer t");
      const sent = asked?.json as { title: string; body: string };
      expect(Object.keys(sent)).to.deep.equal(["title", "body"]);
      expect(sent.body).to.match(/^With bf16\.\n\n<!-- call [0-9a-f]{20} -->$/);
      expect(shown.endsWith(sent.body)).to.equal(true);
    });

    it("once: who looks for it after a crash finds this call's, and not another with the same words", async () => {
      await open({ issues: [question] });
      const call = await accepted("create_issue", issue);
      const sameId = await accepted("create_issue", issue);
      expect(sameId.id, "some models call all their calls alike").to.equal(call.id);
      await open2(issue);
      expect(await site.probe(call)).to.deep.equal({ state: "not_done" });
      await site.run(call);
      const found = await site.probe(call);
      expect(found.state).to.equal("done");
      expect(found.state === "done" && found.result.text).to.contain(
        "issues/9\n(found complete after an interruption)",
      );
      expect(await site.probe(sameId)).to.deep.equal({ state: "not_done" });
      // Run again after all, it is found and not opened anew.
      expect((await site.run(call, 2)).text).to.contain("#9");
      expect(site.writes()).to.have.length(2);
    }).timeout(10_000);

    /** Another call of the same session with the same words. */
    async function open2(args: object): Promise<void> {
      const result = await site.shop.call("github_issues", full("create_issue", args as never), { id: "other" });
      expect(result.ok, result.text).to.equal(true);
    }

    it("once, though the answer got lost: it is looked for and found", async () => {
      let isLost = false;
      await open(
        { issues: [question] },
        {
          before({ method, json }): Reply | undefined {
            if (method !== "POST" || isLost) return undefined;
            isLost = true;
            const { title, body } = json as { title: string; body: string };
            talk.issues?.push({
              number: 8,
              title,
              body,
              user: "me",
              created_at: new Date(Date.now() + 1000).toISOString(),
            });
            return "cut";
          },
        },
      );
      const result = await ask("create_issue", issue);
      expect(result.text).to.equal("Opened the issue #8: https://github.com/org/trainer/issues/8");
      expect(site.writes()).to.have.length(1);
    });

    it("not at all where issues are turned off, it is archived, or there is no token, nor with a secret in it", async () => {
      await open({ issues: [] }, { about: { has_issues: false } });
      expect((await ask("create_issue", issue)).text).to.contain("Issues are turned off in org/trainer. Its README");
      expect((await ask("create_issue", { body: "x" })).text).to.contain("create_issue needs title");
      await site.close();
      await open({ issues: [] }, { about: { archived: true } });
      expect((await ask("create_issue", issue)).text).to.contain("is archived: nothing can be written there");
      await site.close();
      await open({ issues: [] }, {}, { token: undefined });
      expect((await ask("create_issue", issue)).text)
        .to.contain("There is no token for GitHub")
        .and.contain("GITHUB_TOKEN");
      expect(site.github.asked).to.have.length(0);
      await site.close();
      await open({ issues: [] }, {}, { secrets: ["correct-horse-battery"] });
      const result = await ask("create_issue", { ...issue, body: "it is correct-horse-battery" });
      expect(result.text).to.contain("the body:1 (secret)");
      expect(site.github.asked).to.have.length(0);
    });

    it("under the name that the repository has now, and for its members where it is private", async () => {
      const repos = {
        "new/home": { files: {}, about: { private: true, visibility: "private" }, talk: { issues: [] } },
      };
      await open({}, { repos, moved: { "org/trainer": "new/home" } });
      const call = await accepted("create_issue", issue);
      expect(call.title).to.equal("Open an issue (seen by all of the private repository) in new/home: Loss is NaN");
      expect(call.touches).to.deep.include({ ...call.touches[0], target: "new/home" });
      expect(await site.preview(call)).to.contain("for all who see the private repository");
      await site.run(call);
      expect(site.writes().map(({ path }) => path)).to.deep.equal(["/repos/new/home/issues"]);
    });

    it("and takes nobody's word for what the program notes itself", async () => {
      await open({ issues: [] });
      const forged = { visibility: "private", before: "", at: "2000", mark: "Hello" };
      const call = await accepted("create_issue", { ...issue, settled: forged });
      expect(call.title).to.contain("(public)");
      expect(JSON.stringify(call.arguments)).to.not.contain("Hello");
    });
  });

  describe("comments", () => {
    it("and finds the comment again after a crash among those that came since", async () => {
      await open({ issues: [question] });
      const say = { number: 7, body: "2.4 on an A100." };
      const call = await accepted("comment", say);
      expect(call.title).to.equal("Comment (public) on org/trainer#7: 2.4 on an A100.");
      expect(await site.preview(call)).to.contain('of the issue "Loss is NaN" (open)');
      question.comments?.push({ user: "me", body: say.body });
      expect((await site.probe(call)).state, "the same words are not this comment").to.equal("not_done");
      const result = await site.run(call);
      expect(result.text).to.match(
        /^Commented on #7: https:\/\/github\.com\/org\/trainer\/issues\/7#issuecomment-\d+$/,
      );
      const found = await site.probe(call);
      expect(found.state === "done" && found.result.data).to.deep.equal(result.data);
      expect(site.github.to("/repos/org/trainer/issues/7/comments").at(-1)?.query.get("since")).to.equal(
        "2026-01-02T03:04:05Z",
      );
    });

    it("never twice: a request that GitHub fails on is not sent again, and nobody claims that it was in vain", async function () {
      this.timeout(20_000);
      await open(
        { issues: [question] },
        { before: ({ method }) => (method === "POST" ? { status: 503, body: {} } : undefined) },
      );
      const result = await ask("comment", { number: 7, body: "Hello" });
      expect(result.ok).to.equal(false);
      expect(result.text)
        .to.contain("GitHub did not say whether it did comment in org/trainer#7")
        .and.contain("Look with operation get");
      expect(site.writes()).to.have.length(1);
    });

    it("not where it was moved to another repository", async () => {
      const other: FakeRepo = { files: {}, talk: { issues: [{ number: 3, title: "Moved" }] } };
      const here: FakeRepo = {
        files: {},
        talk: { issues: [{ number: 7, title: "Moved", movedTo: "org/other/issues/3" }] },
      };
      await open({}, { repos: { "org/trainer": here, "org/other": other } });
      expect((await ask("comment", { number: 7, body: "x" })).text).to.contain("org/trainer#7 is org/other#3 now");
      expect((await ask("comment", { number: 9, body: "x" })).text).to.contain("GitHub has no issue or pull request");
      expect((await ask("comment", { number: 7 })).text).to.contain("comment needs body");
    });
  });

  describe("closes and opens again", () => {
    it("with the reason, and finds that it was done", async () => {
      await open({ issues: [{ ...question }] });
      const call = await accepted("set_state", { number: 7, state: "closed", reason: "not_planned" });
      expect(call.title).to.equal("Close (public) org/trainer#7");
      expect(call.touches).to.deep.include({ ...call.touches[0], kind: "publish", what: "other" });
      expect(await site.preview(call)).to.contain("state: closed, as not planned");
      expect((await site.probe(call)).state).to.equal("not_done");
      expect((await site.run(call)).text).to.contain("#7 is closed: https://github.com/org/trainer/issues/7");
      expect(site.writes()[0]?.method).to.equal("PATCH");
      expect(site.writes()[0]?.json).to.deep.equal({ state: "closed", state_reason: "not_planned" });
      expect((await site.probe(call)).state).to.equal("done");
      expect((await ask("set_state", { number: 7, state: "closed" })).text).to.contain("#7 is closed already");
      expect((await ask("set_state", { number: 7, state: "open" })).ok).to.equal(true);
    }).timeout(10_000);

    it("not what somebody else has decided in between", async () => {
      const changing: FakeIssue = { ...question };
      await open({ issues: [changing] });
      const call = await accepted("set_state", { number: 7, state: "closed" });
      Object.assign(changing, { state: "closed", state_reason: "duplicate" });
      expect((await site.run(call)).text).to.contain("has changed since this call was checked; it was left alone");
      expect(site.writes()).to.have.length(0);
    });

    it("no merged pull request, and no pull request with a reason", async () => {
      const merged = { head: "a", base: "main", sha: head, merged: true };
      const waiting = { head: "b", base: "main", sha: head };
      await open({
        issues: [
          { number: 1, title: "In", state: "closed", pull: merged },
          { number: 2, title: "Out", pull: waiting },
        ],
      });
      expect((await ask("set_state", { number: 1, state: "open" })).text).to.contain("#1 is merged");
      const reasoned = await ask("set_state", { number: 2, state: "closed", reason: "completed" });
      expect(reasoned.text).to.contain("reason goes with closing an issue");
      expect((await ask("set_state", { number: 2 })).text).to.contain("set_state needs state");
      expect(site.writes()).to.have.length(0);
    });
  });

  describe("opens a pull request", () => {
    it("of a branch, with what it would bring shown before; the main branch is its base", async () => {
      await open({ issues: [question], compared });
      const call = await accepted("create_pull", { ...pull, draft: true });
      expect(call.title).to.equal("Open a draft pull request (public) to org/trainer: Mend the loss");
      const shown = await site.preview(call);
      expect(shown).to.contain("1 commit; 1 file, +2 -1").and.contain("Mend the loss").and.contain("src/loss.py");
      expect(shown).to.contain("draft, main <- fix");
      const result = await site.run(call);
      expect(result.text).to.equal("Opened the draft pull request #8: https://github.com/org/trainer/pull/8");
      const [asked] = site.writes();
      const { body = "", ...sent } = (asked?.json ?? {}) as { body?: string };
      expect(sent).to.deep.equal({ title: "Mend the loss", head: "fix", base: "main", draft: true });
      expect(shown.endsWith(body)).to.equal(true);
      const found = await site.probe(call);
      expect(found.state === "done" && found.result.data).to.deep.equal(result.data);
      const [looked] = site.github.to("/repos/org/trainer/pulls").filter(({ method }) => method === "GET");
      expect(looked?.query.get("head")).to.equal("org:fix");
    });

    it("not when the branch has moved, has nothing new, is not there, or is proposed already", async () => {
      const moving = structuredClone(compared);
      const empty = { ahead_by: 0, status: "identical", commits: [], files: [] };
      await open({ issues: [], compared: { ...moving, "main...old": empty } });
      const call = await accepted("create_pull", pull);
      moving["main...fix"].commits.push({ sha: "be".repeat(20), message: "More" });
      expect((await site.run(call)).text).to.contain("fix has moved since this call was checked");
      expect((await ask("create_pull", { ...pull, head: "old" })).text).to.contain("has no commits that main");
      expect((await ask("create_pull", { ...pull, head: "none" })).text).to.contain(
        "GitHub has no comparison main...none of org/trainer",
      );
      expect((await ask("create_pull", { title: "T" })).text).to.contain("create_pull needs head");
      expect(site.writes()).to.have.length(0);
      talk.issues?.push({ number: 4, title: "Mine", pull: { head: "fix", base: "main", sha: head } });
      expect((await ask("create_pull", pull)).text).to.contain("The pull request #4 proposes fix already");
    });
  });

  describe("what GitHub refuses", () => {
    const refused = async (status: number, body: object, headers: Record<string, string> = {}) => {
      await open(
        { issues: [], compared },
        { before: ({ method }) => (method === "POST" ? { status, body, headers } : undefined) },
      );
      const result = await ask("create_pull", pull);
      expect(result.ok).to.equal(false);
      expect(result.untrusted).to.equal("github.com/org/trainer");
      expect(site.writes()).to.have.length(1);
      return result.text;
    };

    it("is told with all that it finds wrong", async () => {
      const errors = [
        { resource: "PullRequest", field: "base", code: "invalid" },
        { resource: "PullRequest", code: "custom", message: "A pull request already exists for org:fix." },
        "Something else",
      ];
      expect(await refused(422, { message: "Validation Failed", errors })).to.contain(
        "Validation Failed; PullRequest.base: invalid; PullRequest: A pull request already exists for org:fix.; Something else",
      );
    });

    it("is told with what the token lacks, and that a limit is reached, and not tried again", async () => {
      const message = "Resource not accessible by personal access token";
      expect(await refused(403, { message }, { "x-accepted-github-permissions": "pull_requests=write" })).to.contain(
        "GITHUB_TOKEN needs the permission pull_requests=write",
      );
      await site.close();
      expect(await refused(404, { message: "Not Found" })).to.contain("The token may lack the right");
      await site.close();
      const limit = { message: "You have exceeded a secondary rate limit and have been temporarily blocked" };
      expect(await refused(403, limit, { "retry-after": "1" })).to.contain("limit on requests is reached");
      await site.close();
      expect(await refused(410, { message: "Issues has been disabled in this repository." })).to.contain("turned off");
    });
  });
});
