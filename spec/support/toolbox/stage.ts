// The whole world of a toolbox: the Hub with a machine, GitHub, the arXiv, Semantic Scholar, the web, an MCP server, a
// webhook, and a model that goes through a plan. Free of test libraries.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startGitHub } from "../github-service.ts";
import type { FakeTalk } from "../github-talk.ts";
import type { FakeJob } from "../jobs-service.ts";
import { samplePaper } from "../latexml.ts";
import { type MachineService, startMachineService } from "../machine-service.ts";
import { type StdioServer, scriptStdio } from "../mcp-servers.ts";
import { type OpenAiTurn, replies, startOpenAiServer } from "../openai-server.ts";
import { scholarEntry } from "../scholar-service.ts";
import { type Service, startService } from "../service.ts";
import type { Entry, ScriptedServer } from "../sse.ts";
import { startWebhookServer, type WebhookServer } from "../webhook-server.ts";
import { startWholeHub, type WholeHub } from "../whole-hub.ts";
import { callId, localPlan, machinePlan, type Plan } from "./plans.ts";

/** The Hub's token in this world. */
export const token = "hf_abcdefghijklmnopqrstuvwxyz0123";

/** The token for GitHub in this world. */
export const githubToken = "ghp_abcdefghijklmnopqrstuvwxyz0123456789";

/** A key that the user lets jobs have. */
export const jobKey = "a-key-for-jobs-0123456789";

/** What the user says to have the model go through a plan; to all else it says hello. */
export const wishes = { local: "go through every tool", machine: "go through every tool on a machine" } as const;

export interface ToolboxStage {
  hub: WholeHub;
  machine: MachineService;
  github: Service;
  githubTalk: FakeTalk;
  papers: Service;
  web: Service;
  webhook: WebhookServer;
  model: ScriptedServer;
  /** The variables with which the program finds all of it. */
  env: Record<string, string>;
  /** Puts the user's config below a home, and files of the user's into a workspace. */
  furnish(home: string, workspace: string): void;
  close(): Promise<void>;
}

/** Starts it. */
export async function startToolboxStage(): Promise<ToolboxStage> {
  const machine = await startMachineService();
  const hub = await startWholeHub({ token, user: "ada", ...hubContent, jobs: { ...jobs, exposes: at(machine) } });
  hub.repos.add("model", "ada/model", { "README.md": "---\nlicense: mit\n---\n# Model\n", "notes.md": "old notes\n" });
  hub.repos.add("space", "ada/app", { "README.md": "---\nsdk: gradio\n---\n", "app.py": "print('up')\n" });
  hub.repos.add("space", "ada/board", { "README.md": "---\nsdk: gradio\n---\n" });
  const githubTalk = talkOf();
  const github = await startGitHub({
    repos: {
      "ada/trainer": { files: { "examples/sft.py": "trainer = SFTTrainer()\n", "README.md": "# Trainer\n" } },
      "ada/kit": { files: {}, talk: githubTalk },
    },
    before: ({ path }) => (path === "/search/code" ? { body: { total_count: 0, items: [] } } : undefined),
  });
  const papers = await startService(paperScript);
  const web = await startService(({ path }) => {
    if (path === "/page") return { headers: { "content-type": "text/plain" }, body: "a page of the web" };
    const hit = `<a class="result__a" href="/l/?uddg=${encodeURIComponent("https://example.org/x")}">Found it</a>`;
    return { headers: { "content-type": "text/html" }, body: `<div class="result">${hit}</div>` };
  });
  const webhook = await startWebhookServer();
  const mcp = scriptStdio({ tools: [readPage] });
  const model = await startOpenAiServer(modelFor(localPlan(web.url)), { models: [] });
  const hosts = [web.url, hub.repos.storage.url, machine.url].map((url) => new URL(url).host);

  return {
    hub,
    machine,
    github,
    githubTalk,
    papers,
    web,
    webhook,
    model,
    env: {
      LLAMACPP_BASE_URL: model.url,
      HF_ENDPOINT: hub.url,
      HF_DATASETS_SERVER_URL: hub.viewer,
      HF_TOKEN: token,
      WANDB_API_KEY: jobKey,
      GITHUB_API_URL: github.url,
      GITHUB_TOKEN: githubToken,
      ARXIV_URL: papers.url,
      SEMANTIC_SCHOLAR_API_URL: papers.url,
      WEB_SEARCH_URL: `${web.url}/html/`,
      GRADIO_URL: hub.url,
    },
    furnish(home, workspace) {
      mkdirSync(join(home, ".config/ml-intern"), { recursive: true });
      const config = configFor({ hosts, mcp, hook: webhook.hook });
      writeFileSync(join(home, ".config/ml-intern/cli_agent_config.json"), JSON.stringify(config));
      writeFileSync(join(workspace, "notes.md"), "a draft of notes\n");
      writeFileSync(join(workspace, "local.csv"), "text,label\nyes,1\nno,0\n");
    },
    async close() {
      await Promise.all([hub, machine, github, papers, web, webhook, model].map((one) => one.close()));
      mcp.remove();
    },
  };
}

/** What there is at GitHub before anything is said. */
function talkOf(): FakeTalk {
  const fix = {
    sha: "ad".repeat(20),
    message: "Mend it",
    files: [{ filename: "loss.py", additions: 1, patch: "@@\n+x" }],
  };
  return {
    issues: [{ number: 1, title: "An old question", comments: [] }],
    commits: [fix],
    compared: { "main...fix": { ahead_by: 1, commits: [fix], files: fix.files } },
    releases: [{ tag_name: "v1", name: "One", body: "Notes." }],
    tags: [{ name: "v1", sha: fix.sha }],
  };
}

/** A machine accepts the token that its job was started with. */
function at(machine: MachineService): (job: FakeJob) => string[] {
  return ({ spec }) => {
    const { SBX_TOKEN } = (spec.secrets ?? {}) as { SBX_TOKEN?: string };
    if (SBX_TOKEN === undefined) return [];
    machine.token = SBX_TOKEN;
    return [machine.url];
  };
}

/** The first job ends well; others run until they are cancelled. */
const jobs = {
  course: (_: Record<string, unknown>, index: number) => {
    const lines = ["loading", ...Array.from({ length: 40 }, (_, step) => `METRIC loss=${1 / (1 + step)} step=${step}`)];
    return index === 0 ? { lines: [...lines, "done"], end: { stage: "COMPLETED" } } : { lines };
  },
};

const hubContent = {
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
};

const readPage = {
  name: "read_page",
  description: "Reads a page.",
  inputSchema: { type: "object", properties: { url: { type: "string" } } },
  annotations: { readOnlyHint: true },
};

const paperScript: Parameters<typeof startService>[0] = ({ path }) => {
  if (path.startsWith("/html/")) return { headers: { "content-type": "text/html" }, body: samplePaper };
  if (path.startsWith("/graph/v1/paper/search")) return { body: { total: 1, data: [scholarEntry(1)] } };
  if (path === "/graph/v1/paper/batch") return { body: [scholarEntry(1)] };
  if (path === "/graph/v1/snippet/search") {
    const snippet = { text: "We used a batch of 64.", snippetKind: "body", section: "4 Experiments" };
    return { body: { data: [{ score: 1, snippet, paper: { corpusId: "1001", title: "Paper 1" } }] } };
  }
  if (path.startsWith("/recommendations/v1/papers/")) return { body: { recommendedPapers: [scholarEntry(6)] } };
  const edge = /^\/graph\/v1\/paper\/.+\/(references|citations)$/.exec(path)?.[1];
  if (edge !== undefined) {
    const paper = edge === "references" ? "citedPaper" : "citingPaper";
    return { body: { data: [{ contexts: ["We follow it."], intents: [], [paper]: scholarEntry(2) }] } };
  }
  return path.startsWith("/graph/v1/paper/") ? { body: scholarEntry(1) } : { status: 404, body: {} };
};

/** The user's config: everything may be reached, and what is ada's may be changed without asking. */
function configFor({ hosts, mcp, hook }: { hosts: string[]; mcp: StdioServer; hook: string }): object {
  return {
    job_secrets: ["WANDB_API_KEY", "NOT_SET"],
    open_hosts: [...hosts, new URL(hook).host],
    mcpServers: { web: { command: mcp.command, args: mcp.args, trust: true }, "hf-mcp-server": { disabled: true } },
    messaging: {
      enabled: true,
      auto_event_types: [],
      destinations: { phone: { provider: "webhook", url: hook, allow_agent_tool: true } },
    },
    policy: {
      preset: "autonomous",
      rules: [
        { verdict: "allow", access: "publish", target: "ada/*" },
        { verdict: "allow", access: "delete", target: "ada/*" },
      ],
    },
  };
}

/** A model that goes through the plan which the user names. Sub-agents read one file and report. */
function modelFor(local: Plan): Entry {
  return async (request, index) => {
    const messages = request.body.messages as { role: string; content: unknown }[];
    const said = (role: string) => messages.filter((message) => message.role === role);
    const answer = replies(turnFor(local, said));
    return typeof answer === "function" ? await answer(request, index) : answer;
  };
}

function turnFor(local: Plan, said: (role: string) => { content: unknown }[]): OpenAiTurn {
  const asked = JSON.stringify(said("user").at(0)?.content ?? "");
  if (String(said("system")[0]?.content).includes("research half")) {
    return said("tool").length === 0
      ? { calls: [{ id: "r1", name: "read", arguments: { path: "notes.md" } }] }
      : { text: "A draft.\n\n## Sources\n[1] https://example.org/none" };
  }
  const plan = asked.includes(wishes.machine) ? machinePlan : asked.includes(wishes.local) ? local : [];
  // Each of our replies has calls, and all of them are answered before we are asked again.
  const step = said("assistant").length;
  const calls = plan[step];
  if (calls === undefined) return { text: plan.length === 0 ? "Hello." : "Every tool was used." };
  return { calls: calls.map(([name, args], at) => ({ id: callId(step, at), name, arguments: args })) };
}
