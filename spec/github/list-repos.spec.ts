import { expect } from "chai";
import type { FakeGitHub } from "../support/github-service.ts";
import { openSite, type Site } from "./setting.ts";

describe("github_list_repos", () => {
  let site: Site;
  const many = Object.fromEntries(
    Array.from({ length: 250 }, (_, n) => [
      `org/repo-${n}`,
      { files: {}, about: { stargazers_count: n, forks_count: 250 - n, archived: n === 249 } },
    ]),
  );
  const open = async (more: Partial<FakeGitHub> = {}, options = {}) => {
    site = await openSite({ repos: many, ...more }, options);
  };
  afterEach(async () => {
    const { unexpected } = site.github;
    await site.close();
    expect(unexpected).to.deep.equal([]);
  });
  const names = (result: { data?: unknown }) => (result.data as { repositories: string[] }).repositories;

  it("lists the top by stars of all repositories, not of the first page, thirty unless limit says otherwise", async () => {
    await open();
    const result = await site.list({ owner: "org" });
    expect(names(result)).to.have.length(30);
    expect(names(result)[0]).to.equal("org/repo-249");
    expect(result.text).to.contain("250 repositories of org by stars (desc), 1 to 30:");
    expect(result.text).to.contain("1. org/repo-249 · 249 stars · 1 forks · Python · pushed 2026-01-02 · ARCHIVED");
    expect(result.text).to.contain("[More: go on with offset 30.]");
    expect(site.github.asked[0]?.query.get("q")).to.equal("user:org fork:true");
  });

  it("goes on over the ends of pages", async () => {
    await open();
    const result = await site.list({ owner: "org", limit: 20, offset: 90 });
    expect(names(result)).to.have.length(20);
    expect(result.text).to.contain("91. org/repo-159").and.contain("110. org/repo-140");
  }).timeout(10_000);

  it("sorts the other way and by other things", async () => {
    await open();
    const result = await site.list({ owner: "org", sort: "forks", order: "desc", limit: "2" });
    expect(names(result)).to.deep.equal(["org/repo-0", "org/repo-1"]);
  });

  it("sorts by creation from the owner's own list, which search cannot", async () => {
    await open({
      before: ({ path }) =>
        path === "/users/org/repos" ? { body: [{ full_name: "org/newest", stargazers_count: 1 }] } : undefined,
    });
    const result = await site.list({ owner: "org", sort: "created" });
    expect(names(result)).to.deep.equal(["org/newest"]);
    expect(site.github.asked[0]?.query.get("sort")).to.equal("created");
  });

  it("takes an organisation or a user, as an address too, and words", async () => {
    await open();
    expect(
      names(await site.list({ owner: "https://github.com/org/", query: "repo-17", owner_type: "org" })),
    ).to.include("org/repo-17");
    expect(site.github.asked[0]?.query.get("q")).to.equal("repo-17 org:org fork:true");
  });

  it("says that an owner does not exist, and refuses what is no name", async () => {
    await open();
    const missing = await site.list({ owner: "nobody" });
    expect(missing)
      .to.deep.include({ ok: false })
      .and.have.property("text")
      .that.contains("GitHub shows no owner nobody");
    const bad = await site.list({ owner: "a b user:other" });
    expect(bad.text).to.contain("is no owner's name");
    expect(site.github.asked).to.have.length(1);
  });

  it("says when a search ran out of time, and puts up with answers of any shape", async () => {
    await open({
      before: () => ({ body: { total_count: 5, incomplete_results: true, items: [{ full_name: "org/a" }] } }),
    });
    expect((await site.list({ owner: "org" })).text).to.contain("ran out of time");
    await site.close();
    await open({ before: () => ({ body: { items: [null, 3, { full_name: 7, topics: "x" }] } }) });
    expect((await site.list({ owner: "org" })).ok).to.equal(true);
  });

  it("asks a second time only whether something has changed", async () => {
    await open({}, { isKept: true, token: "ghp_x" });
    await site.list({ owner: "org", limit: 1 });
    await site.list({ owner: "org", limit: 2 });
    expect(site.github.asked).to.have.length(1);
  }).timeout(10_000);
});
