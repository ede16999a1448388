// Variables, which everybody can read who sees the Space, and secrets, whose values are the user's own: a call names
// one, and its value goes into the body of that one request.
import { createHash } from "node:crypto";
import { getEntries, putEntry, removeEntry } from "../../hub/spaces/client.ts";
import type { EntryKind, SpaceEntry } from "../../hub/spaces/types.ts";
import { oneLine } from "../cap.ts";
import type { LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { requireHandedOn } from "../handed-on.ts";
import { refuseSecretText } from "../repos/files/secrets.ts";
import { type Call, type Change, needed, reachOf, woken } from "./action.ts";
import { atSpace } from "./failure.ts";

const absent = "absent";
const one = (kind: EntryKind): string => kind.slice(0, -1);

/** What stands under the name, or undefined. */
async function entryOf(call: Call, kind: EntryKind, look: LookContext): Promise<SpaceEntry | undefined> {
  const entries = await atSpace(look, call.id, () => getEntries(reachOf(call, look), kind));
  return entries.get(needed(call.args, "name"));
}

/** A mark of it that does not give away its value. */
function markOf(entry: SpaceEntry | undefined): string {
  if (entry === undefined) return absent;
  return createHash("sha256").update(`${entry.updatedAt}\0${entry.value}`).digest("hex").slice(0, 16);
}

const nameIn = ({ args }: Call): string => oneLine(args.name ?? "?", 120);
const secretIn = ({ args }: Call): string => args.secret ?? needed(args, "name");

function checkName({ args }: Call): void {
  const name = needed(args, "name");
  if (/^[A-Za-z_][A-Za-z0-9_]{0,254}$/.test(name)) return;
  const shown = JSON.stringify(oneLine(name, 120));
  throw new ToolError("BAD_ARGUMENTS", `${shown} is no name of a variable.`, "Letters, digits and _, no digit first.");
}

const setVariable: Change = {
  restarts: true,
  runs: woken,
  async settle(call, { secrets }) {
    checkName(call);
    // It may be empty, but it must be said.
    if (call.args.value === undefined) throw new ToolError("BAD_ARGUMENTS", "set_variable needs value.");
    refuseSecretText(`the value of ${nameIn(call)}`, call.args.value, secrets);
    return {};
  },
  async before(call, look) {
    const entry = await entryOf(call, "variables", look);
    if (entry === undefined || entry.value !== call.args.value) return markOf(entry);
    throw new ToolError("STALE", `The variable ${nameIn(call)} has that value already.`, "There is nothing to change.");
  },
  send: (call, context) =>
    putEntry(reachOf(call, context, context.log), "variables", needed(call.args, "name"), call.args.value ?? ""),
  shown: (call) => [
    `${nameIn(call)} = ${JSON.stringify(call.args.value)}${call.args.settled?.before === absent ? "" : ", in place of what it is"}`,
    "Everybody who sees the Space can read it.",
  ],
  done: (call) => `Set the variable ${nameIn(call)}`,
  found: async (call, look) => (await entryOf(call, "variables", look))?.value === call.args.value,
};

const setSecret: Change = {
  restarts: true,
  runs: woken,
  async settle(call, look) {
    checkName(call);
    if (call.args.value !== undefined) {
      const hint = "Name one of the user's own with secret; its value is put in for you.";
      throw new ToolError("BAD_ARGUMENTS", "The value of a secret is not given in a call.", hint);
    }
    requireHandedOn(secretIn(call), "Space", look);
    return { secret: secretIn(call) };
  },
  before: async (call, look) => markOf(await entryOf(call, "secrets", look)),
  async send(call, context) {
    requireHandedOn(secretIn(call), "Space", context);
    const value = context.jobSecrets[secretIn(call)] ?? "";
    await putEntry(reachOf(call, context, context.log), "secrets", needed(call.args, "name"), value);
  },
  shown: (call) => [
    `${nameIn(call)} = your ${secretIn(call)}${call.args.settled?.before === absent ? "" : ", in place of what it is"}`,
    secretIn(call) === "HF_TOKEN"
      ? "It is your token: the Space, and whoever may change its files, can act as you for as long as it has it."
      : "The Space, and whoever may change its files, can use it for as long as it is there.",
  ],
  done: (call) => `Set the secret ${nameIn(call)} to the user's ${secretIn(call)}`,
  async found(call, look) {
    const mark = markOf(await entryOf(call, "secrets", look));
    return mark !== absent && mark !== call.args.settled?.before;
  },
};

function remove(kind: EntryKind): Change {
  return {
    restarts: true,
    runs: woken,
    async before(call, look) {
      const entry = await entryOf(call, kind, look);
      if (entry !== undefined) return markOf(entry);
      throw new ToolError("NOT_FOUND", `The Space has no ${one(kind)} ${nameIn(call)}.`, "See info.");
    },
    send: (call, context) => removeEntry(reachOf(call, context, context.log), kind, needed(call.args, "name")),
    shown: (call) => [
      `delete the ${one(kind)} ${nameIn(call)}${kind === "secrets" ? ", whose value is gone then" : ""}`,
    ],
    done: (call) => `Deleted the ${one(kind)} ${nameIn(call)}`,
    found: async (call, look) => (await entryOf(call, kind, look)) === undefined,
  };
}

export const settingChanges = {
  set_variable: setVariable,
  delete_variable: remove("variables"),
  set_secret: setSecret,
  delete_secret: remove("secrets"),
};
