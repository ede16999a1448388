import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { introduction } from "../../actors/llm/offline/words.ts";
import type { Message } from "../../actors/llm/protocol.ts";
import { carryOut, converse, finalPlan, finalText, makeWorkspace, reply } from "./session.ts";

/** Rows of a CSV from functions of the row's number; the numbers are fixed, not random. */
function csv(rows: number, columns: Record<string, (row: number) => string | number>): string {
  const lines = Array.from({ length: rows }, (_, row) =>
    Object.values(columns)
      .map((cell) => cell(row))
      .join(","),
  );
  return `${[Object.keys(columns).join(","), ...lines].join("\n")}\n`;
}

/** A number between -1 and 1 that looks random. */
const wobble = (row: number, salt: number): number => Math.sin((row + 1) * 12.9898 + salt * 78.233);

const species = ["setosa", "versicolor", "virginica"];
const flowers = csv(60, {
  length: (row) => ((row % 3) * 1.5 + wobble(row, 1)).toFixed(2),
  width: (row) => ((row % 3) * 0.8 + 0.4 * wobble(row, 2)).toFixed(2),
  species: (row) => species[row % 3] ?? "",
});

const houses = csv(80, {
  id: (row) => row + 1000,
  size: (row) => (row % 9 === 0 ? "NA" : (100 + 60 * wobble(row, 1)).toFixed(1)),
  "kind of house": (row) => (row % 2 === 0 ? '"row, brick"' : '"free ""standing"""'),
  price: (row) => (3 * (100 + 60 * wobble(row, 1)) + (row % 2) * 40 + 5 * wobble(row, 3)).toFixed(2),
});

const metrics = (workspace: string, folder = "experiment"): Record<string, number> =>
  JSON.parse(readFileSync(join(workspace, folder, "results", "test.json"), "utf8")).metrics;

describe("the offline policy", function () {
  this.timeout(20_000);
  let made: { path: string; remove: () => void }[] = [];
  const workspaceWith = (files: Record<string, string | Buffer>): string => {
    const workspace = makeWorkspace(files);
    made.push(workspace);
    return workspace.path;
  };
  afterEach(() => {
    for (const { remove } of made) remove();
    made = [];
  });

  it("classifies a small table, from the first look to a report that can be made again", async () => {
    const workspace = workspaceWith({ "data/flowers.csv": flowers });
    const messages = await converse([], "Predict the species from ./data/flowers.csv", workspace);
    const report = readFileSync(join(workspace, "report.md"), "utf8");
    expect(report).to.match(/^# Predicting `species` from `data\/flowers.csv`\n/);
    expect(report).to.match(/\| `baseline` \|.*\n\| `linear` \|.*\n\| `neighbours` \|.*\n\| `boosting` \|/);
    expect(report).to.match(/\d ± 0\.\d/);
    expect(report).to.include("](learning-curves.svg)").and.to.include("node experiment/run.mjs all");
    expect(report).to.not.include(workspace);
    expect(readFileSync(join(workspace, "learning-curves.svg"), "utf8")).to.match(/^<svg [\s\S]*<\/svg>\n$/);
    expect(metrics(workspace).accuracy).to.be.at.least(0.75);
    expect(finalText(messages))
      .to.include("report.md")
      .and.to.match(/accuracy 0\.\d+ on 12 test rows|accuracy 1 on 12/);
    expect(finalPlan(messages)).to.deep.equal(new Array(6).fill("completed"));
    const again = await carryOut(
      { id: "again", tool: "bash", arguments: { command: "node experiment/run.mjs all" } },
      workspace,
    );
    expect(again.text.match(/the same result again/g)).to.have.length(5);
    expect(again.text).to.not.include("DIFFERENT");
  });

  it("does a regression with gaps, quotes and an identifier, then the same table with another target", async () => {
    const workspace = workspaceWith({ "my houses.csv": houses });
    const first = await converse([], 'use "my houses.csv", target: price', workspace);
    expect(readFileSync(join(workspace, "report.md"), "utf8")).to.match(/`id` \(an identifier\)/);
    expect(metrics(workspace).r2).to.be.at.least(0.5);
    const second = await converse(first, "again with target kind of house", workspace);
    expect(finalText(second)).to.include("report-2.md");
    expect(readFileSync(join(workspace, "report-2.md"), "utf8")).to.match(/row, brick: 40/);
    expect(
      second.filter((message) => message.role === "assistant" && message.text.includes(introduction)),
    ).to.have.length(1);
  });

  it("works on ten rows and says how little that means", async () => {
    const workspace = workspaceWith({
      "ten.csv": csv(10, {
        a: (row) => row / 10,
        b: (row) => wobble(row, 1),
        label: (row) => (row < 5 ? "no" : "yes"),
      }),
    });
    const messages = await converse([], "ten.csv", workspace);
    expect(finalText(messages)).to.include("With only 2 test rows this says little");
  });

  it("calls no winner on pure noise, and prefers the baseline", async () => {
    const workspace = workspaceWith({
      "noise.csv": csv(120, {
        a: (row) => wobble(row, 1),
        b: (row) => wobble(row, 2),
        y: (row) => (wobble(row * row, 5) > 0 ? "u" : "v"),
      }),
    });
    const text = finalText(await converse([], "noise.csv", workspace));
    expect(text).to.include("No clear winner").and.to.include("no model is shown to be better than the baseline");
  });

  const noTables: [name: string, files: Record<string, string | Buffer>, prompt: string, answer: RegExp][] = [
    ["a missing file", { "other.csv": flowers }, "use data.csv", /no such file.*other\.csv/],
    ["a binary file", { "data.csv": Buffer.from([1, 0, 2, 0, 3]) }, "use data.csv", /binary/],
    ["JSON", { "data.json": '[{"a":1,"b":2}]' }, "use data.json", /JSON/],
    ["prose", { "notes.txt": "Dear all\nno table here\n" }, "use notes.txt", /no columns/],
    [
      "prose with commas",
      { "notes.txt": "Dear all,\nit is a letter, with, commas\nbye\n" },
      "use notes.txt",
      /same number of fields/,
    ],
    ["an empty file", { "data.csv": "" }, "use data.csv", /empty/],
    ["one column", { "data.csv": "a\n1\n2\n" }, "use data.csv", /one column/],
    ["a header alone", { "data.csv": "a,b\n" }, "use data.csv", /header \(a, b\) and no rows/],
    [
      "an unknown target",
      { "data.csv": flowers },
      "data.csv target: colour",
      /no column "colour".*length, width, species/,
    ],
  ];
  for (const [name, files, prompt, answer] of noTables) {
    it(`says what it found: ${name}`, async () => {
      const workspace = workspaceWith(files);
      const messages = await converse([], prompt, workspace);
      expect(finalText(messages)).to.match(answer);
      expect(finalPlan(messages).every((status) => status === "completed")).to.equal(true);
      expect(existsSync(join(workspace, "report.md"))).to.equal(false);
    });
  }

  it("tries a candidate that runs out of memory once more with fewer rows, then goes on without it", async () => {
    const workspace = workspaceWith({ "flowers.csv": flowers });
    const commands: string[] = [];
    const messages = await converse([], "flowers.csv", workspace, async (call) => {
      const command = JSON.stringify(call.arguments);
      if (!command.includes("train boosting")) return carryOut(call, workspace);
      commands.push(command);
      return { ok: false, text: "FATAL ERROR: JavaScript heap out of memory\nexit code 134" };
    });
    expect(commands).to.have.length(2);
    expect(commands[0]).to.not.include("--small");
    expect(commands[1]).to.include("--small");
    expect(finalText(messages)).to.include("boosting: could not be trained (it ran out of memory)");
    expect(readFileSync(join(workspace, "report.md"), "utf8")).to.include("`boosting` could not be trained");
  });

  it("stops at once when a call is refused", async () => {
    const workspace = workspaceWith({ "flowers.csv": flowers });
    const messages = await converse([], "flowers.csv", workspace, async (call) =>
      call.tool === "write" ? { ok: false, text: "Not run: the user refused this call." } : carryOut(call, workspace),
    );
    expect(
      messages.filter((message) => message.role === "tool" && message.tool === "write" && !message.ok).length,
    ).to.be.below(30);
    expect(finalText(messages)).to.match(/not allowed.*refused/);
  });

  it("gives up plainly when nothing can be run", async () => {
    const messages = await converse([], "flowers.csv", "/", async () => ({
      ok: false,
      text: "node: command not found\nexit code 127",
    }));
    expect(finalText(messages)).to.match(/cannot run commands.*no `node`/);
    expect(messages.length).to.be.below(16);
  });
});

describe("the offline provider", function () {
  this.timeout(20_000);
  const workspace = makeWorkspace({ "flowers.csv": flowers });
  let messages: Message[] = [];
  before(async () => {
    messages = await converse([], "flowers.csv", workspace.path);
  });
  after(() => workspace.remove());

  it("says in the first line of a conversation what it is, and how to use a model", async () => {
    const { text, calls, finish } = await reply([{ role: "user", text: "hello" }]);
    expect(text.split("\n")[0]).to.equal(introduction);
    expect(introduction)
      .to.match(/rule-driven/)
      .and.to.match(/not a language model/);
    expect(text)
      .to.include("ANTHROPIC_API_KEY")
      .and.to.include("OPENAI_API_KEY")
      .and.to.include("HF_TOKEN")
      .and.to.include("ollama/");
    expect([calls, finish]).to.deep.equal([[], "stop"]);
  });

  it("gives the same reply to every beginning of a conversation again", async () => {
    for (const [index, message] of messages.entries()) {
      if (message.role !== "assistant") continue;
      const { text, calls } = await reply(messages.slice(0, index));
      expect({ text, calls }).to.deep.equal({ text: message.text, calls: message.calls });
    }
  });

  it("streams its text in pieces that add up, and knows its usage", async () => {
    const pieces: string[] = [];
    const { text, usage } = await reply(messages.slice(0, 1), undefined, pieces);
    expect(pieces.length).to.be.above(3);
    expect(pieces.join("")).to.equal(text);
    expect(usage.completion_tokens).to.be.above(10);
    expect(usage.total_tokens).to.equal((usage.prompt_tokens ?? 0) + (usage.completion_tokens ?? 0));
  });

  it("stops streaming when it is told to", async () => {
    const { offlineTabular } = await import("../../actors/llm/offline/provider.ts");
    const cancel = new AbortController();
    const request = {
      model: "tabular",
      preamble: { system: "", tools: [] },
      messages: [{ role: "user" as const, text: "hello" }],
      effort: "off" as const,
      stream: true,
      sessionId: "spec",
      maxOutputTokens: 100,
      signal: cancel.signal,
    };
    const running = offlineTabular().complete(request, () => cancel.abort(new Error("interrupted")));
    const error = await running.then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).to.be.an("error").with.property("message", "interrupted");
  });

  it("trains all candidates in one reply and keeps one step of the plan in progress", () => {
    const replies = messages.flatMap((message) => (message.role === "assistant" ? [message.calls] : []));
    const isTraining = (command: string): boolean => command.includes("run.mjs train");
    const trainings = replies.map((calls) =>
      calls.filter((call) => call.tool === "bash" && isTraining(JSON.stringify(call.arguments))),
    );
    expect(trainings.map(({ length }) => length).filter((count) => count > 0)).to.deep.equal([4]);
    const plans = replies.flat().filter((call) => call.tool === "plan_tool");
    expect(plans).to.have.length(7);
    for (const plan of plans.slice(0, -1)) {
      expect(JSON.stringify(plan.arguments).match(/in_progress/g)).to.have.length(1);
    }
  });

  it("uses call ids that are unique and fit every provider", () => {
    const ids = messages.flatMap((message) => (message.role === "assistant" ? message.calls.map(({ id }) => id) : []));
    expect(new Set(ids).size).to.equal(ids.length);
    for (const id of ids) expect(id).to.match(/^[\w-]{1,40}$/);
  });

  it("knows its calls again when the session has numbered their ids", async () => {
    const numbered = messages.slice(0, -1).map((message): Message => {
      if (message.role === "tool") return { ...message, callId: `${message.callId}x2` };
      if (message.role !== "assistant") return message;
      return { ...message, calls: message.calls.map((call) => ({ ...call, id: `${call.id}x2` })) };
    });
    expect((await reply(numbered)).text).to.equal(finalText(messages));
  });

  it("goes on with unfinished work after a word in between, and answers from its last result after the end", async () => {
    const middle = messages.findIndex((message) => message.role === "tool" && message.callId.endsWith("-look")) + 1;
    const undisturbed = await reply(messages.slice(0, middle));
    const disturbed = await reply([...messages.slice(0, middle), { role: "user", text: "please go on" }]);
    expect(disturbed.calls).to.deep.equal(undisturbed.calls);
    const after = await reply([...messages, { role: "user", text: "what does that mean?" }]);
    expect(after.calls).to.deep.equal([]);
    expect(after.text).to.include("My last answer was").and.to.include(finalText(messages));
  });

  it("says which tools it lacks", async () => {
    const { text, calls } = await reply(messages.slice(0, 1), ["read"]);
    expect(text).to.include("bash and write");
    expect(calls).to.deep.equal([]);
  });
});
