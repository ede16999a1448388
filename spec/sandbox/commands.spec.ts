import { mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { callFolder } from "../../actors/sandbox/call-folder.ts";
import { codeOf } from "../../runtime/index.ts";
import { eitherWay, limitMs, openSandbox } from "./setting.ts";

/** The code of the error that a promise rejects with. */
function failure(promise: Promise<unknown>): Promise<{ code: string | undefined; message: string }> {
  return promise.then(
    () => ({ code: "nothing failed", message: "" }),
    (error: Error) => ({ code: codeOf(error), message: error.message }),
  );
}

eitherWay("A command", {}, (setting) => {
  it("answers with its output and its exit code", async () => {
    const result = await setting().exec("echo hello");
    expect(result).to.deep.include({ status: { state: "exited", code: 0 }, jobId: null, adopted: false });
    expect(result.output).to.deep.include({ text: "hello\n", totalBytes: 6, omittedBytes: 0, keptWhole: true });
    expect(readFileSync(result.output.file, "utf8")).to.equal("hello\n");
    expect(result.durationMs).to.be.within(0, 5_000);
  });

  it("reports the exit code that the shell ended with", async () => {
    expect((await setting().exec("exit 7")).status).to.deep.equal({ state: "exited", code: 7 });
    expect((await setting().exec("no-such-program")).status).to.deep.equal({ state: "exited", code: 127 });
  });

  it("reports the signal that ended it, and no remark of a shell", async () => {
    const result = await setting().exec("kill -KILL $$");
    expect(result.status).to.deep.equal({ state: "signalled", signal: "SIGKILL" });
    expect(result.output.text).to.equal("");
    expect((await setting().exec("kill -SEGV $$")).status).to.deep.equal({ state: "signalled", signal: "SIGSEGV" });
  });

  it("keeps stdout and stderr in the order of the writes", async () => {
    const result = await setting().exec("for i in 1 2 3; do echo out$i; echo err$i >&2; done");
    expect(result.output.text).to.equal("out1\nerr1\nout2\nerr2\nout3\nerr3\n");
  });

  it("keeps what came before when stdout and stderr are opened by name", async () => {
    const result = await setting().exec("echo a; echo b >/dev/stderr; echo c >/dev/stdout; echo d");
    expect(result.output.text).to.equal("a\nb\nc\nd\n");
  });

  it("reads an empty stdin instead of waiting for one", async () => {
    const result = await setting().exec("cat; read line; echo $?");
    expect(result.output.text).to.equal("1\n");
  });

  it("runs text with any quoting as it stands", async () => {
    const result = await setting().exec(`printf '%s|' "a'b" 'c"d' '$HOME' "\\\\" 'ü'; printf x\\\ny`);
    expect(result.output.text).to.equal("a'b|c\"d|$HOME|\\|ü|x\ny".replace("x\ny", "xy"));
  });

  it("runs a command of several megabytes", async () => {
    const filler = "# filler\n".repeat(400_000);
    const result = await setting().exec(`${filler}echo "end of $0" | sed 's/ of .*//'`);
    expect(result.output.text).to.equal("end\n");
  });

  it("runs in the folder that is asked for", async () => {
    const cwd = join(setting().workspace, "a folder");
    mkdirSync(cwd);
    expect((await setting().exec("pwd", { cwd })).output.text).to.equal(`${cwd}\n`);
  });

  it("says so when the folder does not exist, and starts nothing", async () => {
    const cwd = join(setting().workspace, "missing");
    const { code, message } = await failure(setting().exec("touch started", { cwd }));
    expect(code).to.equal("CWD_MISSING");
    expect(message).to.contain(cwd);
    expect(readdirSync(setting().workspace)).not.to.contain("started");
  });

  it("refuses what cannot be run", async () => {
    expect((await failure(setting().exec("echo", { cwd: "relative" }))).code).to.equal("BAD_REQUEST");
    expect((await failure(setting().exec("echo a\0b"))).code).to.equal("BAD_REQUEST");
    expect((await failure(setting().exec("echo", { timeoutMs: 0 }))).code).to.equal("BAD_REQUEST");
  });

  it("gets the environment that was allowed and nothing of ours", async () => {
    process.env.SPEC_SECRET = "do not tell";
    try {
      const { output } = await setting().exec("env");
      const names = output.text.split("\n").map((line) => line.split("=")[0]);
      const ours = [
        "ML_INTERN_CALL",
        "TMPDIR",
        "TERM",
        "PAGER",
        "GIT_PAGER",
        "GIT_TERMINAL_PROMPT",
        "PYTHONUNBUFFERED",
      ];
      expect(names.filter((name) => name !== "")).to.have.members([
        ...Object.keys(setting().args.env),
        ...ours,
        ...["PWD", "SHLVL", "_"],
      ]);
    } finally {
      delete process.env.SPEC_SECRET;
    }
  });

  it("finds a private folder for temporary files", async () => {
    const result = await setting().exec('f=$(mktemp) && echo x > "$f" && echo "$f" && stat -c %a "$TMPDIR"');
    const [file, mode] = result.output.text.split("\n");
    expect(file).to.contain(join(setting().base, "session", "tmp"));
    expect(mode).to.equal("700");
  });

  it("shows its output as it comes", async () => {
    const seen: string[] = [];
    let bytes = 0;
    const gate = join(setting().workspace, "gate");
    const running = setting().exec(`echo first; until [ -e '${gate}' ]; do sleep 0.01; done; echo second`, {
      onProgress: (progress) => {
        seen.push(progress.text);
        bytes += progress.bytes;
        if (progress.text.includes("first")) mkdirSync(gate);
      },
    });
    expect((await running).status).to.deep.equal({ state: "exited", code: 0 });
    expect(seen.join("")).to.equal("first\nsecond\n");
    expect(bytes).to.equal(13);
  });

  it("keeps its records to the user alone", async () => {
    await setting().exec("echo x", { callId: "private" });
    const dir = callFolder(setting().callsDir, "private");
    expect(statSync(dir).mode & 0o777).to.equal(0o700);
    expect(statSync(join(dir, "out")).mode & 0o777).to.equal(0o600);
  });

  it("takes call ids of any shape, each with a folder of its own", async () => {
    const ids = ["../../escape", "a/b", "a\\b", "..", ".", "x".repeat(500), "ü", "a b"];
    const results = await Promise.all(ids.map((callId) => setting().exec(`echo ${ids.indexOf(callId)}`, { callId })));
    expect(results.map(({ output }) => output.text)).to.deep.equal(ids.map((_, index) => `${index}\n`));
    for (const { output } of results) expect(output.file.startsWith(`${setting().callsDir}/`)).to.equal(true);
  });

  it("runs several commands at a time", async () => {
    const meet = (mine: string, other: string) =>
      setting().exec(`touch ${mine}; until [ -e ${other} ]; do sleep 0.01; done; echo met`);
    const results = await Promise.all([meet("one", "two"), meet("two", "one")]);
    expect(results.map(({ output }) => output.text)).to.deep.equal(["met\n", "met\n"]);
  });
});

describe("The short name of the folder for temporary files", function () {
  this.timeout(limitMs);
  it("leaves room for sockets when the session's folder has a long path, and goes at the end", async () => {
    const below = await openSandbox();
    const deep = join(below.base, "d".repeat(80));
    mkdirSync(deep);
    const setting = await openSandbox({ below: deep });
    try {
      const result = await setting.exec('echo "$TMPDIR"; touch "$TMPDIR/here"; readlink -f "$TMPDIR"');
      const [name = "", real] = result.output.text.split("\n");
      expect(name.length).to.be.below(40);
      expect(real).to.equal(join(setting.base, "session", "tmp"));
      expect(readdirSync(real ?? "")).to.contain("here");
      expect((await setting.exec('echo "$TMPDIR"')).output.text.trim()).to.equal(name);
      await setting.reopen();
      await setting.ref.ask("stopAll", {}, { deadlineMs: limitMs });
      expect(statSync(name, { throwIfNoEntry: false })).to.equal(undefined);
    } finally {
      await setting.close();
      await below.close();
    }
  });
});
