import { expect } from "chai";
import type { Access, Json } from "../../actors/events.ts";
import type { RunRequest } from "../../actors/tools/protocol.ts";
import { commentOf, discussionOf } from "../support/hub/state.ts";
import { type HubShop, openHubShop } from "./setting.ts";

const caller = { signal: new AbortController().signal, progress: () => undefined };

describe("hf_repo_git", () => {
  let at: HubShop;
  afterEach(() => at.close());

  const request = async (args: Json, id = "c1"): Promise<RunRequest> => {
    const call = await at.prepared("hf_repo_git", args);
    return { id, tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
  };

  describe("branches, tags and commits", () => {
    it("creates and deletes branches and tags at the commit that was looked at", async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "me/m");
      const head = repo.branches.get("main");
      expect((await at.git({ operation: "create_branch", repo_id: "me/m", branch: "dev/x" })).text).to.contain(
        head?.oid,
      );
      expect(repo.branches.get("dev/x")).to.equal(head);
      await at.git({ operation: "create_tag", repo_id: "me/m", tag: "v1", description: "first" });
      expect(repo.tags.get("v1")).to.deep.equal({ commit: head, message: "first" });
      const refs = await at.git({ operation: "list_refs", repo_id: "me/m" });
      expect(refs.text).to.contain("dev/x").and.contain("v1");
      expect(refs.untrusted).to.contain("me/m");
      await at.git({ operation: "delete_tag", repo_id: "me/m", tag: "v1" });
      await at.git({ operation: "delete_branch", repo_id: "me/m", branch: "dev/x" });
      expect([repo.tags.size, [...repo.branches.keys()]]).to.deep.equal([0, ["main"]]);
    });

    it("refuses a branch that is there unless that is fine, and one to delete that is not", async () => {
      at = await openHubShop();
      at.hub.add("model", "me/m");
      const again = { operation: "create_branch", repo_id: "me/m", branch: "main" };
      expect((await at.git(again)).text).to.contain("has a branch main already");
      expect((await at.git({ ...again, exist_ok: true })).ok).to.equal(true);
      expect((await at.git({ operation: "delete_branch", repo_id: "me/m", branch: "none" })).text).to.contain(
        "no branch none",
      );
      expect((await at.git({ operation: "create_tag", repo_id: "me/m" })).text).to.contain("create_tag needs tag");
      expect(at.hub.writes()).to.have.length(0);
    });

    it("leaves a branch alone that has moved since it was to be deleted", async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "me/m");
      await at.git({ operation: "create_branch", repo_id: "me/m", branch: "old" });
      const call = await request({ operation: "delete_branch", repo_id: "me/m", branch: "old" });
      await at.files({ operation: "upload", repo_id: "me/m", revision: "old", path: "a", content: "new work" });
      const result = await at.shop.executor.run(call, caller);
      expect(result.text).to.contain("has moved");
      expect(repo.branches.has("old")).to.equal(true);
    });

    it("lists commits in pages", async () => {
      at = await openHubShop();
      at.hub.add("model", "me/m");
      for (let index = 0; index < 32; index += 1) {
        const call = {
          operation: "upload",
          repo_id: "me/m",
          path: "a",
          content: `${index}`,
          commit_message: `step ${index}`,
        };
        await at.files(call);
      }
      const first = await at.git({ operation: "list_commits", repo_id: "me/m" });
      expect(first.text)
        .to.contain("step 31")
        .and.contain("step 2")
        .and.contain("offset=31")
        .and.not.contain("step 1\n");
      const rest = await at.git({ operation: "list_commits", repo_id: "me/m", offset: 32 });
      expect(rest.text).to.contain("step 0").and.contain("initial commit").and.not.contain("step 1\n");
    });
  });

  describe("pull requests and discussions", () => {
    it("opens a draft, takes uploads for it, opens it and merges it", async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "me/m");
      const opened = await at.git({
        operation: "create_pr",
        repo_id: "me/m",
        title: "Better card",
        description: "why",
      });
      expect(opened.text).to.contain("/me/m/discussions/1").and.contain("refs/pr/1");
      const upload = {
        operation: "upload",
        repo_id: "me/m",
        revision: "refs/pr/1",
        path: "card.txt",
        content: "better",
      };
      expect((await at.files(upload)).ok).to.equal(true);
      const draft = await at.git({ operation: "merge_pr", repo_id: "me/m", pr_num: 1 });
      expect(draft.text).to.contain("it is a draft");
      expect(
        (await at.git({ operation: "change_pr_status", repo_id: "me/m", pr_num: 1, new_status: "open" })).ok,
      ).to.equal(true);
      const merged = await at.git({ operation: "merge_pr", repo_id: "me/m", pr_num: 1, comment: "fine" });
      expect(merged.ok, merged.text).to.equal(true);
      expect(repo.branches.get("main")?.files.has("card.txt")).to.equal(true);
    });

    it("reads a pull request with its comments and its diff", async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "org/m");
      const found = discussionOf(repo, { title: "T", description: "please", author: "ann", isPullRequest: true });
      found.events.push(commentOf("bob", "I disagree"));
      const upload = { operation: "upload", repo_id: "org/m", path: "n.txt", content: "new line", create_pr: true };
      await at.files(upload);
      const read = await at.git({ operation: "get_pr", repo_id: "org/m", pr_num: 1 });
      expect(read.text).to.contain("(draft)").and.contain("ann").and.contain("bob").and.contain("I disagree");
      expect(read.untrusted).to.contain("discussions of org/m");
      const other = await at.git({ operation: "get_pr", repo_id: "org/m", pr_num: "2" });
      expect(other.text).to.contain("+new line");
    });

    it("lists all pages of pull requests, and discussions apart from them", async () => {
      at = await openHubShop({ pageSize: 20 });
      const repo = at.hub.add("model", "org/m");
      for (let index = 1; index <= 65; index += 1) {
        discussionOf(repo, { title: `P${index}`, description: "", author: "a", isPullRequest: index % 13 !== 0 });
      }
      const first = await at.git({ operation: "list_prs", repo_id: "org/m" });
      expect(first.text).to.contain("60 open pull requests").and.contain("10 more; go on with offset=51");
      const rest = await at.git({ operation: "list_prs", repo_id: "org/m", offset: 51 });
      expect(rest.text).to.match(/ P1\n/).and.not.contain("more");
      const talk = await at.git({ operation: "list_discussions", repo_id: "org/m", status: "all" });
      expect(talk.text).to.contain("5 discussions").and.contain("P65").and.not.contain("P64");
    });

    it("comments, closes and opens again, and shows before what it would say", async () => {
      at = await openHubShop();
      const repo = at.hub.add("dataset", "org/d");
      discussionOf(repo, { title: "Q", description: "?", author: "ann", isPullRequest: false });
      const say = { operation: "comment_pr", repo_id: "org/d", repo_type: "dataset", pr_num: 1, comment: "Answer" };
      expect(await at.shop.executor.preview(await request(say), caller)).to.deep.equal({
        kind: "text",
        text: "Answer",
      });
      await at.git(say);
      await at.git({ ...say, operation: "close_pr", comment: "Done" });
      expect(repo.discussions[0]?.status).to.equal("closed");
      expect((await at.git({ ...say, operation: "close_pr" })).text).to.contain("is closed already");
      await at.git({ operation: "change_pr_status", repo_id: "datasets/org/d", pr_num: 1, new_status: "open" });
      const said = repo.discussions[0]?.events
        .filter(({ type }) => type === "comment")
        .map(({ data }) => (data.latest as { raw: string }).raw);
      expect(said).to.deep.equal(["?", "Answer", "Done"]);
      expect(repo.discussions[0]?.status).to.equal("open");
    });

    it("merges nothing that has changed since it was shown, and says why something cannot be merged", async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "me/m");
      await at.files({ operation: "upload", repo_id: "me/m", path: "a", content: "good", create_pr: true });
      const call = await request({ operation: "merge_pr", repo_id: "me/m", pr_num: 1 });
      const preview = await at.shop.executor.preview(call, caller);
      expect(preview?.kind).to.equal("diff");
      expect(preview?.text).to.contain("+good");
      await at.files({ operation: "upload", repo_id: "me/m", revision: "refs/pr/1", path: "a", content: "evil" });
      const result = await at.shop.executor.run(call, caller);
      expect(result.text).to.contain("has changed since this call was checked");
      expect(repo.branches.get("main")?.files.has("a")).to.equal(false);
      const [pull] = repo.discussions;
      if (pull === undefined) throw new Error("no pull request");
      pull.conflicts = true;
      expect((await at.git({ operation: "merge_pr", repo_id: "me/m", pr_num: 1 })).text).to.contain(
        "README.md has conflicts",
      );
    });

    it("says nothing that holds a secret", async () => {
      at = await openHubShop({ secrets: ["correct-horse-battery"] });
      discussionOf(at.hub.add("model", "org/m"), { title: "Q", description: "?", author: "a", isPullRequest: false });
      const args = { operation: "comment_pr", repo_id: "org/m", pr_num: 1, comment: "it is correct-horse-battery" };
      const result = await at.git(args);
      expect(result.ok).to.equal(false);
      expect(result.text).to.contain("the comment:1 (secret)");
      expect(at.hub.writes()).to.have.length(0);
    });
  });

  describe("repositories", () => {
    it("creates a private repository unless it is to be public, of the owner where none is named", async () => {
      at = await openHubShop();
      const made = await at.git({ operation: "create_repo", repo_id: "fresh", private: null });
      expect(made.text).to.contain("me/fresh (private)");
      expect(at.hub.to("/api/repos/create")[0]?.json).to.deep.equal({
        name: "fresh",
        organization: "me",
        type: "model",
        visibility: "private",
      });
      await at.git({ operation: "create_repo", repo_id: "me/open", repo_type: "dataset", private: false });
      expect(at.hub.repos.get("dataset me/open")?.private).to.equal(false);
    });

    it("needs the sdk of a Space, and refuses what exists unless that is fine", async () => {
      at = await openHubShop();
      expect((await at.git({ operation: "create_repo", repo_id: "me/s", repo_type: "space" })).text).to.contain(
        "needs space_sdk",
      );
      await at.git({ operation: "create_repo", repo_id: "me/s", repo_type: "space", space_sdk: "docker" });
      expect(at.hub.repos.get("space me/s")?.sdk).to.equal("docker");
      const again = { operation: "create_repo", repo_id: "spaces/me/s", space_sdk: "docker" };
      expect((await at.git(again)).text).to.contain("exists already");
      expect((await at.git({ ...again, exist_ok: true })).ok).to.equal(true);
      expect(at.hub.to("/api/repos/create")).to.have.length(1);
    });

    it("asks again while the Hub works on another operation of the same name", async () => {
      const busy = { status: 409, body: { error: "Cannot create repo: another conflicting operation is in progress" } };
      at = await openHubShop({
        before: ({ path }, index) => (path === "/api/repos/create" && index === 0 ? busy : undefined),
      });
      expect((await at.git({ operation: "create_repo", repo_id: "me/m" })).ok).to.equal(true);
      expect(at.hub.to("/api/repos/create")).to.have.length(2);
    });

    it('gates and opens access, with "false" as models write it', async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "me/m");
      await at.git({ operation: "update_repo", repo_id: "me/m", gated: "manual" });
      expect(repo.gated).to.equal("manual");
      await at.git({ operation: "update_repo", repo_id: "me/m", gated: false, private: "true" });
      expect([repo.gated, repo.private]).to.deep.equal([false, true]);
      expect(at.hub.to("/api/models/me/m/settings").at(-1)?.json).to.deep.equal({
        visibility: "private",
        gated: false,
      });
      expect((await at.git({ operation: "update_repo", repo_id: "me/m" })).text).to.contain("needs private or gated");
    });

    it("moves, copies and deletes, each with what it was checked against", async () => {
      at = await openHubShop();
      at.hub.add("dataset", "me/d", { "a.csv": "1" });
      const copy = { operation: "duplicate_repo", repo_id: "me/d", repo_type: "dataset", to_repo: "me/copy" };
      await at.git(copy);
      expect(at.hub.repos.get("dataset me/copy")?.private).to.equal(true);
      expect((await at.git(copy)).text).to.contain("exists already");
      await at.git({ ...copy, operation: "move_repo", to_repo: "me/moved" });
      expect(at.hub.repos.has("dataset me/d")).to.equal(false);
      const call = await request({ operation: "delete_repo", repo_id: "me/moved", repo_type: "dataset" });
      expect((await at.shop.executor.preview(call, caller))?.text).to.contain("delete for good  the dataset me/moved");
      const result = await at.shop.executor.run(call, caller);
      expect(result.text).to.equal("Deleted the dataset me/moved.");
      expect([...at.hub.repos.keys()]).to.deep.equal(["dataset me/copy"]);
    });

    it("deletes nothing that has changed since it was shown", async () => {
      at = await openHubShop();
      at.hub.add("model", "me/m");
      const call = await request({ operation: "delete_repo", repo_id: "me/m" });
      await at.files({ operation: "upload", repo_id: "me/m", path: "a", content: "x" });
      expect((await at.shop.executor.run(call, caller)).text).to.contain("has changed since this call was checked");
      expect(at.hub.repos.size).to.equal(1);
    });
  });

  it("declares what others can see, so that the policy asks", async () => {
    at = await openHubShop();
    const repo = at.hub.add("model", "me/m", {}, { private: true });
    discussionOf(repo, {
      title: "Q",
      description: "?",
      author: "a",
      isPullRequest: true,
      head: repo.branches.get("main") ?? null,
    });
    repo.branches.set("old", repo.branches.get("main") as never);
    const touches = async (args: { [key: string]: Json }) =>
      (await at.prepared("hf_repo_git", { repo_id: "me/m", ...args })).touches.map((access: Access) =>
        access.kind === "publish" || access.kind === "delete"
          ? `${access.kind} ${access.what} ${access.target}`
          : access.kind,
      );
    for (const [args, expected] of [
      [{ operation: "list_refs" }, ["network"]],
      [{ operation: "get_pr", pr_num: 1 }, ["network"]],
      [{ operation: "create_branch", branch: "b" }, ["publish other me/m"]],
      [{ operation: "delete_branch", branch: "old" }, ["delete branch me/m"]],
      [{ operation: "create_pr", title: "T" }, ["publish message me/m"]],
      [{ operation: "create_discussion", title: "T" }, ["publish message me/m"]],
      [{ operation: "comment_pr", pr_num: 1, comment: "c" }, ["publish message me/m"]],
      [{ operation: "close_pr", pr_num: 1, comment: "c" }, ["publish other me/m", "publish message me/m"]],
      [{ operation: "merge_pr", pr_num: 1 }, ["publish merge me/m"]],
      [{ operation: "create_repo", repo_id: "me/n" }, ["publish create_repo me/n"]],
      [
        { operation: "create_repo", repo_id: "me/n", private: false },
        ["publish create_repo me/n", "publish visibility_public me/n"],
      ],
      [{ operation: "update_repo", private: false }, ["publish visibility_public me/m"]],
      [{ operation: "move_repo", to_repo: "me/n" }, ["publish other me/m", "publish other me/n"]],
      [{ operation: "duplicate_repo", to_repo: "me/n" }, ["publish create_repo me/n"]],
      [{ operation: "delete_repo" }, ["delete repo me/m"]],
    ] as const) {
      expect(await touches(args as never), JSON.stringify(args)).to.deep.equal(expected);
    }
    expect(at.hub.writes()).to.have.length(0);
  });

  it("finds after a crash whether it happened, for each operation that changes something", async () => {
    at = await openHubShop();
    const repo = at.hub.add("model", "me/m");
    at.hub.add("model", "me/going");
    at.hub.add("model", "me/moving");
    discussionOf(repo, { title: "Q", description: "same words", author: "me", isPullRequest: false });
    await at.files({ operation: "upload", repo_id: "me/m", path: "a", content: "x", create_pr: true });
    await at.git({ operation: "create_branch", repo_id: "me/m", branch: "going" });
    await at.git({ operation: "create_tag", repo_id: "me/m", tag: "going" });
    for (const args of [
      { operation: "create_branch", branch: "b" },
      { operation: "delete_branch", branch: "going" },
      { operation: "create_tag", tag: "t" },
      { operation: "delete_tag", tag: "going" },
      { operation: "create_pr", title: "Q" },
      { operation: "create_discussion", title: "Q" },
      { operation: "comment_pr", pr_num: 1, comment: "same words" },
      { operation: "close_pr", pr_num: 1 },
      { operation: "merge_pr", pr_num: 2 },
      { operation: "create_repo", repo_id: "me/n" },
      { operation: "update_repo", gated: "auto" },
      { operation: "move_repo", repo_id: "me/moving", to_repo: "me/there" },
      { operation: "duplicate_repo", to_repo: "me/copy" },
      { operation: "delete_repo", repo_id: "me/going" },
    ]) {
      const call = await request({ repo_id: "me/m", ...args });
      expect((await at.shop.executor.probe(call, caller)).state, `before ${args.operation}`).to.equal("not_done");
      const result = await at.shop.executor.run(call, caller);
      expect(result.ok, result.text).to.equal(true);
      const found = await at.shop.executor.probe(call, caller);
      expect(found.state, `after ${args.operation}`).to.equal("done");
      if (found.state === "done") expect(found.result.data).to.deep.equal(result.data);
    }
  });

  for (const [what, status, words] of [
    ["payment", 402, "wants payment"],
    ["a missing right", 403, "does not permit it"],
    ["a failure", 500, "failed (500)"],
  ] as const) {
    it(`says what the Hub means by ${what}`, async () => {
      at = await openHubShop({
        before: ({ path }) => (path === "/api/repos/create" ? { status, body: { error: "no" } } : undefined),
      });
      const result = await at.git({ operation: "create_repo", repo_id: "me/m" });
      expect(result.ok).to.equal(false);
      expect(result.text).to.contain(words);
    });
  }

  for (const body of [
    null,
    [],
    {},
    "text",
    { discussions: [null, 3, {}], branches: [5], events: [{}, null] },
    [[], { id: 4 }],
  ]) {
    it(`takes an answer of another shape for what it is: ${JSON.stringify(body)}`, async () => {
      at = await openHubShop({
        before: ({ method }) => (method === "GET" ? { body: JSON.stringify(body) } : undefined),
      });
      for (const operation of [
        "repo_info",
        "list_refs",
        "list_commits",
        "list_prs",
        "list_discussions",
        "get_pr",
        "merge_pr",
        "delete_branch",
      ]) {
        const result = await at.git({ operation, repo_id: "org/m", pr_num: 1, branch: "b" });
        expect(result.text, operation)
          .to.be.a("string")
          .and.not.match(/undefined|TypeError|Cannot read/);
      }
      const list = await at.files({ operation: "list", repo_id: "org/m" });
      expect(list.text).to.not.match(/undefined|TypeError|Cannot read/);
      expect((await at.files({ operation: "upload", repo_id: "org/m", path: "a", content: "x" })).ok).to.equal(false);
      expect(at.hub.writes()).to.have.length(0);
    });
  }

  it("answers a call without an operation with those that there are", async () => {
    at = await openHubShop();
    const result = await at.git({ repo_id: "me/m" });
    expect(result.ok).to.equal(false);
    expect(result.text).to.contain("operation").and.contain("create_branch");
  });
});
