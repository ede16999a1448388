import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { until } from "../../support/program.ts";
import { stateAfter, untouched } from "./screen-state.ts";

const hasTerminals = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;

(hasTerminals ? describe : describe.skip)("a program at a terminal", function () {
  this.timeout(30_000);
  let folder = "";
  let program = "";
  let leave = () => {};

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "seat-"));
    program = join(folder, "seat.mjs");
    const options = ["--bundle", "--platform=node", "--format=esm", `--outfile=${program}`, "--log-level=error"];
    const built = spawnSync("node_modules/.bin/esbuild", ["spec/screen/term/seat.ts", ...options], {
      encoding: "utf8",
    });
    if (built.status !== 0) throw new Error(built.stderr);
  });
  afterEach(() => leave());
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs a command line with a terminal of its own. `$SEAT` in it is the program. */
  function sit(commandLine = "$SEAT; echo code=$?; stty -a") {
    const logFile = join(mkdtempSync(join(folder, "log-")), "log");
    const child = spawn("script", ["-qefc", commandLine, "/dev/null"], {
      env: {
        PATH: process.env.PATH ?? "",
        TERM: "xterm-256color",
        SHELL: "/bin/sh",
        PS1: "prompt> ",
        SEAT: `${process.execPath} ${program} ${logFile}`,
      },
      stdio: ["pipe", "pipe", "inherit"],
    });
    let bytes = "";
    child.stdout.setEncoding("latin1").on("data", (chunk: string) => {
      bytes += chunk;
    });
    const closed = new Promise<void>((resolve) => child.on("close", () => resolve()));
    leave = () => void child.kill("SIGKILL");
    const logged = () => readFileSync(logFile, "utf8").split("\n");
    const line = (start: string) =>
      logged()
        .findLast((text) => text.startsWith(start))
        ?.slice(start.length + 1);
    return {
      type: (keys: string) => void child.stdin.write(keys),
      /** Closes the terminal's window. */
      close: () => child.kill("SIGKILL"),
      stall: () => void child.stdout.pause(),
      goOn: () => void child.stdout.resume(),
      closed,
      line,
      pid: () => Number(line("pid")),
      get bytes() {
        return bytes;
      },
      shows: (text: string, times = 1) => until(`${text} on the screen`, () => bytes.split(text).length > times),
      logs: (start: string, text = "") =>
        until(`${start} ${text} in the log`, () =>
          logged().some((each) => each.startsWith(start) && each.includes(text)),
        ),
    };
  }

  /** What the shell says after the program: its exit code, and that the line discipline is as before. */
  async function expectRestored(seat: ReturnType<typeof sit>, code: number) {
    await seat.closed;
    expect(seat.bytes).to.contain(`code=${code}`);
    expect(stateAfter(seat.bytes)).to.deep.include({ ...untouched, entries: 1 });
    const settings = seat.bytes.slice(seat.bytes.lastIndexOf("code="));
    for (const setting of ["icanon", "echo", "isig", "opost"])
      expect(settings).to.match(new RegExp(`[^-]\\b${setting}\\b`));
  }

  it("enters, asks, shows, and leaves all as it was", async () => {
    const seat = sit();
    await seat.shows("hello");
    expect(stateAfter(seat.bytes).on).to.deep.equal([1000, 1004, 1006, 1049, 2004]);
    expect(seat.bytes.indexOf("\u001b[c")).to.be.lessThan(seat.bytes.indexOf("\u001b[?1049h"));
    seat.type("\u001b]11;rgb:ff/ff/ff\u0007\u001b[?1007;1$y\u001b[?62c");
    await seat.logs("caps", '"answered":true');
    seat.type("a\u001b[1;5Cb");
    await seat.shows("got b");
    await seat.logs("event", '"ctrl+right"');
    seat.type("q");
    await seat.closed;
    expect(seat.bytes).to.contain("bye");
    // The wheel sends arrow keys again, as the terminal has said that it did before.
    expect(stateAfter(seat.bytes)).to.deep.include({ ...untouched, on: [1007], entries: 1 });
  });

  const ends: [string, number, (seat: ReturnType<typeof sit>) => void][] = [
    ["quitting", 0, (seat) => seat.type("q")],
    ["an error that nobody takes", 1, (seat) => seat.type("t")],
    ["SIGTERM", 143, (seat) => process.kill(seat.pid(), "SIGTERM")],
    ["SIGINT", 130, (seat) => process.kill(seat.pid(), "SIGINT")],
    ["SIGQUIT", 131, (seat) => process.kill(seat.pid(), "SIGQUIT")],
    ["SIGHUP", 129, (seat) => process.kill(seat.pid(), "SIGHUP")],
  ];
  for (const [name, code, act] of ends) {
    it(`leaves no mode on after ${name}`, async () => {
      const seat = sit();
      await seat.shows("hello");
      act(seat);
      await expectRestored(seat, code);
    });
  }

  it("goes on at once where nobody could have it go on after it was stopped", async () => {
    // No shell with job control watches over this one.
    const seat = sit("exec $SEAT");
    await seat.shows("hello");
    seat.type("\u001a");
    await seat.shows("resumed");
    expect(stateAfter(seat.bytes).on).to.deep.equal([1000, 1004, 1006, 1049, 2004]);
    seat.type("q");
    await seat.closed;
    expect(stateAfter(seat.bytes)).to.deep.include({ ...untouched, entries: 2 });
  });

  it("stops for the shell at Ctrl-Z and comes back at fg", async () => {
    const seat = sit("bash --norc --noediting -i");
    await seat.shows("prompt> ");
    seat.type("$SEAT\r");
    await seat.shows("hello");
    seat.type("\u001a");
    await seat.shows("Stopped");
    expect(stateAfter(seat.bytes)).to.deep.include(untouched);
    seat.type("stty -a; echo usable\r");
    await seat.shows("\nusable");
    expect(seat.bytes.slice(seat.bytes.lastIndexOf("Stopped"))).to.match(/[^-]\bicanon\b/);
    seat.type("fg\r");
    await seat.shows("resumed");
    expect(stateAfter(seat.bytes)).to.deep.include({ on: [1000, 1004, 1006, 1049, 2004], keys: [0, 1], entries: 2 });
    seat.type("a");
    await seat.shows("got a");
    process.kill(seat.pid(), "SIGTSTP");
    await seat.shows("Stopped", 2);
    seat.type("fg\r");
    await seat.shows("resumed", 2);
    seat.type("q");
    await seat.shows("bye");
    seat.type("exit\r");
    await seat.closed;
    expect(stateAfter(seat.bytes)).to.deep.include({ ...untouched, entries: 3 });
  });

  it("does not stall with the terminal, skips frames meanwhile, and shows the newest state after", async () => {
    const seat = sit();
    await seat.shows("hello");
    seat.type("f");
    seat.stall();
    await until("frames skipped", () => Number(seat.line("skipped")) > 250);
    expect(seat.line("stall")).to.equal(undefined);
    seat.goOn();
    await seat.logs("ready");
    seat.type("q");
    await expectRestored(seat, 0);
  });

  it("ends within its limit at SIGTERM while the terminal is stalled, and no mode stays on when that goes on", async () => {
    const seat = sit();
    await seat.shows("hello");
    seat.type("f");
    seat.stall();
    await until("frames skipped", () => Number(seat.line("skipped")) > 40);
    process.kill(seat.pid(), "SIGTERM");
    await seat.logs("left");
    const [restored, took] = (seat.line("left") ?? "").split(" ");
    expect(restored).to.equal("delegated");
    expect(Number(took)).to.be.within(450, 900);
    await until("the end of the process", () => !isAlive(seat.pid()));
    seat.goOn();
    await expectRestored(seat, 143);
  });

  it("is told when the window is closed, and ends", async () => {
    const seat = sit("exec $SEAT");
    await seat.shows("hello");
    seat.close();
    await seat.logs("left");
    expect(Number((seat.line("left") ?? "").split(" ")[1])).to.be.lessThan(200);
    await until("the end of the process", () => !isAlive(seat.pid()));
  });
});

/** Whether a process runs; one that has ended and whom nobody has asked about yet does not. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}
