import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { countOnAThread } from "../support/runtime/example.ts";

const root = join(fileURLToPath(import.meta.url), "../..");
const read = (path: string) => readFileSync(join(root, path), "utf8");

describe("the example of the runtime's README", () => {
  it("does what it says", async () => {
    const printed: unknown[] = [];
    await countOnAThread((line) => printed.push(line));
    expect(printed).to.deep.equal([42, 2, 1, 0, "ACTOR_GONE", 40]);
  });

  it("is the code that the README shows", () => {
    const readme = read("runtime/README.md");
    for (const file of ["counter.entry.ts", "example.ts"]) {
      expect(readme).to.include(read(`spec/support/runtime/${file}`));
    }
  });
});
