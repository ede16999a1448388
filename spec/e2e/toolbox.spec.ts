// Every tool in one session, as a user would meet them: a scripted model works through the whole catalogue against the
// whole Hub, GitHub, the arXiv, Semantic Scholar, the web and an MCP server.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { startGitHub } from "../support/github-service.ts";
import { samplePaper } from "../support/latexml.ts";
import { type StdioServer, scriptStdio } from "../support/mcp-servers.ts";
import { type OpenAiTurn, replies, startOpenAiServer } from "../support/openai-server.ts";
import { eventsOf, type House, makeHouse } from "../support/program.ts";
import { scholarEntry } from "../support/scholar-service.ts";
import { type Service, startService } from "../support/service.ts";
import type { Entry, ScriptedServer } from "../support/sse.ts";
import { startWholeHub, type WholeHub } from "../support/whole-hub.ts";

const token = "hf_abcdefghijklmnopqrstuvwxyz0123";
type Call = [name: string, args: object];

const script = `# /// script
# requires-python = ">=3.10"
# dependencies = ["huggingface-hub"]
# ///
from huggingface_hub import HfApi
HfApi().upload_file(path_or_fileobj=b"done", path_in_repo="done.txt", repo_id="ada/model")
`;

/** The calls of each reply, in order. Those of one reply run side by side. */
const plan = (web: string): Call[][] => [
  [["plan_tool", { todos: [{ id: "1", content: "Go through every tool", status: "in_progress" }] }]],
  [
    ["explore_hf_docs", { endpoint: "trl", query: "packing" }],
    ["fetch_hf_docs", { url: "trl/sft_trainer", section: "Packing" }],
    ["find_hf_api", { query: "create a repository" }],
    ["hf_papers", { operation: "search", query: "preference optimization" }],
    ["hf_papers", { operation: "paper_details", arxiv_id: "2401.00001" }],
    ["hf_papers", { operation: "read_paper", arxiv_id: "2401.00001" }],
    ["web_search", { query: "how to pack sequences" }],
    ["web_fetch", { url: `${web}/page` }],
  ],
  [
    ["github_list_repos", { owner: "ada" }],
    ["github_find_examples", { repo: "ada/trainer", keyword: "sft" }],
    ["github_read_file", { repo: "ada/trainer", path: "examples/sft.py" }],
    ["hf_inspect_dataset", { dataset: "ada/prompts" }],
    ["hf_inspect_dataset", { path: "local.csv" }],
    ["hf_repo_files", { operation: "list", repo_id: "ada/model" }],
    ["hf_repo_git", { operation: "list_refs", repo_id: "ada/model" }],
    ["research", { task: "QUESTION: what is in the notes?" }],
    ["mcp__web__read_page", { url: "https://example.org" }],
  ],
  [
    ["glob", { pattern: "*.csv" }],
    ["grep", { pattern: "label" }],
    ["list", {}],
    ["read", { path: "notes.md" }],
  ],
  [
    ["edit", { path: "notes.md", old_str: "draft", new_str: "final" }],
    ["write", { path: "train.py", content: script }],
    ["bash", { command: "wc -l local.csv" }],
  ],
  [["hf_repo_files", { operation: "upload", repo_id: "ada/model", path: "notes.md", local_path: "notes.md" }]],
  [
    [
      "hf_jobs",
      { operation: "run", script: "train.py", hardware_flavor: "cpu-basic", secrets: ["HF_TOKEN"], timeout: "10m" },
    ],
  ],
  [["hf_jobs", { operation: "ps" }]],
  [["plan_tool", { todos: [{ id: "1", content: "Go through every tool", status: "completed" }] }]],
];

describe("a session that goes through every tool", function () {
  this.timeout(120_000);
  let hub: WholeHub;
  let github: Service;
  let papers: Service;
  let web: Service;
  let mcp: StdioServer;
  let model: ScriptedServer;
  let house: House;

  before(async () => {
    hub = await startWholeHub({
      token,
      user: "ada",
      jobs: { course: () => ({ lines: ["loading", "METRIC loss=0.5", "done"], end: { stage: "COMPLETED" } }) },
      datasets: {
        datasets: [
          {
            id: "ada/prompts",
            features: { prompt: { dtype: "string", _type: "Value" }, completion: { dtype: "string", _type: "Value" } },
            rows: {
              default: {
                train: [
                  { prompt: "2+2", completion: "4" },
                  { prompt: "3+3", completion: "6" },
                ],
              },
            },
          },
        ],
      },
      papers: {
        "2401.00001": {
          id: "2401.00001",
          title: "A study of preferences",
          summary: "We study.",
          authors: [{ name: "Ada" }],
          publishedAt: "2024-01-01T00:00:00Z",
          upvotes: 3,
        },
      },
    });
    hub.repos.add("model", "ada/model", { "README.md": "---\nlicense: mit\n---\n# Model\n" });
    github = await startGitHub({
      repos: {
        "ada/trainer": { files: { "examples/sft.py": "trainer = SFTTrainer()\n", "README.md": "# Trainer\n" } },
      },
    });
    papers = await startService(({ path }) => {
      if (path.startsWith("/html/")) return { headers: { "content-type": "text/html" }, body: samplePaper };
      if (path.startsWith("/graph/v1/paper/search")) return { body: { total: 1, data: [scholarEntry(1)] } };
      return path.startsWith("/graph/v1/paper/") ? { body: scholarEntry(1) } : { status: 404, body: {} };
    });
    web = await startService(({ path }) => {
      if (path === "/page") return { headers: { "content-type": "text/plain" }, body: "a page of the web" };
      const hit = `<a class="result__a" href="/l/?uddg=${encodeURIComponent("https://example.org/x")}">Found it</a>`;
      return { headers: { "content-type": "text/html" }, body: `<div class="result">${hit}</div>` };
    });
    const page = {
      name: "read_page",
      description: "Reads a page.",
      inputSchema: { type: "object", properties: { url: { type: "string" } } },
      annotations: { readOnlyHint: true },
    };
    mcp = scriptStdio({ tools: [page] });
    const calls = plan(web.url);
    const entry: Entry = async (request, index) => {
      const messages = request.body.messages as { role: string; content: unknown }[];
      const isReader = String(messages[0]?.content).includes("research half");
      const done = messages.filter(({ role }) => role === "tool").length;
      let turn: OpenAiTurn;
      if (isReader) {
        turn =
          done === 0
            ? { calls: [{ id: "r1", name: "read", arguments: { path: "notes.md" } }] }
            : { text: "A draft.\n\n## Sources\n[1] https://example.org/none" };
      } else {
        // Replies so far: each of ours has calls, and all of them are answered before we are asked again.
        const step = messages.filter(({ role }) => role === "assistant").length;
        const next = calls[step];
        turn =
          next === undefined
            ? { text: "Every tool was used." }
            : { calls: next.map(([name, args], at) => ({ id: `s${step}_${at}`, name, arguments: args })) };
      }
      const answer = replies(turn);
      return typeof answer === "function" ? await answer(request, index) : answer;
    };
    model = await startOpenAiServer(entry, { models: [] });
    house = makeHouse({
      LLAMACPP_BASE_URL: model.url,
      HF_ENDPOINT: hub.url,
      HF_DATASETS_SERVER_URL: hub.viewer,
      HF_TOKEN: token,
      GITHUB_API_URL: github.url,
      ARXIV_URL: papers.url,
      SEMANTIC_SCHOLAR_API_URL: papers.url,
      WEB_SEARCH_URL: `${web.url}/html/`,
      GRADIO_URL: hub.url,
    });
    mkdirSync(join(house.home, ".config/ml-intern"), { recursive: true });
    writeFileSync(
      join(house.home, ".config/ml-intern/cli_agent_config.json"),
      JSON.stringify({
        open_hosts: [new URL(web.url).host, new URL(hub.repos.storage.url).host],
        mcpServers: { web: { command: mcp.command, args: mcp.args, trust: true }, "hf-mcp-server": { disabled: true } },
        policy: { preset: "autonomous", rules: [] },
      }),
    );
    writeFileSync(join(house.workspace, "notes.md"), "a draft of notes\n");
    writeFileSync(join(house.workspace, "local.csv"), "text,label\nyes,1\nno,0\n");
  });
  after(async () => {
    await Promise.all([hub, github, papers, web, model].map((one) => one.close()));
    mcp.remove();
    house.remove();
  });

  it("does what each is there for, and ends well", async () => {
    const run = await house.run([
      ...["go through every tool", "--model", "llamacpp/m", "--isolation", "off"],
      ...["--approval", "auto", "--publish-to", "ada/model"],
    ]);
    const outputs = eventsOf(house.journal(), "tool_output").map(({ data }) => data);
    for (const { tool, output, success } of outputs) expect(success, `${tool}: ${output}`).to.equal(true);
    expect(run.stdout, run.stderr).to.contain("Every tool was used.");
    expect(run.code, run.stderr).to.equal(0);

    const used = new Set(outputs.map(({ tool }) => tool));
    const specs = JSON.parse(readFileSync(new URL("./tool-specs.json", import.meta.url), "utf8")) as { name: string }[];
    const apart = ["notify", "share_traces", "sandbox_create"];
    const missing = specs.map(({ name }) => name).filter((name) => !used.has(name) && !apart.includes(name));
    expect(missing, "tools that nobody has tried here").to.deep.equal([]);

    const of = (tool: string) =>
      outputs
        .filter((one) => one.tool === tool)
        .map(({ output }) => output)
        .join("\n");
    expect(of("hf_inspect_dataset"))
      .to.match(/prompt/)
      .and.match(/label/);
    expect(of("research")).to.contain("A draft.");
    expect(of("hf_jobs")).to.match(/completed/i);
    expect(hub.repos.textOf("model", "ada/model", "notes.md")).to.equal("a final of notes\n");
    expect(hub.jobs.jobs).to.have.length(1);
    expect(eventsOf(house.journal(), "hf_job_complete")).to.have.length(1);
  });

  it("sends the Hub's token to the Hub alone", () => {
    for (const other of [github, papers, web, model]) {
      const asked = "asked" in other ? other.asked : other.requests;
      expect(JSON.stringify(asked.map(({ headers }) => headers))).to.not.contain(token);
    }
    expect(hub.asked.some(({ headers }) => headers.authorization === `Bearer ${token}`)).to.equal(true);
  });
});
