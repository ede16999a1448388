import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { codeOf } from "../../runtime/index.ts";
import { eitherWay, eventually, limitMs, processesBelow } from "./setting.ts";

const ask = { deadlineMs: limitMs };

eitherWay("A job", {}, (setting) => {
  const go = (name: string): void => writeFileSync(join(setting().workspace, name), "");
  const until = (name: string): string => `until [ -e ${name} ]; do sleep 0.01; done`;
  const job = async (jobId: string) => {
    const found = (await setting().ref.ask("jobs", {}, ask)).find((each) => each.jobId === jobId);
    if (found === undefined) throw new Error(`There is no job ${jobId}.`);
    return found;
  };
  const over = async (jobId: string) => {
    let state = "running";
    await eventually(() => {
      void job(jobId).then(({ status }) => {
        state = status.state;
      });
      return state !== "running";
    }, "the job is over");
    return job(jobId);
  };

  it("answers at once and runs on", async () => {
    const result = await setting().exec(`echo begun; ${until("go-1")}; echo over; exit 3`, {
      callId: "job-1",
      background: true,
      title: "training",
    });
    expect(result).to.deep.include({ status: { state: "running" }, jobId: "job-1", adopted: false });
    expect(await job("job-1")).to.deep.include({ title: "training", background: true, status: { state: "running" } });
    go("go-1");
    expect((await over("job-1")).status).to.deep.equal({ state: "exited", code: 3 });
  });

  it("is read page by page, and waits for the rest of a character", async () => {
    const command = `printf 'abc\\xe2\\x82'; ${until("go-2")}; printf '\\xacdef'`;
    await setting().exec(command, { callId: "job-2", background: true });
    const read = (from: number, maxBytes = 100) =>
      setting().ref.ask("readJob", { jobId: "job-2", from, maxBytes }, ask);
    await eventually(() => readFileSync(join(setting().callsDir, "job-2", "out")).length === 5, "five bytes are there");
    expect(await read(0)).to.deep.include({ text: "abc", next: 3 });
    go("go-2");
    await over("job-2");
    expect(await read(3)).to.deep.include({ text: "€def", next: 9 });
    expect(await read(9)).to.deep.include({ text: "", next: 9 });
    expect(await read(0, 4)).to.deep.include({ text: "abc", next: 3 });
    expect(await read(1_000)).to.deep.include({ text: "" });
  });

  it("is stopped on request with all that it started", async () => {
    await setting().exec("setsid sleep 60 & echo $! >pid; wait", { callId: "job-3", background: true });
    await eventually(() => existsSync(join(setting().workspace, "pid")), "the job runs");
    const stopped = await setting().ref.ask("stopJob", { jobId: "job-3" }, ask);
    expect(stopped.status).to.deep.equal({ state: "cancelled" });
    expect(processesBelow(setting().callsDir)).to.deep.equal([]);
    const again = await setting().ref.ask("stopJob", { jobId: "job-3" }, ask);
    expect(again).to.deep.equal(stopped);
  });

  it("ends when its time is up", async () => {
    await setting().exec("sleep 60", { callId: "job-4", background: true, timeoutMs: 100 });
    expect((await over("job-4")).status).to.deep.equal({ state: "timed_out" });
  });

  it("lasts as long as what it sent to the background", async () => {
    await setting().exec(`(${until("go-5")}) >/dev/null 2>&1 &`, { callId: "job-5", background: true });
    await eventually(() => existsSync(join(setting().callsDir, "job-5", "status")), "its shell is over");
    expect((await job("job-5")).status).to.deep.equal({ state: "running" });
    expect(processesBelow(setting().callsDir)).not.to.deep.equal([]);
    go("go-5");
    expect((await over("job-5")).status).to.deep.equal({ state: "exited", code: 0 });
  });

  it("is stopped when only what it sent to the background is left", async () => {
    await setting().exec("sleep 60 >/dev/null 2>&1 &", { callId: "job-7", background: true });
    await eventually(() => existsSync(join(setting().callsDir, "job-7", "status")), "its shell is over");
    const stopped = await setting().ref.ask("stopJob", { jobId: "job-7" }, ask);
    expect(stopped.status).to.deep.equal({ state: "cancelled" });
    expect(processesBelow(setting().callsDir)).to.deep.equal([]);
  });

  it("lives through the death of the actor", async () => {
    await setting().exec(`echo begun; ${until("go-6")}; exit 4`, { callId: "job-6", background: true });
    setting().kill();
    expect((await job("job-6")).status).to.deep.equal({ state: "running" });
    go("go-6");
    expect((await over("job-6")).status).to.deep.equal({ state: "exited", code: 4 });
  });

  it("is asked for by a name that exists", async () => {
    for (const type of ["readJob", "stopJob"] as const) {
      const code = await setting()
        .ref.ask(type, { jobId: "nobody", from: 0, maxBytes: 10 }, ask)
        .catch((error: unknown) => codeOf(error));
      expect(code).to.equal("JOB_UNKNOWN");
    }
  });
});
