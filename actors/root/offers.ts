// The conditional tools of a run: what the user has set up or agreed to decides which there are.
import { join } from "node:path";
import type { Offer } from "../tools/offered.ts";
import type { SharingArgs } from "../tools/protocol.ts";
import { hasConsent } from "../traces/consent.ts";
import { agentDestinations } from "./notify.ts";
import type { StartOptions } from "./types.ts";

/** Where sessions are shared to, and where the user's agreement is kept. */
export function sharingOf({ sharing, stateDir }: StartOptions): SharingArgs {
  return { dataset: sharing.dataset, consentFile: join(stateDir, "sharing.json") };
}

/** Where tools work, and which the user has switched off. */
export function offerOf({ toolRuntime: runtime, toolsOff: off }: StartOptions): Offer {
  return { runtime, off };
}

/** The conditional tools, each with what its description says of this run. */
export function offersOf(options: StartOptions): Record<string, string> {
  const names = Object.keys(agentDestinations(options.messaging));
  const { dataset, consentFile } = sharingOf(options);
  const isAgreed = hasConsent(consentFile, { hub: options.services.hub, dataset });
  return {
    ...(names.length === 0 ? {} : { notify: `Destinations: ${names.join(", ")}.` }),
    ...(isAgreed ? { share_traces: "" } : {}),
  };
}
