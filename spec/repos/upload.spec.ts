import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { createProgress } from "../../actors/hub/progress.ts";
import { shownBytes } from "../../actors/tools/cap.ts";
import { commitOn } from "../support/hub/state.ts";
import { until } from "../support/program.ts";
import type { Asked } from "../support/service.ts";
import { type HubShop, openHubShop } from "./setting.ts";

const secret = "hf_abcdefghijklmnopqrstuvwxyzABCDEF012345";

/** The lines of a commit as they were sent. */
function commitLines(asked: Asked | undefined): { key: string; value: Record<string, unknown> }[] {
  return (asked?.text ?? "")
    .split("\n")
    .map((line) => JSON.parse(line) as { key: string; value: Record<string, unknown> });
}

describe("hf_repo_files upload", () => {
  let at: HubShop;
  afterEach(() => at.close());

  const commits = () => at.hub.asked.filter(({ method, path }) => method === "POST" && /\/commit\//.test(path));

  it("sends text as one commit that is bound to what was looked at and signed with the call", async () => {
    at = await openHubShop();
    const repo = at.hub.add("model", "me/m");
    const parent = repo.branches.get("main")?.oid;
    const result = await at.shop.call(
      "hf_repo_files",
      { operation: "upload", repo_id: "me/m", path: "a.txt", content: "hello", commit_message: "Say hello" },
      { id: "call_7" },
    );
    expect(result.ok, result.text).to.equal(true);
    expect(result.untrusted).to.equal(undefined);
    expect(at.hub.textOf("model", "me/m", "a.txt")).to.equal("hello");
    const [commit] = commits();
    expect(commitLines(commit)[0]).to.deep.equal({
      key: "header",
      value: { summary: "Say hello", description: "Ml-Intern-Call: call_7", parentCommit: parent },
    });
    expect(result.data).to.include({ repo_id: "me/m", commit: repo.branches.get("main")?.oid, files: 1, bytes: 5 });
    expect(result.text).to.contain(`${at.hub.url}/me/m/commit/`);
  });

  it("asks for leave to publish to the repository that is meant, and to read what is sent", async () => {
    at = await openHubShop();
    at.hub.add("dataset", "me/d");
    const file = at.shop.put("out/a.txt", "a");
    const call = await at.prepared("hf_repo_files", {
      operation: "upload",
      repo_id: "https://huggingface.co/datasets/me/d",
      local_path: "out/a.txt",
    });
    const host = new URL(at.hub.url).host;
    expect(call.touches).to.deep.equal([
      { kind: "read", path: file },
      { kind: "publish", host, target: "me/d", what: "upload" },
    ]);
    expect(call.onCrash).to.equal("probe");
  });

  it("sends a folder with its large files through the object store, which never sees the token", async () => {
    at = await openHubShop({ lfsFrom: 1000, partBytes: 4096 });
    at.hub.add("model", "me/m", { "old.txt": "stays" });
    at.shop.put("out/config.json", "{}");
    at.shop.put("out/deep/small.bin", Buffer.alloc(2000, 1));
    at.shop.put("out/deep/large.bin", Buffer.alloc(10_000, 2));
    at.shop.put("out/.hidden", "h");
    at.shop.put("out/__pycache__/x.pyc", "p");
    symlinkSync("/etc/hostname", join(at.shop.workspace, "out/link"));
    const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "out", path: "v1/" });
    expect(result.ok, result.text).to.equal(true);
    expect(result.text)
      .to.contain("3 files")
      .and.contain("1 hidden file")
      .and.contain("1 symbolic link")
      .and.contain("__pycache__/");
    const files = at.hub.repos.get("model me/m")?.branches.get("main")?.files;
    expect([...(files?.keys() ?? [])].sort()).to.deep.equal([
      ".gitattributes",
      "old.txt",
      "v1/config.json",
      "v1/deep/large.bin",
      "v1/deep/small.bin",
    ]);
    expect(files?.get("v1/deep/large.bin")?.content?.equals(Buffer.alloc(10_000, 2))).to.equal(true);
    expect(commits()).to.have.length(1);
    const puts = at.hub.storage.requests.filter(({ method }) => method === "PUT");
    expect(puts.map(({ headers }) => headers["content-length"]).sort()).to.deep.equal(["1808", "2000", "4096", "4096"]);
    for (const { headers } of at.hub.storage.requests) expect(headers.authorization).to.equal(undefined);
  });

  it("takes of a folder what the patterns mean", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    for (const name of ["a.py", "b.txt", "sub/c.py"]) at.shop.put(`src/${name}`, name);
    const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "src", patterns: ["*.py"] });
    expect(result.data).to.include({ files: 2 });
    expect(at.hub.textOf("model", "me/m", "sub/c.py")).to.equal("sub/c.py");
  });

  it("does not send an object again that the store has", async () => {
    at = await openHubShop({ lfsFrom: 1000 });
    at.hub.add("model", "me/m");
    at.shop.put("w.bin", Buffer.alloc(5000, 3));
    const args = { operation: "upload", repo_id: "me/m", local_path: "w.bin" };
    await at.files(args);
    await at.files({ ...args, path: "copy/" });
    expect(at.hub.storage.requests).to.have.length(1);
    expect(at.hub.repos.get("model me/m")?.branches.get("main")?.files.has("copy/w.bin")).to.equal(true);
  });

  it("sends a part again that the store failed to take, and the commit never", async () => {
    at = await openHubShop({
      lfsFrom: 1000,
      before: ({ path }) => (/\/commit\//.test(path) ? { status: 500, body: { error: "busy" } } : undefined),
    });
    at.hub.add("model", "me/m");
    at.shop.put("w.bin", Buffer.alloc(5000, 3));
    at.hub.storage.failNext.push(500, 503);
    const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "w.bin" });
    expect(result.ok).to.equal(false);
    expect(result.text).to.contain("failed (500)");
    expect(at.hub.storage.requests.map(({ whole }) => whole)).to.deep.equal([true, true, true]);
    expect(commits()).to.have.length(1);
  });

  it("fails once when the store refuses several parts at a time, and leaves nothing behind that fails later", async () => {
    at = await openHubShop({ lfsFrom: 1000, partBytes: 4096 });
    at.hub.add("model", "me/m");
    at.shop.put("w.bin", Buffer.alloc(20_000, 3));
    at.hub.storage.failNext.push(403, 403, 403, 403, 403);
    const late: unknown[] = [];
    const hear = (error: unknown) => void late.push(error);
    process.on("unhandledRejection", hear);
    const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "w.bin" });
    await new Promise((resolve) => setTimeout(resolve, 100));
    process.off("unhandledRejection", hear);
    expect(late).to.deep.equal([]);
    expect(result.ok).to.equal(false);
    expect(result.text).to.contain("does not permit it");
    expect(commits()).to.have.length(0);
  });

  it("stops when it is cancelled, without a commit", async () => {
    at = await openHubShop({ lfsFrom: 1000, partBytes: 1 << 20 });
    at.hub.add("model", "me/m");
    at.shop.put("w.bin", Buffer.alloc(8 << 20, 3));
    at.hub.storage.pieceMs = 20;
    const late: unknown[] = [];
    const hear = (error: unknown) => void late.push(error);
    process.on("unhandledRejection", hear);
    const control = new AbortController();
    const args = { operation: "upload", repo_id: "me/m", local_path: "w.bin" };
    const running = at.shop.call("hf_repo_files", args, { signal: control.signal });
    await until("bytes in the store", () => at.hub.storage.requests.some(({ bytes }) => bytes > 0));
    control.abort(new Error("the user"));
    const result = await running;
    await until("the connections to go", () => at.hub.storage.requests.every(({ whole }) => !whole));
    process.off("unhandledRejection", hear);
    expect(result.outcome).to.equal("cancelled");
    expect(late).to.deep.equal([]);
    expect(commits()).to.have.length(0);
  });

  it("sends hundreds of megabytes without holding them", async () => {
    at = await openHubShop({ partBytes: 64 << 20 });
    at.hub.add("model", "me/m");
    const size = 256 << 20;
    truncateSync(at.shop.put("w.safetensors", ""), size);
    const held = () => {
      const { heapUsed, external } = process.memoryUsage();
      return heapUsed + external;
    };
    const before = held();
    let most = before;
    const timer = setInterval(() => {
      most = Math.max(most, held());
    }, 5);
    const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "w.safetensors" });
    clearInterval(timer);
    expect(result.ok, result.text).to.equal(true);
    expect(at.hub.repos.get("model me/m")?.branches.get("main")?.files.get("w.safetensors")?.size).to.equal(size);
    // The store holds up to 8 MB of each part that comes, beside what is under way.
    expect((most - before) / 2 ** 20).to.be.lessThan(128);
  }).timeout(60_000);

  it("tells people how far it is, how fast it goes and how long it will take", () => {
    const said: string[] = [];
    let now = 0;
    const progress = createProgress(
      100 << 20,
      (line) => said.push(line),
      shownBytes,
      () => now,
    );
    for (let second = 1; second <= 10; second += 1) {
      now = second * 1000;
      progress.add(10 << 20);
    }
    expect(said[0]).to.equal("sent 20.0 MB of 100 MB, 10.0 MB/s, 8 s left");
    expect(said.at(-1)).to.equal("sent 100 MB of 100 MB, 10.0 MB/s");
    expect(said).to.have.length(5);
  });

  it("takes a commit for made whose answer was cut off, and makes no second one", async () => {
    let cut = false;
    at = await openHubShop({
      async before(asked) {
        if (!/\/commit\//.test(asked.path) || cut) return undefined;
        cut = true;
        // The Hub carries it out, and the answer is lost on the way.
        await fetch(`${at.hub.url}${asked.path}`, {
          method: "POST",
          body: asked.text,
          headers: { authorization: String(asked.headers.authorization) },
        });
        return "cut";
      },
    });
    const repo = at.hub.add("model", "me/m");
    const result = await at.files({ operation: "upload", repo_id: "me/m", path: "a.txt", content: "x" });
    expect(result.ok, result.text).to.equal(true);
    expect(repo.branches.get("main")?.parent?.title).to.equal("initial commit");
    expect(result.data).to.include({ commit: repo.branches.get("main")?.oid });
  });

  describe("when the branch has moved on since the call was checked", () => {
    const caller = { signal: new AbortController().signal, progress: () => undefined };
    const pinned = async (args: { [key: string]: Json }, id: string) => {
      const call = await at.prepared("hf_repo_files", { operation: "upload", repo_id: "me/m", ...args });
      return { id, tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
    };

    it("builds on commits of its own that have not touched its files", async () => {
      at = await openHubShop();
      await at.git({ operation: "create_repo", repo_id: "me/m" });
      const calls = [await pinned({ path: "a", content: "1" }, "c1"), await pinned({ path: "b", content: "2" }, "c2")];
      for (const call of calls) {
        const result = await at.shop.executor.run(call, caller);
        expect(result.ok, result.text).to.equal(true);
      }
      const head = at.hub.repos.get("model me/m")?.branches.get("main");
      expect([head?.title, head?.parent?.title]).to.deep.equal(["Upload b", "Upload a"]);
      expect([...(head?.files.keys() ?? [])].sort()).to.deep.equal([".gitattributes", "README.md", "a", "b"]);
    });

    it("changes nothing when its files are others now, or the commit is somebody else's", async () => {
      at = await openHubShop();
      const repo = at.hub.add("model", "me/m");
      const calls = [await pinned({ path: "a", content: "1" }, "c1"), await pinned({ path: "a", content: "2" }, "c2")];
      const third = await pinned({ path: "b", content: "3" }, "c3");
      const results = [];
      for (const call of calls) results.push(await at.shop.executor.run(call, caller));
      expect(results.map(({ ok }) => ok)).to.deep.equal([true, false]);
      expect(results[1]?.text).to.contain("has moved on");
      const head = repo.branches.get("main");
      if (head !== undefined) repo.branches.set("main", commitOn(head, head.files, { title: "theirs", author: "ann" }));
      expect((await at.shop.executor.run(third, caller)).text).to.contain("has moved on");
    });
  });

  it("sends nothing that has changed since it was shown", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    at.shop.put("a.txt", "as approved");
    const call = await at.prepared("hf_repo_files", { operation: "upload", repo_id: "me/m", local_path: "a.txt" });
    at.shop.put("a.txt", "something else");
    const request = { id: "x", tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
    const result = await at.shop.executor.run(request, {
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    expect(result.text).to.contain("have changed since this call was checked");
    expect(commits()).to.have.length(0);
  });

  it("shows before what would be sent, where, and how texts would change", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m", { "train.py": "lr = 1\nepochs = 2\n" });
    at.shop.put("p/train.py", "lr = 3\nepochs = 2\n");
    at.shop.put("p/w.bin", Buffer.alloc(3000));
    const call = await at.prepared("hf_repo_files", { operation: "upload", repo_id: "me/m", local_path: "p" });
    const request = { id: "x", tool: call.tool, arguments: call.arguments, attempt: 1, seen: {} };
    const preview = await at.shop.executor.preview(request, {
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    expect(preview?.kind).to.equal("diff");
    expect(preview?.text)
      .to.contain("2 files")
      .and.contain("the model me/m")
      .and.contain("2.9 KB  w.bin")
      .and.contain("-lr = 1\n+lr = 3");
  });

  it("opens a pull request instead of a commit, also where only its owner may write", async () => {
    at = await openHubShop();
    const repo = at.hub.add("model", "org/m");
    const result = await at.files({ operation: "upload", repo_id: "org/m", path: "a", content: "x", create_pr: true });
    expect(result.ok, result.text).to.equal(true);
    expect(result.text).to.contain("/org/m/discussions/1");
    expect(repo.discussions[0]?.head?.files.has("a")).to.equal(true);
    expect(repo.branches.get("main")?.files.has("a")).to.equal(false);
    const refused = await at.files({ operation: "upload", repo_id: "org/m", path: "a", content: "x" });
    expect(refused.text).to.contain("does not permit it");
  });

  for (const [what, put, words] of [
    [
      "a token in a text",
      (shop: HubShop["shop"]) => shop.put("out/train.py", `import os\n\nlogin("${secret}")\n`),
      "train.py:3 (HF token)",
    ],
    [
      "a value that is known to be secret",
      (shop: HubShop["shop"]) => shop.put("out/notes.md", "the word is correct-horse-battery"),
      "notes.md:1 (secret)",
    ],
    [
      "a known secret in a pickle",
      (shop: HubShop["shop"]) =>
        shop.put(
          "out/args.bin",
          Buffer.concat([Buffer.alloc(9), Buffer.from("correct-horse-battery"), Buffer.alloc(9)]),
        ),
      "args.bin (secret)",
    ],
    [
      "a token beyond the first megabytes",
      (shop: HubShop["shop"]) => shop.put("out/log.txt", `${"some words of a log\n".repeat(120_000)}${secret}\n`),
      "log.txt:120001 (HF token)",
    ],
  ] as const) {
    it(`refuses ${what}, by name, and sends nothing`, async () => {
      at = await openHubShop({ secrets: ["correct-horse-battery"] });
      at.hub.add("model", "me/m");
      at.shop.put("out/fine.txt", "fine");
      put(at.shop);
      const result = await at.files({ operation: "upload", repo_id: "me/m", local_path: "out" });
      expect(result.ok).to.equal(false);
      expect(result.text).to.contain(words).and.contain("Nothing was sent").and.not.contain(secret);
      expect(at.hub.writes()).to.have.length(0);
      expect(at.hub.storage.requests).to.have.length(0);
    });
  }

  it("refuses a secret in text that the model gives, before anybody is asked", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    const call = await at.shop.prepare("hf_repo_files", {
      operation: "upload",
      repo_id: "me/m",
      path: ".env",
      content: `HF_TOKEN=${secret}`,
    });
    expect(call.ok).to.equal(false);
    expect(at.hub.writes()).to.have.length(0);
  });

  it("refuses a store of credentials, and a file in a folder that is one", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    mkdirSync(join(at.shop.home, ".cache/huggingface"), { recursive: true });
    writeFileSync(join(at.shop.home, ".cache/huggingface/token"), "x");
    mkdirSync(join(at.shop.home, ".aws"));
    writeFileSync(join(at.shop.home, ".aws/credentials"), "x");
    const token = await at.files({ operation: "upload", repo_id: "me/m", local_path: "~/.cache/huggingface/token" });
    expect(token.text).to.contain("closed to tools");
    const home = await at.files({ operation: "upload", repo_id: "me/m", local_path: "~", patterns: [".aws/**"] });
    expect(home.text).to.contain("closed to tools");
    expect(at.hub.writes()).to.have.length(0);
  });

  for (const [what, args, words] of [
    ["neither text nor a file", {}, "needs content or local_path"],
    ["both at once", { content: "x", local_path: "a" }, "and not both"],
    ["text without a path", { content: "x" }, "needs path"],
    ["a file that is not there", { local_path: "none" }, "does not exist"],
    ["a folder with nothing in it", { local_path: "empty" }, "has no file to upload"],
    ["a path into git's own folder", { content: "x", path: ".git/hooks/x" }, "no path in a repository"],
    ["a branch that is not there", { content: "x", path: "a", revision: "none" }, "no such revision"],
    [
      "a card that the Hub would refuse",
      { content: "---\nlicense: [mit\n---\n# m\n", path: "README.md" },
      "YAML block of README.md cannot be read",
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      at = await openHubShop();
      at.hub.add("model", "me/m");
      mkdirSync(join(at.shop.workspace, "empty"));
      const result = await at.files({ operation: "upload", repo_id: "me/m", ...args });
      expect(result.ok).to.equal(false);
      expect(result.text).to.contain(words);
      expect(at.hub.writes()).to.have.length(0);
    });
  }

  it("says without a token that nothing can be changed", async () => {
    at = await openHubShop({ anonymous: true });
    at.hub.add("model", "me/m");
    const result = await at.files({ operation: "upload", repo_id: "me/m", path: "a", content: "x" });
    expect(result.text).to.contain("no token for the Hub").and.contain("HF_TOKEN");
  });

  it("finds after a crash whether its commit was made", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    const call = await at.prepared("hf_repo_files", { operation: "upload", repo_id: "me/m", path: "a", content: "x" });
    const request = { id: "c1", tool: call.tool, arguments: call.arguments, attempt: 2, seen: {} };
    const caller = { signal: new AbortController().signal, progress: () => undefined };
    expect(await at.shop.executor.probe(request, caller)).to.deep.equal({ state: "not_done" });
    const result = await at.shop.executor.run(request, caller);
    await at.files({ operation: "upload", repo_id: "me/m", path: "b", content: "later" });
    const found = await at.shop.executor.probe(request, caller);
    if (found.state !== "done") throw new Error(found.state);
    expect(found.result.data).to.include({ commit: (result.data as { commit: string }).commit });
    expect(await at.shop.executor.probe({ ...request, id: "c2" }, caller)).to.deep.equal({ state: "not_done" });
  });

  it("finds after a crash the pull request that it has opened", async () => {
    at = await openHubShop();
    at.hub.add("model", "org/m");
    const args = { operation: "upload", repo_id: "org/m", path: "a", content: "x", create_pr: true };
    const call = await at.prepared("hf_repo_files", args);
    const request = { id: "c1", tool: call.tool, arguments: call.arguments, attempt: 2, seen: {} };
    const caller = { signal: new AbortController().signal, progress: () => undefined };
    expect(await at.shop.executor.probe(request, caller)).to.deep.equal({ state: "not_done" });
    await at.shop.executor.run(request, caller);
    const found = await at.shop.executor.probe(request, caller);
    expect(found.state === "done" && found.result.text).to.contain("/org/m/discussions/1");
  });
});

describe("hf_repo_files delete", () => {
  let at: HubShop;
  afterEach(() => at.close());

  it("deletes exactly what was meant and shown, in one commit", async () => {
    at = await openHubShop();
    const repo = at.hub.add("model", "me/m", { "a.tmp": "1", "x/a.tmp": "2", "keep.txt": "3", "x/keep.txt": "4" });
    const call = await at.prepared("hf_repo_files", { operation: "delete", repo_id: "me/m", patterns: ["**/*.tmp"] });
    expect((call.arguments as { patterns: string[] }).patterns).to.deep.equal(["a.tmp", "x/a.tmp"]);
    expect(call.touches).to.deep.equal([
      { kind: "delete", host: new URL(at.hub.url).host, target: "me/m", what: "file" },
    ]);
    const result = await at.files({ operation: "delete", repo_id: "me/m", patterns: ["**/*.tmp"] });
    expect(result.text).to.contain("Deleted a.tmp, x/a.tmp.");
    expect([...(repo.branches.get("main")?.files.keys() ?? [])].sort()).to.deep.equal([
      ".gitattributes",
      "keep.txt",
      "x/keep.txt",
    ]);
    expect(repo.branches.get("main")?.parent?.title).to.equal("initial commit");
  });

  it("takes a name alone for the file at the root, never for all of that name", async () => {
    at = await openHubShop();
    const repo = at.hub.add("model", "me/m", { "README.md": "1", "sub/README.md": "2" });
    await at.files({ operation: "delete", repo_id: "me/m", patterns: "README.md" });
    expect(repo.branches.get("main")?.files.has("sub/README.md")).to.equal(true);
    expect(repo.branches.get("main")?.files.has("README.md")).to.equal(false);
  });

  it("refuses a pattern that means nothing, and a call without one", async () => {
    at = await openHubShop();
    at.hub.add("model", "me/m");
    expect((await at.files({ operation: "delete", repo_id: "me/m", patterns: ["*.none"] })).text).to.contain(
      "has nothing like",
    );
    expect((await at.files({ operation: "delete", repo_id: "me/m" })).text).to.contain("needs patterns");
    expect(at.hub.writes()).to.have.length(0);
  });
});
