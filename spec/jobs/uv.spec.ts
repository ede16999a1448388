import { expect } from "chai";
import { scriptIn, shortCommand, uvCommand } from "../../actors/tools/jobs/uv.ts";
import { runLocally } from "./setting.ts";

describe("a script on its way into a job", () => {
  const script = (text: string, more = {}) => ({
    text,
    name: "train.py",
    args: [],
    dependencies: [],
    python: null,
    ...more,
  });

  it("arrives byte for byte, with quotes, dollars and letters of all kinds", () => {
    const text = `print(r"""$HOME \`id\` 'x' "y" \\n é 漢 🙂""")\n`;
    expect(runLocally(uvCommand(script(text)))).to.equal("$HOME `id` 'x' \"y\" \\n é 漢 🙂\n");
  });

  it("needs no shell: dependencies and arguments stay what they are", () => {
    const args = ["a b", "$(id)", "'"];
    const command = uvCommand(
      script("import sys\nprint(sys.argv[1:])\n", {
        dependencies: ["numpy<2", "transformers[torch]>=4.40"],
        args,
        python: "3.11",
      }),
    );
    expect(command).not.to.include("sh");
    expect(command.join(" ")).to.include(
      "uv run --with numpy<2 --with transformers[torch]>=4.40 --python 3.11 a b $(id) '",
    );
    expect(runLocally(command)).to.equal(`['a b', '$(id)', "'"]\n`);
  });

  it("may be larger than one argument of a process", () => {
    const noise = Array.from({ length: 9_000 }, (_, index) => `# ${Math.sin(index)}`).join("\n");
    const command = uvCommand(script(`${noise}\nprint("end")\n`));
    expect(Math.max(...command.map(({ length }) => length))).to.be.below(128 * 1024);
    expect(runLocally(command)).to.equal("end\n");
  });

  it("is found again in the command of a job, and in no other command", () => {
    const text = Array.from({ length: 9_000 }, (_, index) => `# é ${Math.sin(index)}`).join("\n");
    const command = uvCommand(script(text, { args: ["--x"], dependencies: ["numpy"] }));
    expect(scriptIn(command)).to.equal(text);
    expect(scriptIn(["python3", "-c", "print(1)", "a", "b", "1", "1", "x"])).to.equal(null);
    expect(scriptIn([])).to.equal(null);
    expect(scriptIn(command.with(7, "AAAA"))).to.equal(null);
  });

  it("is refused when it is too large, with another way", () => {
    const noise = Array.from({ length: 60_000 }, (_, index) => `# ${Math.sin(index)}`).join("\n");
    expect(() => uvCommand(script(noise))).to.throw("too large");
  });

  it("is left out where a command is shown", () => {
    expect(shortCommand(uvCommand(script("print(1)\n", { dependencies: ["trl"] })))).to.equal(
      'uv run --with trl "(the script train.py)"',
    );
  });
});
