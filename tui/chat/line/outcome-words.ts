// What slash commands came to, in lines.

import type { Shared } from "../../../actors/tools/protocol.ts";
import { neutralise, oneLine } from "../../text/neutralise.ts";
import type { Style } from "../../text/style.ts";
import type { CommandInfo, CommandOutcome, Cost, DestinationInfo, Status } from "../commands/outcome.ts";
import type { DroppedKey, KeyState } from "../types.ts";
import { dollars, since, tokens } from "./figures.ts";

const marks = { completed: "✓", in_progress: "›", pending: "·" } as const;

/** What the keys and signs do, below the commands. */
const keys = [
  "A line that ends with \\ goes on in the next. !ls runs ls, and the model sees what it prints; // and !! begin a text with / and !.",
  "Enter while the agent works: the message waits for its turn. Ctrl-C ends the turn, twice leaves; Ctrl-D leaves.",
];

/** The outcome as lines for standard error; empty when the session's events tell it. */
export function outcomeLines(outcome: CommandOutcome, style: Style): string {
  switch (outcome.kind) {
    case "handed_on":
    case "quit":
      return "";
    case "help":
      return `${helpLines(outcome.commands, style)}${keys.map((line) => `${style.dim(line)}\n`).join("")}`;
    case "nothing_waits":
      return lines(["nothing waits in the queue"]);
    case "model": {
      const window = outcome.facts?.context_tokens ?? null;
      const facts = window === null ? "" : `, a window of ${tokens(window)} tokens`;
      const wanted = outcome.wanted === null ? [] : [`being tried: ${oneLine(outcome.wanted)}`];
      const usable = outcome.suggestions.length === 0 ? [] : [`usable right now: ${outcome.suggestions.join(", ")}`];
      return lines([`model ${oneLine(outcome.model)}${facts}`, ...wanted, ...usable, "another: /model ID"]);
    }
    case "effort":
      return lines([`effort ${outcome.effort}; levels: ${outcome.levels.join(", ")}`]);
    case "approval":
      return lines([approvalWords[outcome.mode]]);
    case "budget":
      return lines([budgetWords(outcome.cost)]);
    case "cost":
      return lines(costLines(outcome.cost));
    case "status":
      return lines(statusLines(outcome.status));
    case "plan":
      if (outcome.plan.length === 0) return lines(["there is no plan"]);
      return lines(outcome.plan.map(({ status, content }) => `${marks[status]} ${oneLine(content, 120)}`));
    case "work":
      if (outcome.work.length === 0) return lines(["nothing runs"]);
      return lines(
        outcome.work.map(({ id, title, startedAt, background }) => {
          const when = startedAt === null ? "" : `, begun ${since(startedAt)}`;
          return `${oneLine(id)}  ${oneLine(title, 120)}${background ? ", in the background" : ""}${when}`;
        }),
      );
    case "mcp":
      return lines(outcome.lines);
    case "sessions":
      return sessionLines(outcome, style);
    case "replaced":
      return outcome.forked === null ? "" : lines([forkWords(outcome.forked)]);
    case "exported": {
      const { entries, bytes, redacted } = outcome.exported;
      const secrets = redacted === null ? "" : `; ${redacted} ${redacted === 1 ? "place was" : "places were"} redacted`;
      return lines([
        `wrote ${neutralise(outcome.file)} (${outcome.format}, ${entries} entries, ${bytes} bytes${secrets})`,
        "look through it before you pass it on",
      ]);
    }
    case "shared":
      return lines(shareLines(outcome.shared));
    case "theme":
      return lines([
        outcome.theme === null ? `themes of the screen: ${outcome.names.join(", ")}` : themeWords(outcome.theme),
      ]);
    case "destinations":
      return lines(destinationLines(outcome.destinations));
    case "notified":
      return lines([`a test message was taken by ${outcome.destination}${attemptWords(outcome.attempts)}`]);
    case "keys":
      return lines([...outcome.keys.map(keyWords), "give one: /login NAME"]);
    case "key_dropped":
      return lines([droppedWords(outcome.dropped)]);
    case "refused": {
      const { message, hint } = outcome.failure;
      return `${style.red(`✗ ${neutralise(message)}`)}\n${hint === undefined ? "" : `  ${neutralise(hint)}\n`}`;
    }
  }
}

function shareLines({ dataset, agreed, messages, bytes, redacted, file, url }: Shared): string[] {
  const place = oneLine(dataset, 120);
  if (file === null) return [agreed ? `sessions may be shared to ${place}` : "sessions are not shared any more"];
  const what = `${messages} messages, ${bytes} bytes; ${redacted} ${redacted === 1 ? "place was" : "places were"} redacted`;
  if (url !== null) {
    return [
      `sent to the private dataset ${place}: ${neutralise(url)}`,
      what,
      "take back the leave to do so: /share-traces no",
    ];
  }
  return [
    `nothing was sent; the private dataset ${place} would get ${what}`,
    `look through it: ${neutralise(file)}`,
    agreed ? "send it: /share-traces yes" : "send it, and let the agent do so when you ask it to: /share-traces yes",
  ];
}

const approvalWords = {
  ask: "approval: you are asked",
  auto: "approval: given without asking, but for what is always asked about",
  deny: "approval: never given",
} as const;

function lines(words: readonly string[]): string {
  return words.map((line) => `  ${line}\n`).join("");
}

function helpLines(commands: readonly CommandInfo[], style: Style): string {
  const heads = commands.map(({ name, args }) => `/${name}${args === "" ? "" : ` ${args}`}`);
  const width = Math.max(...heads.map((head) => head.length));
  return commands
    .map(({ summary }, index) => `  ${style.bold((heads[index] ?? "").padEnd(width))}  ${summary}\n`)
    .join("");
}

function budgetWords({ capUsd, spentUsd }: Cost): string {
  return capUsd === null
    ? `no budget; ${dollars(spentUsd)} spent so far`
    : `budget ${dollars(capUsd)}, ${dollars(spentUsd)} of it spent`;
}

function costLines(cost: Cost): string[] {
  const { spentUsd, assumedUsd, unknown, calls, promptTokens, completionTokens, cachedTokens } = cost;
  const cached = cachedTokens > 0 ? ` (${tokens(cachedTokens)} from the cache)` : "";
  return [
    `${counted(calls, "model call")}, ${tokens(promptTokens)} tokens in${cached}, ${tokens(completionTokens)} out`,
    `${dollars(spentUsd)}${assumedUsd > 0 ? `, and up to ${dollars(assumedUsd)} more that may have been charged` : ""}`,
    ...(unknown > 0 ? [`${counted(unknown, "call")} of which nobody knows the price`] : []),
    ...(cost.capUsd === null ? [] : [budgetWords(cost)]),
  ];
}

function counted(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}

function statusLines(status: Status): string[] {
  const { facts, queued, busy, name } = status;
  const window = facts?.context_tokens ?? null;
  const share = status.tokens !== null && window ? ` (${Math.round((status.tokens / window) * 100)} %)` : "";
  const size = status.tokens === null ? "" : `, ${tokens(status.tokens)} tokens${share}`;
  return [
    `session ${status.sessionId}${name === null ? "" : ` "${oneLine(name)}"`} in ${neutralise(status.cwd)}`,
    `model ${oneLine(status.model)}, effort ${status.effort}; ${approvalWords[status.approval]}`,
    `${counted(status.turns, "turn")}, ${counted(status.messages, "message")}${size}`,
    ...(busy ? [queued > 0 ? `at work; ${counted(queued, "message")} in the queue` : "at work"] : []),
    ...costLines(status.cost),
  ];
}

function sessionLines({ sessions, total }: Extract<CommandOutcome, { kind: "sessions" }>, style: Style): string {
  if (sessions.length === 0) return lines(["there is no session yet"]);
  const rows = sessions.map(({ number, id, name, first_prompt, state, updated_at, current }) => {
    const words = oneLine(name ?? first_prompt ?? "nothing asked yet", 70);
    const here = current ? ", open here" : "";
    return `${String(number).padStart(3)}  ${words}  ${style.dim(`${oneLine(id)} · ${since(updated_at)} · ${state}${here}`)}`;
  });
  const more = total > sessions.length ? [`… ${total - sessions.length} more: ml-intern sessions --all`] : [];
  return lines([...rows, ...more, "take one up: /resume N"]);
}

function forkWords(forked: Extract<CommandOutcome, { kind: "replaced" }>["forked"] & object): string {
  const left = forked.left_out > 0 ? `; ${forked.left_out} of a turn that had not ended left out` : "";
  return `a copy of ${forked.from.session_id} with ${forked.messages} of your messages${left}`;
}

function themeWords(theme: string): string {
  return `lines have no theme; the screen has this one with "theme": ${JSON.stringify(theme)} in the config file`;
}

function destinationLines(destinations: readonly DestinationInfo[]): string[] {
  if (destinations.length === 0) return ["messages go nowhere; see messaging in the config file"];
  const rows = destinations.map(({ name, provider, agent, events }) => {
    const what = [...events, ...(agent ? ["what the agent sends"] : [])];
    return `${name}  ${provider}: ${what.length === 0 ? "nothing by itself" : what.join(", ").replaceAll("_", " ")}`;
  });
  return [...rows, "a test message to one: /notify NAME"];
}

function attemptWords(attempts: number): string {
  return attempts === 1 ? "" : ` at attempt ${attempts}`;
}

function keyWords({ name, word, from, what }: KeyState): string {
  return `${word.padEnd(10)} ${name}: ${from === null ? `not set; ${what}` : `from ${neutralise(from)}`}`;
}

function droppedWords({ name, file, from }: DroppedKey): string {
  const gone = file === null ? `no ${name} was kept here` : `${name} is gone from ${neutralise(file)}`;
  const still = from === null ? "" : `; one still comes from ${neutralise(from)}`;
  const open = file === null ? "" : "; a session that is open has it until it is closed";
  return `${gone}${still}${open}`;
}
