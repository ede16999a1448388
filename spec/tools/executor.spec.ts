import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import * as z from "zod/mini";
import { defineTool } from "../../actors/tools/contract.ts";
import specs from "../../actors/tools/specs.ts";
import { until } from "../support/program.ts";
import { createWorkshop, type Workshop } from "./workshop.ts";

const nothing = z.strictObject({});
const base = { description: "x", input: nothing, touches: () => [], title: () => "x" };
let heard = false;

/** Tools that misbehave in each way that a tool can. */
const zoo = [
  defineTool({
    ...base,
    name: "throws",
    run: () => Promise.reject(Object.assign(new Error("It broke."), { hint: "Mend it." })),
  }),
  defineTool({
    ...base,
    name: "throws_at_once",
    run() {
      throw new TypeError("not even a promise");
    },
  }),
  defineTool({ ...base, name: "throws_nothing", run: () => Promise.reject(undefined) }),
  defineTool({ ...base, name: "hangs", timeoutMs: () => 50, run: () => new Promise<never>(() => {}) }),
  defineTool({
    ...base,
    name: "listens",
    timeoutMs: () => 60_000,
    run: (_, { signal, log }) =>
      new Promise<never>((_resolve, reject) => {
        log("listening");
        signal.addEventListener("abort", () => {
          heard = true;
          reject(signal.reason);
        });
      }),
  }),
  defineTool({
    ...base,
    name: "floods",
    run: async () => ({ ok: true, text: `HEAD\n${"line of output\n".repeat(350_000)}TAIL` }),
  }),
  defineTool({
    ...base,
    name: "talks",
    run: async (_, context) => {
      context.log("working");
      return { ok: true, text: "done" };
    },
  }),
  defineTool({
    ...base,
    name: "bad_title",
    title: () => {
      throw new Error("no title");
    },
    run: async () => ({ ok: true, text: "" }),
  }),
];

describe("tool executor", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = createWorkshop();
  });
  afterEach(() => shop.close());

  describe("specs", () => {
    it("are the same bytes each time, in a fixed order", () => {
      const shipped = readFileSync(new URL("./tool-specs.json", import.meta.url), "utf8");
      expect(shipped).to.equal(JSON.stringify(specs));
      const names = specs.map((spec) => spec.name);
      expect(new Set(names).size).to.equal(names.length);
      // Later tools come after these: what a provider has cached of the prefix must not move.
      expect(names.slice(0, 9)).to.deep.equal([
        "bash",
        "read",
        "write",
        "edit",
        "glob",
        "grep",
        "list",
        "plan_tool",
        "notify",
      ]);
    });

    it("are object schemas whose every parameter is described", () => {
      for (const { name, description, parameters } of specs) {
        expect(parameters.type, name).to.equal("object");
        expect(parameters.additionalProperties, name).to.equal(false);
        expect(parameters, name).not.to.have.any.keys("$schema", "~standard");
        expect(description.length, name).to.be.within(150, 1_200);
        for (const [key, property] of Object.entries(
          parameters.properties as Record<string, { description?: string }>,
        )) {
          expect(property.description, `${name}.${key}`).to.be.a("string");
        }
      }
    });

    it("have the parameter names and requirements that models know", () => {
      const known: Record<string, [string[], string[]]> = {
        bash: [["command", "description", "work_dir", "timeout", "background", "operation", "job_id", "offset"], []],
        read: [["path", "offset", "limit"], ["path"]],
        write: [
          ["path", "content"],
          ["path", "content"],
        ],
        edit: [
          ["path", "old_str", "new_str", "replace_all", "mode"],
          ["path", "old_str", "new_str"],
        ],
        glob: [["pattern", "path"], ["pattern"]],
        grep: [["pattern", "path", "glob", "ignore_case", "context", "output", "limit"], ["pattern"]],
        list: [["path", "depth"], []],
        plan_tool: [["todos"], ["todos"]],
        notify: [
          ["destinations", "message", "title", "severity"],
          ["destinations", "message"],
        ],
        hf_repo_files: [
          [
            "operation",
            "repo_id",
            "repo_type",
            "revision",
            "path",
            "content",
            "local_path",
            "patterns",
            "create_pr",
            "commit_message",
            "offset",
            "limit",
            "pinned",
          ],
          ["operation", "repo_id"],
        ],
        hf_repo_git: [
          [
            "operation",
            "repo_id",
            "repo_type",
            "branch",
            "tag",
            "revision",
            "pr_num",
            "title",
            "description",
            "comment",
            "new_status",
            "status",
            "private",
            "gated",
            "space_sdk",
            "to_repo",
            "exist_ok",
            "offset",
            "pinned",
          ],
          ["operation", "repo_id"],
        ],
        hf_jobs: [
          [
            "operation",
            "script",
            "script_args",
            "dependencies",
            "python",
            "image",
            "command",
            "hardware_flavor",
            "timeout",
            "env",
            "secrets",
            "volumes",
            "labels",
            "namespace",
            "wait",
            "trackio",
            "overrule",
            "job_id",
            "job_ids",
            "wait_minutes",
            "scheduled_job_id",
            "schedule",
            "all",
            "tail",
            "settled",
          ],
          ["operation"],
        ],
        hf_spaces: [
          [
            "operation",
            "repo_id",
            "name",
            "value",
            "secret",
            "hardware",
            "sleep_time",
            "factory",
            "kind",
            "tail",
            "timeout",
            "settled",
          ],
          ["operation", "repo_id"],
        ],
        share_traces: [["pinned"], []],
        trackio_metrics: [["project", "runs", "metric", "after", "points", "dir"], []],
        explore_hf_docs: [["endpoint", "query", "max_results", "offset"], []],
        fetch_hf_docs: [["url", "section", "offset", "limit"], ["url"]],
        find_hf_api: [["query", "tag", "offset", "get"], []],
        web_search: [["query", "allowed_domains", "blocked_domains", "page", "region", "recency"], ["query"]],
        web_fetch: [["url", "section", "offset", "limit", "find", "pages"], ["url"]],
        hf_inspect_dataset: [["dataset", "path", "config", "split", "offset", "sample_rows", "query", "where"], []],
        hf_papers: [
          [
            "operation",
            "query",
            "arxiv_id",
            "section",
            "direction",
            "date",
            "date_from",
            "date_to",
            "categories",
            "min_citations",
            "sort_by",
            "positive_ids",
            "negative_ids",
            "sort",
            "limit",
            "offset",
          ],
          ["operation"],
        ],
        github_find_examples: [["repo", "org", "keyword", "max_results", "min_score"], []],
        github_list_repos: [["owner", "owner_type", "sort", "order", "query", "limit", "offset"], ["owner"]],
        github_read_file: [["repo", "path", "ref", "line_start", "line_end"], ["repo"]],
        github_issues: [
          [
            "operation",
            "repo",
            "number",
            "query",
            "kind",
            "state",
            "sort",
            "sha",
            "ref",
            "path",
            "author",
            "since",
            "page",
            "title",
            "body",
            "head",
            "base",
            "draft",
            "reason",
            "settled",
          ],
          ["operation"],
        ],
      };
      const shape = Object.fromEntries(
        specs
          .filter(({ name }) => name in known)
          .map(({ name, parameters }) => [
            name,
            [Object.keys(parameters.properties as object), parameters.required ?? []],
          ]),
      );
      expect(shape).to.deep.equal(known);
    });
  });

  describe("run", () => {
    let odd: Workshop;
    beforeEach(() => {
      odd = createWorkshop({ tools: zoo, limits: { outputChars: 10_000 } });
      heard = false;
    });
    afterEach(() => odd.close());

    it("makes a result of whatever a tool throws", async () => {
      expect(await odd.call("throws", {})).to.deep.equal({ ok: false, text: "It broke. Mend it." });
      expect(await odd.call("throws_at_once", {})).to.deep.equal({ ok: false, text: "not even a promise" });
      expect(await odd.call("throws_nothing", {})).to.deep.equal({ ok: false, text: "undefined" });
    });

    it("cuts off a tool that hangs and ignores its signal", async function () {
      this.timeout(5_000);
      const { ok, text } = await odd.call("hangs", {});
      expect(ok).to.equal(false);
      expect(text).to.contain("longer than its limit of 0.1 s");
    });

    it("tells a tool that its caller has gone", async () => {
      const control = new AbortController();
      const pending = odd.call("listens", {}, { signal: control.signal });
      await until("the call", () => odd.logs.includes("listening\n"));
      control.abort();
      expect(await pending).to.deep.equal({ ok: false, outcome: "cancelled", text: "Cancelled before it was done." });
      expect(heard).to.equal(true);
    });

    it("does not begin a call whose caller has gone already", async () => {
      heard = false;
      const gone = AbortSignal.abort();
      expect(await odd.call("listens", {}, { signal: gone })).to.deep.include({ ok: false, outcome: "cancelled" });
      expect(heard).to.equal(false);
      expect(odd.logs).to.have.length(0);
    });

    it("keeps head and tail of a large output and the whole in a file of the user's own", async () => {
      const { ok, text } = await odd.call("floods", {}, { id: "call_flood" });
      const file = join(odd.spillDir, "call_flood.txt");
      expect(ok).to.equal(true);
      expect(text.length).to.be.lessThan(10_400);
      expect(text)
        .to.match(/^HEAD\nline of output\n/)
        .and.to.match(/line of output\nTAIL$/);
      expect(text).to.contain(`the whole text is in ${file}`);
      expect(readFileSync(file, "utf8").length).to.equal(350_000 * 15 + 9);
      expect(statSync(file).mode & 0o777).to.equal(0o600);
    });

    it("spills under a safe name whatever the call's id is", async () => {
      await odd.call("floods", {}, { id: "../../evil/\0" });
      expect(readdirSync(odd.spillDir)).to.have.length(1);
      expect(readdirSync(odd.spillDir)[0]).to.match(/^[\w-]+\.txt$/);
    });

    it("says so when the whole could not be kept", async () => {
      rmSync(odd.spillDir, { recursive: true });
      odd.put("../sessions/s1/outputs", "a file in the way");
      expect((await odd.call("floods", {})).text).to.contain("could not be saved");
    });

    it("survives a tool whose title throws", async () => {
      expect(await odd.prepare("bad_title", {})).to.deep.include({
        ok: false,
        error: "bad_title was not run: no title",
      });
    });

    it("passes progress on", async () => {
      await odd.call("talks", {});
      expect(odd.logs).to.deep.equal(["working\n"]);
    });

    it("answers calls of tools and arguments that an earlier version accepted", async () => {
      const caller = { signal: new AbortController().signal, progress: () => {} };
      const request = { id: "1", attempt: 2, seen: {}, arguments: { gone: 1 } };
      expect((await shop.executor.run({ ...request, tool: "gone" }, caller)).text).to.contain("no tool named");
      expect((await shop.executor.run({ ...request, tool: "read" }, caller)).text).to.contain("`path` is missing");
      expect(await shop.executor.probe({ ...request, tool: "read" }, caller)).to.deep.equal({ state: "unknown" });
    });

    it("refuses a path in whose way a link was put after the call was checked", async () => {
      mkdirSync(join(shop.workspace, "data"));
      const prepared = await shop.prepare("write", { path: "data/x", content: "owned" });
      if (!prepared.ok) throw new Error(prepared.error);
      rmSync(join(shop.workspace, "data"), { recursive: true });
      symlinkSync(shop.home, join(shop.workspace, "data"));
      const request = { id: "1", tool: "write", arguments: prepared.arguments, attempt: 1, seen: {} };
      const result = await shop.executor.run(request, { signal: new AbortController().signal, progress: () => {} });
      expect(result.ok).to.equal(false);
      expect(result.text).to.contain("symbolic link was put in its way");
      expect(readdirSync(shop.home)).to.deep.equal([]);
    });
  });
});
