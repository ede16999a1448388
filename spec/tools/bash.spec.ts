import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import type { Json } from "../../actors/events.ts";
import { openToolsWithSandbox, type RunOptions, type ToolsWithSandbox } from "./with-sandbox.ts";

/** Waits until `check` gives something, at most ten seconds. */
async function eventually<T>(check: () => Promise<T | null> | T | null): Promise<T> {
  const end = Date.now() + 10_000;
  for (;;) {
    const found = await check();
    if (found !== null) return found;
    if (Date.now() > end) throw new Error("It did not happen.");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

describe("tools actor with a real sandbox", function () {
  this.timeout(20_000);
  let stage: ToolsWithSandbox;
  let workspace: string;

  before(async () => {
    stage = await openToolsWithSandbox();
    workspace = stage.workspace;
  });
  after(() => stage.close());

  const bash = (args: Json, options?: RunOptions) => stage.run("bash", args, options);

  it("answers with the output and the exit code", async () => {
    const result = await bash({ command: "echo out; echo err >&2; pwd" });
    expect(result.ok).to.equal(true);
    expect(result.text).to.equal(`out\nerr\n${workspace}\nexit code 0`);
    expect(result.data).to.include({ exit_code: 0, job_id: null, total_bytes: 9 + workspace.length });
    expect((result.data as Record<string, Json>).duration_ms).to.be.a("number");
    const file = (result.data as Record<string, string>).output_file ?? "";
    expect(readFileSync(file, "utf8")).to.equal(`out\nerr\n${workspace}\n`);
  });

  it("counts another exit code as a failure and shows it", async () => {
    expect(await bash({ command: "exit 3" })).to.include({ ok: false, text: "(no output)\nexit code 3" });
  });

  it("names the signal that ended a command", async () => {
    const { ok, text } = await bash({ command: "kill -TERM $$" });
    expect([ok, text]).to.deep.equal([false, "(no output)\nstopped by signal SIGTERM"]);
  });

  it("keeps what was written before a time-out, and says how to get more time", async () => {
    const { ok, text, data } = await bash({ command: "echo begun; sleep 60", timeout: 1 });
    expect(ok).to.equal(false);
    expect(text).to.match(/^begun\ntimed out after 1 s; .*background$/);
    expect(data).to.include({ exit_code: null, state: "timed_out" });
  });

  it("runs in the folder that was asked for, and says when it is not there", async () => {
    mkdirSync(join(workspace, "sub"), { recursive: true });
    expect((await bash({ command: "pwd", work_dir: "sub" })).text).to.contain(join(workspace, "sub"));
    expect((await bash({ command: "pwd", work_dir: "gone" })).ok).to.equal(false);
  });

  it("shows plain text: no colours, of progress bars the end, no broken bytes", async () => {
    const { text } = await bash({ command: "printf '\\033[31mred\\033[0m\\n 0%%\\r50%%\\r100%%\\n\\377\\n'" });
    expect(text).to.equal("red\n100%\n\ufffd\nexit code 0");
  });

  it("shows the ends of long output and names the file of the whole", async () => {
    const { text, data } = await bash({ command: "seq 1 20000" });
    const file = (data as Record<string, string>).output_file ?? "";
    expect(text)
      .to.match(/^1\n2\n/)
      .and.to.match(/20000\nexit code 0$/);
    expect(text.length).to.be.lessThan(21_000);
    expect(text).to.contain(file);
    expect((await stage.prepare("read", { path: file })).ok).to.equal(true);
  });

  it("passes output on while the command runs", async () => {
    const seen: string[] = [];
    await bash({ command: "echo first; sleep 0.3; echo second" }, { log: (text) => seen.push(text) });
    expect(seen.join("")).to.equal("first\nsecond\n");
  });

  it("ends a command whose call is cancelled", async () => {
    const control = new AbortController();
    const began = join(workspace, "began");
    const ended = join(workspace, "ended");
    const pending = bash(
      { command: `trap 'touch ${ended}; exit' TERM; touch ${began}; while :; do sleep 0.05; done` },
      { signal: control.signal },
    );
    const settled = pending.then(
      () => "answered",
      (error: { code?: string }) => error.code,
    );
    const exists = (path: string) => () => {
      try {
        readFileSync(path);
        return true;
      } catch {
        return null;
      }
    };
    await eventually(exists(began));
    control.abort();
    expect(await settled).to.equal("CANCELLED");
    await eventually(exists(ended));
  });

  it("starts a job, lists it, follows its output and ends it", async () => {
    const started = await bash(
      { command: "for i in 1 2 3; do echo step $i; done; sleep 100", background: true },
      { id: "job_a" },
    );
    expect(started.ok).to.equal(true);
    const jobId = (started.data as Record<string, string>).job_id ?? "";
    expect(started.text).to.contain(`Started as job ${jobId}`);
    const output = await eventually(async () => {
      const now = await bash({ operation: "output", job_id: jobId });
      return now.text.includes("step 3") ? now : null;
    });
    expect(output.text).to.equal("step 1\nstep 2\nstep 3\n[bytes 0 to 21 of 21; go on with offset 21]\nstill running");
    expect((await bash({ operation: "output", job_id: jobId, offset: 21 })).text).to.contain("(no new output)");
    expect((await bash({ operation: "output", job_id: jobId, offset: 14 })).text).to.match(/^step 3\n/);
    expect((await bash({ operation: "jobs" })).text)
      .to.contain(jobId)
      .and.to.contain("running");
    expect((await bash({ operation: "stop", job_id: jobId })).text).to.contain(`Job ${jobId} is over`);
    expect((await bash({ operation: "jobs" })).text).not.to.contain("running");
  });

  it("says which jobs there are when one is not known", async () => {
    for (const operation of ["output", "stop"]) {
      const { ok, text } = await bash({ operation, job_id: "nope" });
      expect([ok, text]).to.deep.equal([false, 'There is no job nope. List the jobs with operation "jobs".']);
    }
  });

  it("goes on with a command when the sandbox is killed under it", async () => {
    const mark = join(workspace, "count-a");
    const pending = bash({ command: `echo x >> ${mark}; sleep 1; echo done` });
    await eventually(() => (readOrEmpty(mark) === "" ? null : true));
    stage.system.kill("sandbox");
    expect((await pending).text).to.equal("done\nexit code 0");
    expect(readOrEmpty(mark)).to.equal("x\n");
  });

  it("attaches to the command when it was itself killed and the call comes again", async () => {
    const mark = join(workspace, "count-b");
    const args = { command: `echo x >> ${mark}; sleep 1; echo done` };
    const lost = bash(args, { id: "again" }).catch((error: { code?: string }) => error.code);
    await eventually(() => (readOrEmpty(mark) === "" ? null : true));
    stage.system.kill("tools");
    expect(await lost).to.equal("ACTOR_GONE");
    expect((await bash(args, { id: "again", attempt: 2 })).text).to.equal("done\nexit code 0");
    expect(readOrEmpty(mark)).to.equal("x\n");
  });

  it("searches in its own pool from its thread", async () => {
    const result = await stage.run("grep", { pattern: "(?=x)x" });
    expect(result.text).to.contain("count-a\n1:x");
  });
});

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
