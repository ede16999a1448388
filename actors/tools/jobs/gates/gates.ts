// All gates, in the order of their names.
import { columns } from "./columns.ts";
import { dependencies } from "./dependencies.ts";
import type { Finding, Gate, Planned } from "./gate.ts";
import { hardcodedSecret } from "./hardcoded-secret.ts";
import { hardware } from "./hardware.ts";
import { header } from "./header.ts";
import { type GateName, gateNames } from "./names.ts";
import { results } from "./results.ts";
import { syntax } from "./syntax.ts";
import { timeout } from "./timeout.ts";
import { token } from "./token.ts";

const gates: Record<GateName, Gate> = {
  syntax,
  header,
  dependencies,
  columns,
  results,
  token,
  timeout,
  hardware,
  hardcoded_secret: hardcodedSecret,
};

/** What the gates find, each with the name by which it can be overruled. */
export function findingsOf(job: Planned): (Finding & { gate: GateName })[] {
  return gateNames.flatMap((gate) => {
    const found = gates[gate](job);
    return found === null ? [] : [{ ...found, gate }];
  });
}
