// What a scripted model does with the toolbox: every operation of every tool, in the order in which one leads to the
// next. Free of test libraries.

/** A call: the tool's name and its arguments. */
export type Call = [tool: string, args: Record<string, unknown>];

/** The calls of each reply, in order. Those of one reply run side by side. */
export type Plan = Call[][];

/** A script that passes all checks. */
export const trainingScript = `# /// script
# requires-python = ">=3.10"
# dependencies = ["huggingface-hub", "trackio"]
# ///
import trackio
from huggingface_hub import HfApi
trackio.init(project="digits")
HfApi().upload_file(path_or_fileobj=b"done", path_in_repo="done.txt", repo_id="ada/model")
`;

const git = (operation: string, more: object = {}): Call => [
  "hf_repo_git",
  { operation, repo_id: "ada/model", ...more },
];
const files = (operation: string, more: object = {}): Call => [
  "hf_repo_files",
  { operation, repo_id: "ada/model", ...more },
];
const app = (operation: string, more: object = {}): Call => ["hf_spaces", { operation, repo_id: "ada/app", ...more }];
const github = (operation: string, more: object = {}): Call => [
  "github_issues",
  { operation, repo: "ada/kit", ...more },
];
const jobs = (operation: string, more: object = {}): Call => ["hf_jobs", { operation, ...more }];
const papers = (operation: string, more: object = {}): Call => ["hf_papers", { operation, ...more }];
const around = (operation: string, more: object = {}): Call => papers(operation, { arxiv_id: "2401.00001", ...more });
const todo = (status: string): Call => [
  "plan_tool",
  { todos: [{ id: "1", content: "Go through every tool", status }] },
];
const run = { script: "train.py", hardware_flavor: "cpu-basic", secrets: ["HF_TOKEN"], timeout: "10m" };

/** What is sent out comes first: after a look at what others wrote, more of it would have to be asked. */
const sending: Plan = [
  [
    ["notify", { destinations: ["phone"], message: "I begin." }],
    ["share_traces", {}],
  ],
  [
    git("create_repo", { repo_id: "ada/made" }),
    git("create_branch", { branch: "old" }),
    git("create_tag", { tag: "v1" }),
    git("create_discussion", { title: "A question" }),
  ],
  [
    files("upload", { repo_id: "ada/made", path: "a.txt", content: "one" }),
    git("create_pr", { title: "Better notes" }),
  ],
  [
    files("delete", { repo_id: "ada/made", patterns: ["a.txt"] }),
    files("upload", { revision: "refs/pr/2", path: "notes.md", local_path: "notes.md" }),
    git("comment_pr", { pr_num: 1, comment: "An answer" }),
    git("delete_branch", { branch: "old" }),
    git("delete_tag", { tag: "v1" }),
  ],
  [git("change_pr_status", { pr_num: 2, new_status: "open" }), git("close_pr", { pr_num: 1, comment: "Thanks." })],
  [git("merge_pr", { pr_num: 2 }), git("update_repo", { repo_id: "ada/made", gated: "auto" })],
  [git("duplicate_repo", { repo_id: "ada/made", to_repo: "ada/copy" })],
  [git("move_repo", { repo_id: "ada/copy", to_repo: "ada/moved" })],
  [git("delete_repo", { repo_id: "ada/moved" })],
];

/** A Space gets what it needs, is seen to run, and is put to rest. */
const shipping: Plan = [
  [app("set_variable", { name: "MODEL", value: "ada/model" }), app("set_secret", { name: "WANDB_API_KEY" })],
  [app("set_hardware", { hardware: "t4-small", sleep_time: 3600 })],
  [app("wait")],
  [app("set_sleep_time", { sleep_time: 1800 }), app("restart")],
  [app("delete_variable", { name: "MODEL" }), app("delete_secret", { name: "WANDB_API_KEY" })],
  [app("pause")],
];

/** What is said at GitHub. */
const talking: Plan = [
  [
    github("create_issue", { title: "Loss is NaN", body: "With bf16." }),
    github("comment", { number: 1, body: "The same here." }),
    github("create_pull", { title: "Mend it", head: "fix" }),
    github("set_state", { number: 1, state: "closed", reason: "completed" }),
  ],
];

const here: Plan = [
  [
    ["glob", { pattern: "*.csv" }],
    ["grep", { pattern: "label" }],
    ["list", {}],
    ["read", { path: "notes.md" }],
    ["trackio_metrics", { dir: "trackio" }],
    ["trackio_metrics", { dir: "trackio", metric: "train/loss" }],
    ["bash", { command: "echo begun; sleep 60", background: true }],
  ],
  [
    ["edit", { path: "notes.md", old_str: "draft", new_str: "final" }],
    ["write", { path: "train.py", content: trainingScript }],
    ["bash", { command: "wc -l local.csv" }],
    ["bash", { operation: "jobs" }],
  ],
];

/** Jobs that cost, each followed to its end. */
const paid: Plan = [
  [jobs("run", { ...run, trackio: { space: "ada/board", project: "digits" } })],
  [
    jobs("run", { ...run, secrets: ["HF_TOKEN", "WANDB_API_KEY"], wait: false }),
    jobs("hardware"),
    jobs("scheduled run", { ...run, schedule: "@daily" }),
  ],
  [
    jobs("ps"),
    jobs("inspect", { job_id: "job2" }),
    jobs("logs", { job_id: "job2" }),
    jobs("scheduled ps"),
    jobs("scheduled inspect", { scheduled_job_id: "sched1" }),
    jobs("scheduled suspend", { scheduled_job_id: "sched1" }),
  ],
  [jobs("wait", { job_ids: ["job1"] })],
  [jobs("cancel", { job_id: "job2" }), jobs("scheduled resume", { scheduled_job_id: "sched1" })],
  [jobs("scheduled delete", { scheduled_job_id: "sched1" })],
];

/** `web`: the address of a site. */
const looking = (web: string): Plan => [
  [
    ["explore_hf_docs", { endpoint: "trl", query: "packing" }],
    ["fetch_hf_docs", { url: "trl/sft_trainer", section: "Packing" }],
    ["find_hf_api", { query: "create a repository" }],
    ["web_search", { query: "how to pack sequences" }],
    ["web_fetch", { url: `${web}/page` }],
    ["mcp__web__read_page", { url: "https://example.org" }],
    ["research", { task: "QUESTION: what is in the notes?" }],
  ],
  [
    ["github_list_repos", { owner: "ada" }],
    ["github_find_examples", { repo: "ada/trainer", keyword: "sft" }],
    ["github_read_file", { repo: "ada/trainer", path: "examples/sft.py" }],
    github("search", { query: "NaN", state: "open" }),
    github("get", { number: 3 }),
    github("diff", { number: 3 }),
    github("commits"),
    github("releases"),
    ["hf_inspect_dataset", { dataset: "ada/prompts" }],
    ["hf_inspect_dataset", { path: "local.csv" }],
  ],
  [
    files("list"),
    files("read", { path: "README.md" }),
    git("repo_info"),
    git("list_refs"),
    git("list_commits"),
    git("list_prs", { status: "all" }),
    git("list_discussions", { status: "all" }),
    git("get_pr", { pr_num: 2 }),
    app("info"),
    app("logs"),
  ],
  [
    papers("search", { query: "preference optimization" }),
    papers("trending"),
    papers("snippet_search", { query: "batch size" }),
    papers("recommend", { positive_ids: "2401.00001" }),
    around("paper_details"),
    around("read_paper"),
  ],
  [
    around("citation_graph"),
    around("find_datasets"),
    around("find_models"),
    around("find_collections"),
    around("find_all_resources"),
  ],
];

/** The id of a call of a plan. */
export function callId(step: number, at: number): string {
  return `s${step}_${at}`;
}

/** Everything that there is on this machine. */
export function localPlan(web: string): Plan {
  const begun: Plan = [[todo("in_progress")], ...sending, ...shipping, ...talking];
  // A command in the background goes by its call's id.
  const job = callId(begun.length, here[0]?.findIndex(([, { background }]) => background === true) ?? -1);
  return [
    ...begun,
    ...here,
    [["bash", { operation: "output", job_id: job }]],
    [["bash", { operation: "stop", job_id: job }]],
    ...paid,
    ...looking(web),
    [todo("completed")],
  ];
}

const machine = (operation: string, more: object = {}): Call => ["sandbox_create", { operation, ...more }];

/** Everything that there is on a machine of the Hub's in place of this one. */
export const machinePlan: Plan = [
  [todo("in_progress")],
  [machine("create")],
  [machine("status"), machine("upload", { local_path: "trackio", path: "trackio" })],
  [
    ["bash", { command: "echo 'a draft' > notes.md; ls" }],
    ["trackio_metrics", { dir: "trackio" }],
    ["write", { path: "train.py", content: trainingScript }],
  ],
  [["read", { path: "notes.md" }]],
  [["edit", { path: "notes.md", old_str: "draft", new_str: "final" }]],
  [jobs("run", { ...run, wait: false })],
  [jobs("cancel", { job_id: "job4" })],
  [machine("download", { path: "notes.md", local_path: "back.md" })],
  [machine("delete")],
  [todo("completed")],
];
