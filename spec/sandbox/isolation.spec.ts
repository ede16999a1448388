import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { limitMs, openSandbox, type Setting } from "./setting.ts";

const ask = { deadlineMs: limitMs };

describe("Isolation that was switched off", function () {
  this.timeout(limitMs);
  it("is said plainly", async () => {
    const setting = await openSandbox();
    try {
      const isolation = await setting.ref.ask("isolation", {}, ask);
      expect(isolation).to.deep.include({ kind: "none", writable: null, isOpen: false });
      expect(isolation.notice).to.match(/not isolated.*write everything that you can/);
    } finally {
      await setting.close();
    }
  });
});

describe("Isolation without bubblewrap", function () {
  this.timeout(limitMs);
  it("is said plainly, with what to install, and commands run", async function () {
    const setting = await openSandbox({ isolation: "auto", env: { PATH: "/nonexistent" } });
    try {
      const isolation = await setting.ref.ask("isolation", {}, ask);
      if (isolation.kind === "bubblewrap") this.skip();
      expect(isolation.notice).to.contain("not isolated").and.to.contain("bubblewrap");
      expect(isolation.isOpen, "nobody has said that this is fine").to.equal(true);
      expect((await setting.exec("echo runs")).output.text).to.equal("runs\n");
    } finally {
      await setting.close();
    }
  });
});

describe("Isolation by bubblewrap", function () {
  this.timeout(limitMs);
  let setting: Setting;
  let outside: string;
  let home: string;

  const path = (...names: string[]): string => join(setting.workspace, ...names);
  /** Runs a command that must fail. */
  async function fails(command: string): Promise<string> {
    const { status, output } = await setting.exec(command);
    expect(status.state === "exited" && status.code !== 0, `${command} failed`).to.equal(true);
    return output.text;
  }
  async function works(command: string): Promise<string> {
    const { status, output } = await setting.exec(command);
    expect(status, output.text).to.deep.equal({ state: "exited", code: 0 });
    return output.text;
  }

  before(async function () {
    setting = await openSandbox({ isolation: "auto" });
    outside = join(setting.base, "outside");
    home = join(setting.base, "home");
    for (const folder of [outside, path(".git", "hooks"), join(home, ".ssh"), join(home, ".cache", "huggingface")]) {
      mkdirSync(folder, { recursive: true });
    }
    writeFileSync(join(outside, "file"), "mine");
    writeFileSync(path(".git", "config"), "[core]\n");
    mkdirSync(path(".ml-intern"));
    writeFileSync(path(".ml-intern", "policy.json"), "{}");
    writeFileSync(join(home, ".ssh", "id_ed25519"), "private key");
    writeFileSync(join(home, ".netrc"), "password");
    writeFileSync(join(home, ".cache", "huggingface", "token"), "hf_token");
    symlinkSync(outside, path("way-out"));
    const { kind } = await setting.ref.ask("isolation", {}, ask);
    if (kind === "none") this.skip();
  });
  after(() => setting.close());

  it("lets commands write in the workspace, the temporary folder and the caches, and names these", async () => {
    await works('touch a "$TMPDIR/b" ~/.cache/c && mkdir -p ~/.cache/huggingface/hub && echo x >/dev/shm/x');
    expect(existsSync(path("a"))).to.equal(true);
    const { writable } = await setting.ref.ask("isolation", {}, ask);
    expect(writable).to.include.members([
      setting.workspace,
      join(home, ".cache"),
      join(setting.base, "session", "tmp"),
    ]);
  });

  it("keeps everything else as it is, however it is addressed", async () => {
    const file = join(outside, "file");
    for (const target of [file, "../outside/file", "way-out/file", `/proc/self/root${file}`, `/proc/1/root${file}`]) {
      await fails(`echo changed >${target}`);
      await fails(`rm -f ${target}; [ ! -e ${target} ]`);
    }
    await fails(`ln ${file} linked && echo changed >linked`);
    await fails(`touch ${join(tmpdir(), "outside-of-everything")}`);
    await fails("mount -o remount,rw / && touch /outside-of-everything");
    await fails(`umount ${outside} / ; touch ${outside}/new`);
    expect(readFileSync(file, "utf8")).to.equal("mine");
  });

  it("keeps the rules by which the workspace tightens the policy", async () => {
    await fails("echo '{\"rules\":[]}' >.ml-intern/policy.json");
    await fails("rm -rf .ml-intern");
    expect(readFileSync(path(".ml-intern", "policy.json"), "utf8")).to.equal("{}");
  });

  it("keeps hooks and config of the repository, even when it is moved away", async () => {
    await fails("echo x >.git/hooks/pre-commit");
    await fails("echo x >>.git/config");
    await fails("mv .git moved && mkdir -p .git/hooks && echo x >.git/hooks/pre-commit");
    await fails("rm -rf .git/hooks .git/config");
    await works("touch .git/index");
    expect(readFileSync(path(".git", "config"), "utf8")).to.equal("[core]\n");
    expect(existsSync(path(".git", "hooks", "pre-commit"))).to.equal(false);
  });

  it("lets git work", async function () {
    try {
      execFileSync("git", ["--version"]);
    } catch {
      this.skip();
    }
    await works(
      "mkdir -p sub && cd sub && git init -q . && git -c user.name=a -c user.email=b commit -q --allow-empty -m x",
    );
  });

  it("keeps the records of the session, its own call included", async () => {
    await works("true");
    const { callsDir } = setting;
    await fails(`echo x >${callsDir}/forged`);
    await fails(`for dir in ${callsDir}/*; do echo 0 >$dir/status && exit 0; done; exit 1`);
    await fails(`rm -rf ${callsDir}`);
  });

  it("hides credentials", async () => {
    expect(await works("cat ~/.ssh/* ~/.netrc ~/.cache/huggingface/token 2>/dev/null; ls -A ~/.ssh; true")).to.equal(
      "",
    );
  });

  it("hides the processes outside, and with them their environment", async () => {
    const text = await works(
      "cat /proc/[0-9]*/environ | tr '\\0' '\\n' | grep -c '^MOCHA\\|^npm_' ; ls -d /proc/[0-9]* | wc -l",
    );
    const [secrets, processes] = text.split("\n").map(Number);
    expect(secrets).to.equal(0);
    expect(processes).to.be.below(10);
    await fails(`kill -0 ${process.pid}`);
  });

  it("leaves the network on", async () => {
    await works("[ -e /sys/class/net/lo ] && grep -q lo: /proc/net/dev");
    expect(await works("readlink /proc/self/ns/net")).to.equal(`${execFileSync("readlink", ["/proc/self/ns/net"])}`);
  });

  it("takes a folder to work in outside the workspace, to read", async () => {
    const { output } = await setting.exec("cat file; touch new", { cwd: outside });
    expect(output.text).to.match(/^mine/).and.to.contain("Read-only");
  });
});
