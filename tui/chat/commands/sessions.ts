// Commands that put another session in the present one's place, and those that name one or write it out.
import { homedir } from "node:os";
import { resolve } from "node:path";
import type { ShareWish } from "../../../actors/tools/protocol.ts";
import { FrontError } from "../../errors.ts";
import { type FormatName, formatNames } from "../../sessions/export/formats.ts";
import { exportToFile } from "../../sessions/export/write.ts";
import { type Found, findSessions, folderOf } from "../../sessions/find.ts";
import { forkSession } from "../../sessions/fork.ts";
import { resolveOwn } from "../../sessions/resolve.ts";
import { refuseRunning } from "../../sessions/running.ts";
import { type SessionSummary, summarise } from "../../sessions/summary.ts";
import { oneLine } from "../../text/neutralise.ts";
import type { Chat } from "../types.ts";
import { effortOf } from "./facts.ts";
import type { Command, CommandOutcome } from "./outcome.ts";

/** Sessions that are offered to choose from. */
const offered = 15;
const longestName = 80;
const endings = { markdown: "md", "claude-code": "jsonl", messages: "jsonl" } satisfies Record<FormatName, string>;

/** Begins anew in the same folder: model, effort and budget stay, what was spent does not count against it. */
export async function beginAnew(chat: Chat): Promise<void> {
  const { cwd, model, money } = chat.agent.state;
  const { allowUnknownPrice } = chat.options.budget;
  const budget = { allowUnknownPrice, usd: money.cap === null ? null : money.cap / 1e6 };
  await chat.replace({ session: { kind: "new" }, cwd, model }, { effort: effortOf(chat), budget });
}

/** Takes up a session, with the model that it has unless another is named. */
export async function takeUp(chat: Chat, { id, dir }: Found, model: string | null): Promise<void> {
  const cwd = folderOf(dir);
  if (cwd === null)
    throw new FrontError("SESSION_DAMAGED", `The journal of session ${id} has no beginning.`, `Look at ${dir}`);
  const budget = { allowUnknownPrice: chat.options.budget.allowUnknownPrice };
  await chat.replace({ session: { kind: "resume", id }, cwd, model }, { effort: effortOf(chat), budget });
}

function listOf(chat: Chat): CommandOutcome {
  const found = findSessions(chat.options.stateDir);
  const sessions = found.slice(0, offered).flatMap(({ id, dir }, index) => {
    const summary = lookAt(dir);
    return summary === null ? [] : [{ ...summary, number: index + 1, current: id === chat.agent.sessionId }];
  });
  return { kind: "sessions", sessions, total: found.length };
}

function lookAt(dir: string): SessionSummary | null {
  try {
    return summarise(dir);
  } catch {
    // Removed meanwhile, or damaged: nothing that could be taken up.
    return null;
  }
}

/** The session that is open. */
export function present({ agent }: Chat): Found {
  return { id: agent.sessionId, dir: agent.sessionDir, updatedAt: Date.now() };
}

/** A format, a file, both, or neither. */
function exportTarget(chat: Chat, rest: string): { format: FormatName; file: string } {
  const [first = "", ...words] = rest.split(/\s+/);
  const named = formatNames.find((name) => name === first.toLowerCase());
  const format = named ?? "markdown";
  const path = (named === undefined ? rest : words.join(" ")) || `ml-intern-${chat.agent.sessionId}.${endings[format]}`;
  return { format, file: resolve(chat.agent.state.cwd, path.replace(/^~(?=\/|$)/, homedir())) };
}

function nameFrom(words: string): string {
  const name = oneLine(words, longestName).trim();
  if (name !== "" && !/^\d+$/.test(name) && !name.includes("/") && !/^[.~-]/.test(name)) return name;
  throw new FrontError(
    "SESSION_NAME",
    `"${name}" cannot be a name: it would be taken for a number, a path or an option.`,
    "A name has letters, no slash, and does not begin with a dot, a dash or a tilde.",
  );
}

async function anew(chat: Chat, clear: boolean): Promise<CommandOutcome> {
  await beginAnew(chat);
  return { kind: "replaced", clear, forked: null };
}

/** What a word after `/share-traces` wishes. */
const wishes: Readonly<Record<string, ShareWish>> = { "": "look", yes: "send", no: "withdraw" };

export const sessionCommands: readonly Command[] = [
  {
    name: "new",
    args: "",
    summary: "begin a new session; this one can be taken up again",
    run: (chat) => anew(chat, false),
  },
  {
    name: "clear",
    args: "",
    summary: "begin a new session on an empty screen",
    run: (chat) => anew(chat, true),
  },
  {
    name: "resume",
    args: "[N|ID|NAME|PATH]",
    summary: "take up another session; without a word, shows them",
    async run(chat, rest) {
      if (rest === "") return listOf(chat);
      const found = resolveOwn(chat.options.stateDir, rest);
      if (found.id === chat.agent.sessionId) {
        throw new FrontError("SESSION_PRESENT", "That is the session that is open here.", "The others: /resume");
      }
      refuseRunning(found, "taken up");
      await takeUp(chat, found, null);
      return { kind: "replaced", clear: false, forked: null };
    },
  },
  {
    name: "fork",
    args: "[N]",
    summary: "go on in a copy of this session, as it was before your N-th message, or as it is",
    async run(chat, rest) {
      if (!/^\d*$/.test(rest)) {
        throw new FrontError("USAGE", `/fork takes the number of a message, not "${rest}".`, "For example: /fork 2");
      }
      const { stateDir, createdBy } = chat.options;
      const { model } = chat.agent.state;
      const forked = forkSession(stateDir, present(chat), rest === "" ? null : Number(rest), createdBy);
      await takeUp(chat, { id: forked.id, dir: forked.dir, updatedAt: 0 }, model);
      return { kind: "replaced", clear: false, forked };
    },
  },
  {
    name: "rename",
    args: "NAME",
    summary: "give this session a name",
    async run(chat, rest) {
      await chat.operate({ type: "rename", name: nameFrom(rest) });
      return { kind: "handed_on" };
    },
  },
  {
    name: "export",
    args: "[FORMAT] [FILE]",
    summary: `write the session out, without secrets, as ${formatNames.join(", ")}`,
    async run(chat, rest) {
      const { format, file } = exportTarget(chat, rest);
      const secrets = await chat.setup.secretsIn(chat.agent.state.cwd);
      try {
        const exported = await exportToFile(file, false, present(chat), { format, secrets });
        return { kind: "exported", file, format, exported };
      } catch (error) {
        if (!(error instanceof FrontError) || error.code !== "EXPORT_EXISTS") throw error;
        throw new FrontError(error.code, error.message, "Name another file: /export FILE");
      }
    },
  },
  {
    name: "share-traces",
    args: "[yes|no]",
    summary: "show what sharing this session would send; yes sends it to your own private dataset, no takes that back",
    async run(chat, rest) {
      const wish = wishes[rest.toLowerCase()];
      if (wish === undefined) {
        throw new FrontError(
          "USAGE",
          `/share-traces takes yes or no, not "${rest}".`,
          "Alone, it shows and sends nothing.",
        );
      }
      return { kind: "shared", shared: await chat.agent.share(wish) };
    },
  },
];
