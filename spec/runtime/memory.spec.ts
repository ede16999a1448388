import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect } from "chai";
import { moduleUrl } from "../support/runtime/system.ts";

describe("memory that nothing uses", () => {
  it("is given back as soon as the thread rests, and not before", async () => {
    const child = fileURLToPath(moduleUrl("memory-child"));
    const { stdout } = await promisify(execFile)(process.execPath, [child]);
    const { before, atRest, least } = JSON.parse(stdout) as Record<"before" | "atRest" | "least", number>;
    expect(before).to.be.greaterThan(60);
    expect(atRest, "while it works").to.be.greaterThan(before * 0.9);
    expect(least, "once it rests").to.be.lessThan(before / 2);
  }).timeout(20_000);
});
