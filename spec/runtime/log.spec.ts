import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { combineTaps, createFileLog, type Inspection } from "../../runtime/index.ts";

describe("the log file", () => {
  let dir: string;
  let path: string;
  const log = (message: string, level: "debug" | "info" | "error" = "info"): Inspection => ({
    kind: "log",
    actor: "a",
    level,
    message,
  });
  const lines = (file = path) =>
    readFileSync(file, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), "log-"));
    path = join(dir, "log.jsonl");
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  it("has one JSON object a line, errors included, and is the user's alone", () => {
    writeFileSync(path, "", { mode: 0o644 });
    const tap = createFileLog(path);
    const error = Object.assign(new Error("broken", { cause: new Error("root") }), { code: "BROKEN" });
    tap({ kind: "stopped", actor: "a", epoch: 1, reason: "crash", error });
    tap(log("hello\nworld"));
    const [first, second] = lines();
    expect(first).to.include({ level: "warn", kind: "stopped", actor: "a", reason: "crash" });
    expect(first.error).to.include({ message: "broken" });
    expect(first.error.fields).to.deep.equal({ code: "BROKEN" });
    expect(first.error.cause).to.include({ message: "root" });
    expect(second).to.include({ level: "info", message: "hello\nworld" });
    expect(second.ts).to.be.closeTo(Date.now(), 10_000);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it("leaves out what is less serious than its level", () => {
    const message: Inspection = { kind: "message", to: "a", from: "b", type: "t", ask: true };
    const quiet = createFileLog(path, { level: "error" });
    for (const one of [message, log("x"), log("y", "error")]) quiet(one);
    expect(lines().map((line) => line.message)).to.deep.equal(["y"]);
    createFileLog(path, { level: "debug" })(message);
    expect(lines().at(-1)).to.include({ kind: "message", level: "debug" });
  });

  it("is put aside when it has grown too large", () => {
    const tap = createFileLog(path, { maxBytes: 1_000 });
    for (let index = 0; index < 30; index++) tap(log(`line ${index}`));
    expect(statSync(path).size).to.be.below(1_000);
    const all = [...lines(`${path}.1`), ...lines()].map((line) => line.message);
    expect(all.at(-1)).to.equal("line 29");
    expect(all.length).to.be.above(10);
  });

  it("does not stop the program when its folder is gone", () => {
    const tap = createFileLog(path, { maxBytes: 100 });
    rmSync(dir, { recursive: true });
    for (let index = 0; index < 5; index++) tap(log("lost"));
  });

  it("hands observations to several taps in order", () => {
    const seen: string[] = [];
    const tap = combineTaps(
      () => seen.push("first"),
      () => seen.push("second"),
    );
    tap(log("x"));
    expect(seen).to.deep.equal(["first", "second"]);
  });
});
