// `ml-intern sandboxes`: the machines on the Hub that this program has made, and the way to end those that nobody needs.

import { type OwnMachine, openMachines } from "../../actors/root/machines.ts";
import { journalOwner } from "../../runtime/records.ts";
import { effective } from "../config/layers.ts";
import { loadConfig } from "../config/load.ts";
import { stateFolder } from "../config/paths.ts";
import { serviceKeysOf, servicesOf } from "../config/services.ts";
import { FrontError } from "../errors.ts";
import { findSessions } from "../sessions/find.ts";
import { oneLine } from "../text/neutralise.ts";
import type { Answer, Look } from "./small.ts";
import { version } from "./version.ts";

const limitMs = 60_000;

/** What becomes of a machine's session here: it is open now, it can go on, or it is not on this computer. */
type Owner = "open" | "resumable" | "elsewhere";

/** Lists the machines. `sweep`: ends those whose session is not open on this computer. */
export async function sandboxesAnswer(look: Look, sweep: boolean): Promise<Answer> {
  const { layers } = await loadConfig(look.cwd, look.env, look.file);
  const config = effective(layers);
  const keys = serviceKeysOf(config);
  if (keys.hub === null) {
    throw new FrontError(
      "CREDENTIAL_MISSING",
      "The Hub's sandboxes need a token.",
      "Set HF_TOKEN, or paste one: ml-intern, then /login.",
    );
  }
  const machines = openMachines(servicesOf(config), keys, `ml-intern/${version()}`);
  const signal = AbortSignal.timeout(limitMs);
  const sessions = new Map(findSessions(stateFolder(look.env)).map(({ id, dir }) => [id, dir]));
  const ownerOf = ({ sessionId }: OwnMachine): Owner => {
    const dir = sessions.get(sessionId);
    return dir === undefined ? "elsewhere" : journalOwner(dir) !== null ? "open" : "resumable";
  };
  const found = (await machines.list(signal)).map((machine) => ({ ...machine, owner: ownerOf(machine), ended: false }));
  if (sweep) {
    // One whose session is on another computer may be in use there.
    for (const machine of found.filter(({ owner }) => owner === "resumable")) {
      await machines.end(machine, signal);
      machine.ended = true;
    }
  }
  const lines = found.map((machine) => {
    const price = machine.priceUsdPerHour === null ? "price unknown" : `$${machine.priceUsdPerHour}/h`;
    const until = new Date(machine.endsAt).toISOString().slice(0, 16).replace("T", " ");
    const state = machine.ended ? "ended" : ownerWords[machine.owner];
    return `${oneLine(machine.id, 40)}  ${oneLine(machine.hardware, 24)}  ${price}  until ${until} UTC  ${oneLine(machine.namespace, 40)}  ${state}  ${machine.url}`;
  });
  const rest = found.filter(({ ended, owner }) => !ended && owner === "resumable").length;
  const hint =
    rest === 0 ? "" : `${look.style.dim("End those whose session is closed: ml-intern sandboxes --sweep")}\n`;
  const text = lines.length === 0 ? "No sandbox runs.\n" : `${lines.join("\n")}\n${hint}`;
  return { data: { sandboxes: found }, text, exitCode: 0 };
}

const ownerWords: Record<Owner, string> = {
  open: "its session is open",
  resumable: "its session is closed",
  elsewhere: "its session is on another computer",
};
