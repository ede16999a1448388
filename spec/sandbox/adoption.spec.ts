import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { callFolder, readClaim, readSpec, recordSpec } from "../../actors/sandbox/call-folder.ts";
import { readProcess } from "../../actors/sandbox/process-table.ts";
import type { ExecRequest } from "../../actors/sandbox/protocol.ts";
import { codeOf } from "../../runtime/index.ts";
import { eitherWay, eventually, limitMs, openSandbox, processesBelow, type Setting } from "./setting.ts";

/** A command that says so, waits to be let go, and ends with a code of its own. */
const patient = "echo begun; touch begun; until [ -e go ]; do sleep 0.01; done; echo over; exit 9";

function letGo(setting: Setting): void {
  writeFileSync(join(setting.workspace, "go"), "");
}

function begun(setting: Setting): Promise<void> {
  return eventually(() => existsSync(join(setting.workspace, "begun")), "the command has begun");
}

eitherWay("Adoption", {}, (setting) => {
  afterEach(() => {
    for (const name of ["go", "begun"]) rmSync(join(setting().workspace, name), { force: true });
  });

  it("joins a call that runs, instead of running it again", async () => {
    const first = setting().exec(patient, { callId: "joined" });
    await begun(setting());
    const second = setting().exec(patient, { callId: "joined" });
    letGo(setting());
    const [one, two] = await Promise.all([first, second]);
    expect(one.output.text).to.equal("begun\nover\n");
    expect(two).to.deep.equal(one);
  });

  it("answers for a call that is over from its files", async () => {
    const first = await setting().exec("echo x >>ran; cat ran", { callId: "over" });
    const second = await setting().exec("echo x >>ran; cat ran", { callId: "over" });
    expect(first.output.text).to.equal("x\n");
    expect(second).to.deep.equal({ ...first, adopted: true });
  });

  it("refuses a call id that belongs to another command", async () => {
    await setting().exec("echo one", { callId: "twice" });
    const code = await setting()
      .exec("echo two", { callId: "twice" })
      .catch((error: unknown) => codeOf(error));
    expect(code).to.equal("CALL_REUSED");
  });

  it("finds the command again after the actor was killed", async () => {
    const lost = setting()
      .exec(patient, { callId: "crashed" })
      .catch((error: unknown) => codeOf(error));
    await begun(setting());
    setting().kill();
    expect(await lost).to.equal("ACTOR_GONE");
    const again = setting().exec(patient, { callId: "crashed" });
    letGo(setting());
    const result = await again;
    expect(result).to.deep.include({ status: { state: "exited", code: 9 }, adopted: true });
    expect(result.output.text).to.equal("begun\nover\n");
  });

  it("holds the deadline after the actor was killed, counted from the start, even when nobody asks", async () => {
    const request = { callId: "deadline", timeoutMs: 700 };
    const lost = setting()
      .exec(patient, request)
      .catch((error: unknown) => codeOf(error));
    await begun(setting());
    setting().kill();
    await lost;
    await setting().ref.ask("isolation", {}, { deadlineMs: limitMs });
    await eventually(() => processesBelow(setting().callsDir).length === 0, "the command is ended");
    const result = await setting().exec(patient, request);
    expect(result).to.deep.include({ status: { state: "timed_out" }, adopted: true });
    expect(result.durationMs).to.be.within(650, 2_500);
  });

  it("goes on with an end that the death of the actor cut short", async () => {
    const stubborn = "trap '' TERM; touch begun; while :; do sleep 0.05; done";
    const dial = new AbortController();
    const lost = setting()
      .exec(stubborn, { callId: "cut short", signal: dial.signal })
      .catch((error: unknown) => codeOf(error));
    await begun(setting());
    dial.abort();
    await lost;
    const verdict = join(callFolder(setting().callsDir, "cut short"), "verdict");
    await eventually(() => existsSync(verdict), "the end has begun");
    setting().kill();
    const result = await setting().exec(stubborn, { callId: "cut short" });
    expect(result.status).to.deep.equal({ state: "cancelled" });
    expect(processesBelow(setting().callsDir)).to.deep.equal([]);
  });

  it("leaves commands alone when the system stops, and finds them in the next one", async () => {
    const lost = setting()
      .exec(patient, { callId: "reopened" })
      .catch((error: unknown) => codeOf(error));
    await begun(setting());
    await setting().reopen();
    expect(await lost).to.be.oneOf(["ACTOR_GONE", "STOPPING"]);
    const again = setting().exec(patient, { callId: "reopened" });
    letGo(setting());
    expect((await again).status).to.deep.equal({ state: "exited", code: 9 });
  });
});

describe("Adoption over the death of the program", function () {
  this.timeout(limitMs);
  let setting: Setting;
  let children: ChildProcess[] = [];

  beforeEach(async () => {
    setting = await openSandbox();
  });
  afterEach(async () => {
    for (const child of children) child.kill("SIGKILL");
    children = [];
    await setting.close();
  });

  function request(over: Partial<ExecRequest>): ExecRequest {
    const { workspace: cwd } = setting;
    return { callId: "c", command: patient, cwd, timeoutMs: limitMs, background: false, title: "", ...over };
  }

  /** Starts a whole program that runs a command. */
  function program(over: Partial<ExecRequest> = {}): { child: ChildProcess; exit: Promise<string> } {
    const entry = fileURLToPath(new URL("./sandbox-child.js", import.meta.url));
    const input = JSON.stringify({ args: setting.args, request: request(over) });
    const child = spawn(process.execPath, [entry, input], { stdio: ["ignore", "pipe", "ignore"] });
    children.push(child);
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
    return { child, exit: new Promise((resolve) => child.once("close", () => resolve(text))) };
  }

  it("takes over a command that still runs, with the whole output and the exit code", async () => {
    const { child, exit } = program();
    await begun(setting);
    child.kill("SIGKILL");
    await exit;
    const again = setting.exec(patient, { callId: "c" });
    letGo(setting);
    const result = await again;
    expect(result).to.deep.include({ status: { state: "exited", code: 9 }, adopted: true });
    expect(result.output.text).to.equal("begun\nover\n");
  });

  it("learns how a command ended that went on alone", async () => {
    const { child, exit } = program();
    await begun(setting);
    child.kill("SIGKILL");
    await exit;
    letGo(setting);
    await eventually(() => processesBelow(setting.callsDir).length === 0, "the command is over");
    const result = await setting.exec(patient, { callId: "c" });
    expect(result).to.deep.include({ status: { state: "exited", code: 9 }, adopted: true });
    expect(result.output.text).to.equal("begun\nover\n");
  });

  it("runs a command that was put on record and never started", async () => {
    recordSpec(callFolder(setting.callsDir, "c"), request({ command: "echo now" }), Date.now());
    const result = await setting.exec("echo now", { callId: "c" });
    expect(result.output.text).to.equal("now\n");
  });

  it("says that a command is lost when its processes are gone without a word", async () => {
    const asked = setting.exec(patient, { callId: "c" });
    await begun(setting);
    const claim = readClaim(callFolder(setting.callsDir, "c"));
    if (claim === null || claim === "torn") throw new Error("There is no claim.");
    process.kill(-claim.pid, "SIGKILL");
    expect((await asked).status).to.deep.equal({ state: "lost" });
    expect((await setting.exec(patient, { callId: "c" })).status).to.deep.equal({ state: "lost" });
  });

  it("says so of a wrapper that died before it could tell who it was", async () => {
    const dir = callFolder(setting.callsDir, "c");
    recordSpec(dir, request({ command: "echo" }), Date.now());
    writeFileSync(join(dir, "claim"), "");
    expect((await setting.exec("echo", { callId: "c" })).status).to.deep.equal({ state: "lost" });
  });

  it("does not take another process for the command when the pid was given out again", async () => {
    const bystander = spawn("sleep", ["60"], { stdio: "ignore", detached: true });
    children.push(bystander);
    const row = readProcess(bystander.pid ?? 0);
    if (row === null) throw new Error("There is no bystander.");
    const cases = { "another start time": `${Number(row.start) - 5}`, "the same start time": row.start };
    for (const [callId, start] of Object.entries(cases)) {
      const dir = callFolder(setting.callsDir, callId);
      recordSpec(dir, request({ callId }), Date.now());
      const stat = readFileSync(`/proc/${row.pid}/stat`, "utf8").split(" ");
      stat[21] = start;
      writeFileSync(join(dir, "claim"), `${stat.join(" ").trim()}\n`);
      const result = await setting.exec(patient, { callId, timeoutMs: 50 });
      expect(result.status, callId).to.deep.equal({ state: "lost" });
    }
    expect(readProcess(row.pid)).not.to.equal(null);
  });

  it("starts a command once when many programs try at the same time", async () => {
    const rounds = 3;
    for (let round = 0; round < rounds; round += 1) {
      const over = { callId: `race-${round}`, command: `echo ran >>race-${round}; cat race-${round}` };
      const answers = await Promise.all([program(over), program(over)].map(({ exit }) => exit));
      expect(answers.map((text) => JSON.parse(text).output.text)).to.deep.equal(["ran\n", "ran\n"]);
    }
  });
});

describe("The claim of a call", function () {
  this.timeout(limitMs);
  it("is won by one of many wrappers", async () => {
    const setting = await openSandbox();
    try {
      const { wrapped } = await import("../../actors/sandbox/wrapper.ts");
      for (let round = 0; round < 15; round += 1) {
        const dir = join(setting.base, `round-${round}`);
        mkdirSync(dir);
        const [file, args] = wrapped(dir, ["/bin/sh", "-c", `echo ran; echo ${randomUUID()}`]);
        const codes = await Promise.all(
          Array.from({ length: 6 }, () => {
            const child = spawn(file, args, { stdio: "ignore", detached: true });
            return new Promise((resolve) => child.once("exit", resolve));
          }),
        );
        expect(codes.filter((code) => code === 0)).to.have.length(1);
        expect(codes.filter((code) => code === 125)).to.have.length(5);
        expect(readFileSync(join(dir, "out"), "utf8").match(/ran/g)).to.have.length(1);
        expect(readSpec(dir)).to.equal(null);
      }
    } finally {
      await setting.close();
    }
  });
});
