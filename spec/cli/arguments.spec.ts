import { expect } from "chai";
import { parseCommand, type RunCommand } from "../../tui/cli/arguments.ts";
import { helpText } from "../../tui/cli/help.ts";
import { joinPrompt } from "../../tui/cli/prompt.ts";
import { FrontError } from "../../tui/errors.ts";
import { nearest } from "../../tui/text/nearest.ts";

const run = (...argv: string[]) => parseCommand(argv) as RunCommand;

function refusal(...argv: string[]): FrontError {
  try {
    parseCommand(argv);
  } catch (error) {
    if (error instanceof FrontError) return error;
    throw error;
  }
  throw new Error(`${argv.join(" ")} should have been refused`);
}

describe("the command line", () => {
  it("is a run with defaults when it is only a prompt, its words joined", () => {
    expect(run("fix", "the bug")).to.deep.include({
      kind: "run",
      publishTo: [],
      prompt: "fix the bug",
      model: null,
      maxIterations: null,
      stream: true,
      approval: null,
      isolation: null,
      format: "text",
      session: { kind: "new" },
    });
    expect(run().prompt).to.equal(null);
  });

  it("knows every option in both its forms", () => {
    expect(run("-m", "a/b", "x").model).to.equal("a/b");
    expect(run("--model=a/b", "x").model).to.equal("a/b");
    expect(run("--max-iterations", "-1", "x").maxIterations).to.equal(-1);
    expect(run("--max-iterations=5", "x").maxIterations).to.equal(5);
    expect(run("--no-stream", "x").stream).to.equal(false);
    expect([run().mouse, run("--no-mouse").mouse]).to.deep.equal([true, false]);
    expect(run("-c").session).to.deep.equal({ kind: "continue" });
    expect(run("--output-format", "stream-json", "x").format).to.equal("stream-json");
    expect(run("--approval", "auto", "x").approval).to.equal("auto");
    const to = run("--publish-to", "me/m", "--publish-to", "datasets/me/exp-*", "x").publishTo;
    expect(to).to.deep.equal(["me/m", "me/exp-*"]);
    expect(run("--isolation", "off", "x").isolation).to.equal("off");
    expect(run("--cwd", "/w", "--config", "c", "x")).to.deep.include({ cwd: "/w", config: "c" });
    expect(parseCommand(["x", "-h"])).to.deep.equal({ kind: "help" });
    expect(parseCommand(["--cwd", "/", "-v"])).to.deep.equal({ kind: "version" });
  });

  it("takes --resume with an id, without one, and before another option", () => {
    expect(run("-r", "2026").session).to.deep.equal({ kind: "resume", id: "2026" });
    expect(run("--resume=2026", "go on").session).to.deep.equal({ kind: "resume", id: "2026" });
    expect(run("--resume").session).to.deep.equal({ kind: "resume", id: null });
    expect(run("-r", "--no-stream").session).to.deep.equal({ kind: "resume", id: null });
  });

  it("tells small commands from prompts", () => {
    expect(parseCommand(["doctor", "--json"])).to.deep.include({ kind: "doctor", json: true });
    expect(run("--", "doctor").prompt).to.equal("doctor");
    expect(run("doctor my data").prompt).to.equal("doctor my data");
    expect(run("--", "doctor", "my", "data").prompt).to.equal("doctor my data");
    expect(parseCommand(["sessions", "--all"])).to.deep.include({ kind: "sessions", all: true });
  });

  it("refuses words after a small command, which takes none, and says how to send them as a prompt", () => {
    expect(refusal("doctor", "my", "data").hint).to.contain("ml-intern -- doctor my data");
    expect(refusal("config", "set", "x").code).to.equal("USAGE");
    expect(refusal("hello", "--all").code).to.equal("USAGE");
    for (const name of ["--model", "--cwd", "--config", "--resume"]) {
      expect(refusal("hello", name, " ").message, name).to.contain(name);
    }
  });

  it("does not send a mistyped command to a model", () => {
    expect(refusal("sesions").hint).to.contain("ml-intern sessions").and.contain("-- sesions");
    expect(run("hello").prompt).to.equal("hello");
  });

  for (const [what, argv, words] of [
    ["an unknown option, with the nearest", ["--modle", "x"], "--model"],
    ["an unknown short option", ["-z"], "-z"],
    ["a missing value", ["x", "--model"], "--model"],
    ["a value that looks like an option", ["--model", "--no-stream"], "--model"],
    ["a limit that is no whole number", ["--max-iterations", "1.5", "x"], "1.5"],
    ["a limit below -1", ["--max-iterations", "-2", "x"], "-2"],
    ["an unknown format, with the nearest", ["--output-format", "streamjson", "x"], "stream-json"],
    ["an unknown approval mode", ["--approval", "yes", "x"], "ask, auto, deny"],
    ["an unknown isolation", ["--isolation", "docker", "x"], "auto, off"],
    ["both ways to continue", ["-c", "-r", "x"], "exclude"],
    ["leave to publish anywhere", ["--publish-to", "*", "x"], "one owner's"],
    ["leave to publish to anybody", ["--publish-to", "*/model", "x"], "one owner's"],
    ["--json for a run", ["--json", "x"], "--output-format json"],
  ] as const) {
    it(`refuses ${what}`, () => {
      const error = refusal(...argv);
      expect(error).to.include({ code: "USAGE", exitCode: 2 });
      expect(`${error.message} ${error.hint}`).to.contain(words);
    });
  }

  it("is described whole by --help", () => {
    for (const option of ["--model", "--continue", "--resume", "--max-iterations", "--no-stream", "--output-format"]) {
      expect(helpText).to.contain(option);
    }
    for (const word of ["--approval", "--cwd", "--config", "sessions", "doctor", "config", "models", "Exit codes"]) {
      expect(helpText).to.contain(word);
    }
    expect(Math.max(...helpText.split("\n").map((line) => line.length))).to.be.at.most(100);
  });
});

describe("a prompt", () => {
  it("is its words, then what was piped in", () => {
    expect(joinPrompt("explain", "a log\n")).to.equal("explain\n\na log");
    expect(joinPrompt("-", "piped")).to.equal("piped");
    expect(joinPrompt(null, "piped")).to.equal("piped");
    expect(joinPrompt("words", "")).to.equal("words");
    expect(joinPrompt(" ", "\n")).to.equal(null);
  });
});

describe("guessing a name", () => {
  it("finds what is close, and nothing that is not", () => {
    expect(nearest("continu", ["continue", "config"])).to.equal("continue");
    expect(nearest("xyz", ["continue", "config"])).to.equal(null);
  });
});
