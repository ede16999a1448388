import { createRequire } from "node:module";
import type Mocha from "mocha";

const require = createRequire(import.meta.url);
const { reporters } = require("mocha") as typeof Mocha;

/** Mocha's own spec reporter, followed by one plain line of totals that scripts can read. */
export default class Totals extends reporters.Spec {
  override epilogue(): void {
    super.epilogue();
    const { passes = 0, failures = 0, pending = 0 } = this.stats ?? {};
    const skipped = pending > 0 ? `, ${pending} skipped` : "";
    process.stdout.write(`${passes} passed, ${failures} failed${skipped}\n`);
  }
}
