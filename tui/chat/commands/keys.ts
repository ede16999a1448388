// Commands about the user's keys. A key itself is never part of a line: the fronts ask for it where nobody sees it.
import { type Credential, credentialOf, credentials } from "../../config/credentials/names.ts";
import { FrontError } from "../../errors.ts";
import { isBlank } from "../rest.ts";
import type { Chat, KeptKey } from "../types.ts";
import type { Command } from "./outcome.ts";
import { beginAnew, present, takeUp } from "./sessions.ts";

const names = credentials.map(({ word }) => word);

/** The key that is meant. What is no name is not said again: it may be the key. */
function named(rest: string): Credential {
  const found = credentialOf(rest);
  if (found !== null) return found;
  throw new FrontError(
    "USAGE",
    `That is the name of no key; there are ${names.join(", ")}.`,
    "Name one, and the key itself is asked for where nobody sees it. A key that was typed here stands on the screen: change it.",
  );
}

/** The key that a line asks for, to be taken where nobody sees it; null: it asks for none. */
export function keyWanted({ name }: Command, rest: string): Credential | null {
  return name === "login" ? credentialOf(rest) : null;
}

/** Whether what follows a command names a key. */
export function isKeyCommand(command: Command): boolean {
  return keyCommands.includes(command);
}

export const keyCommands: readonly Command[] = [
  {
    name: "login",
    args: `[${names.join("|")}]`,
    summary: "give a key or replace one; it is checked first, and kept where only you can read it",
    async run(chat, rest) {
      // With a name, fronts ask for the key before they get here.
      if (rest !== "") named(rest);
      return { kind: "keys", keys: await chat.setup.keyring.keys() };
    },
  },
  {
    name: "logout",
    args: names.join("|").toUpperCase(),
    summary: "give a key up that was kept with /login, or the Hub's token",
    run: async (chat, rest) => ({ kind: "key_dropped", dropped: await chat.setup.keyring.drop(named(rest).name) }),
  },
];

/**
 * Lets the session know the keys as they are by now, by taking it up again. False: it is at work, and what runs is not
 * to be ended for that.
 */
export async function renewKeys(chat: Chat): Promise<boolean> {
  if (!chat.isSettled || (await chat.agent.jobs()).length > 0) return false;
  // A session in which nothing was said leaves nothing behind, so it cannot be taken up again.
  if (isBlank(chat.agent.state)) await beginAnew(chat);
  else await takeUp(chat, present(chat), null);
  return true;
}

/** What became of a key that was kept, in a line. `used`: the session has it already. */
export function keptWords({ name, owner, file, hiddenBy }: KeptKey, used: boolean): string {
  const whose = owner === null ? "taken by its service" : `that of ${owner}`;
  const hidden = hiddenBy === null ? "" : `; but the one from ${hiddenBy} goes before it`;
  const later = used || hiddenBy !== null ? "" : "; this session has it when it is opened next";
  return `${name} is ${whose}, and kept in ${file}${hidden}${later}`;
}
