// What commands came to: something to choose from where there is a choice, else something to read.
import type { CommandInfo, CommandOutcome, DestinationInfo } from "../../../chat/commands/outcome.ts";
import { outcomeLines } from "../../../chat/line/outcome-words.ts";
import { styleFor } from "../../../text/style.ts";
import { helpText } from "../../keys/help.ts";
import type { Keymap } from "../../keys/keymap.ts";
import { staysInTranscript } from "../../model/on-front.ts";
import { money, tokens } from "../../text/words.ts";
import { openKeys } from "./keys.ts";
import { createPicker } from "./picker.ts";
import { createPrompt } from "./prompt.ts";
import { scrollBy, wheeled } from "./scroll.ts";
import { openSessions } from "./sessions.ts";
import { openThemes } from "./themes.ts";
import type { Dialog, DialogKey, Handled, Item, Room, TextDialog } from "./types.ts";

const plain = styleFor({}, {});

/** What showing an outcome needs. `now`: milliseconds since 1970. */
export interface OutcomeParts {
  readonly keymap: Keymap;
  readonly now: number;
  /** The theme in use, a name or a path. */
  readonly theme: string;
}

/** A text to be read. */
export function createText(title: string, lines: readonly string[], failed = false): TextDialog {
  return { kind: "text", title, lines, failed, scroll: 0 };
}

/** The keys and the commands. */
export function openHelp(keymap: Keymap, commands: readonly CommandInfo[]): TextDialog {
  const heads = commands.map(({ name, args }) => `/${name}${args === "" ? "" : ` ${args}`}`);
  const width = Math.max(0, ...heads.map((head) => head.length));
  const rows = commands.map(({ summary }, index) => `  ${(heads[index] ?? "").padEnd(width)}  ${summary}`);
  const signs = ["@ names a file, ! joins the running turn; // and !! send a line that begins with / or !."];
  return createText("help", ["Commands", ...rows, "", ...signs, "", ...helpText(keymap).split("\n")]);
}

/** The dialog for an outcome; null: events or the transcript tell it, or there is nothing to show. */
export function openOutcome(
  outcome: CommandOutcome,
  title: string,
  { keymap, now, theme }: OutcomeParts,
): Dialog | null {
  if (staysInTranscript(outcome)) return null;
  switch (outcome.kind) {
    case "handed_on":
    case "nothing_waits":
    case "quit":
      return null;
    case "help":
      return openHelp(keymap, outcome.commands);
    case "sessions":
      return openSessions(outcome.sessions, now);
    case "model":
      return openModels(outcome);
    case "effort":
      return choiceOf("effort", outcome.levels, outcome.effort);
    case "approval":
      return choiceOf("approval", ["ask", "auto", "deny"], outcome.mode);
    case "theme":
      return outcome.theme === null ? openThemes(outcome.names, theme) : null;
    case "keys":
      return openKeys(outcome.keys);
    case "destinations":
      if (outcome.destinations.length > 0) return openDestinations(outcome.destinations);
      break;
    case "budget": {
      const { capUsd, spentUsd } = outcome.cost;
      const now = capUsd === null ? "There is no budget" : `The budget is ${money(capUsd)}`;
      const intro = [`${now}; ${money(spentUsd)} spent so far.`, "US dollars for the whole session, or none."];
      return createPrompt("budget", "USD", { kind: "run", command: "budget", optional: false }, { intro });
    }
  }
  const lines = outcomeLines(outcome, plain)
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/^ {2}/, ""));
  if (lines.every((line) => line === "")) return null;
  return createText(title, lines, outcome.kind === "refused");
}

/** The models that can be used, and any other by its id. */
export function openModels({ model, facts, wanted, suggestions }: Extract<CommandOutcome, { kind: "model" }>): Dialog {
  const window = facts?.context_tokens ?? null;
  const price = facts?.price ?? null;
  const figures = [
    ...(window === null ? [] : [`${tokens(window)} tokens`]),
    ...(price === null ? [] : [`${money(price.input)} in, ${money(price.output)} out per million`]),
  ];
  const all = [model, ...suggestions.filter((one) => one !== model)];
  const items = all.map((one): Item => {
    const said = one === model ? ["in use", ...figures] : one === wanted ? ["being tried"] : [];
    return runItem("model", one, said.join(" · "), one === model);
  });
  return createPicker("model", items, {
    free: "model",
    none: "type a model's id",
    intro: ["Choose one, or type another's id."],
  });
}

function choiceOf(command: "effort" | "approval", words: readonly string[], present: string): Dialog {
  const items = words.map((word) => {
    const said = command === "approval" ? (modes[word] ?? "") : "";
    return runItem(
      command,
      word,
      [...(word === present ? ["now"] : []), said].filter(Boolean).join(" · "),
      word === present,
    );
  });
  return createPicker(command, items, { at: Math.max(0, words.indexOf(present)) });
}

const modes: Readonly<Record<string, string>> = {
  ask: "you are asked",
  auto: "given without asking, but for what is always asked about",
  deny: "never given",
};

/** Where messages go; choosing one sends a test message there. */
function openDestinations(destinations: readonly DestinationInfo[]): Dialog {
  const items = destinations.map(({ name, provider, agent, events }): Item => {
    const what = [...events.map((event) => event.replaceAll("_", " ")), ...(agent ? ["what the agent sends"] : [])];
    const detail = `${provider} · ${what.length === 0 ? "nothing by itself" : what.join(", ")}`;
    return {
      group: "",
      label: name,
      detail,
      pick: { dialog: null, acts: [{ kind: "run", command: "notify", rest: name }] },
    };
  });
  return createPicker("messages", items, { intro: ["Choose one to send a test message there."] });
}

function runItem(command: string, label: string, detail: string, present: boolean): Item {
  return {
    group: "",
    label,
    detail,
    pick: { dialog: null, acts: present ? [] : [{ kind: "run", command, rest: label }] },
  };
}

/** Takes a key in a text. */
export function handleText(dialog: TextDialog, key: DialogKey, room: Room): Handled {
  if (key.kind === "wheel") return { dialog: { ...dialog, scroll: wheeled(dialog.scroll, key.by, room) }, acts: [] };
  if (key.kind !== "command") return { dialog, acts: [] };
  switch (key.id) {
    case "dialog.close":
    case "dialog.accept":
    case "pane.leave":
      return { dialog: null, acts: [] };
    case "transcript.copy":
      return { dialog, acts: [{ kind: "copy", text: dialog.lines.join("\n") }] };
  }
  const scroll = scrollBy(dialog.scroll, key.id, room);
  if (scroll !== null) return { dialog: { ...dialog, scroll }, acts: [] };
  const isOwn = /^(?:transcript|dialog)\./.test(key.id);
  return { dialog, acts: isOwn ? [] : [{ kind: "pass", command: key.id }] };
}
