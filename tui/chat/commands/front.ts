// Commands about what is around the conversation: how it looks, and who hears of it.
import { themeNames } from "../../config/themes.ts";
import { FrontError } from "../../errors.ts";
import { nearest } from "../../text/nearest.ts";
import type { Chat } from "../types.ts";
import type { Command, DestinationInfo } from "./outcome.ts";

/** Beside the themes: as the terminal is. A path is anything with a slash. */
const wantedThemes = ["auto", ...themeNames] as const;

function themeFrom(word: string): string {
  if (word.includes("/")) return word;
  const found = wantedThemes.find((name) => name === word.toLowerCase());
  if (found !== undefined) return found;
  const guess = nearest(word.toLowerCase(), wantedThemes);
  const hint = guess === null ? "Or give the path of a theme's file." : `Did you mean ${guess}?`;
  throw new FrontError("USAGE", `A theme is one of ${wantedThemes.join(", ")}, or a path, not "${word}".`, hint);
}

function destinationsOf({ options }: Chat): DestinationInfo[] {
  const { messaging } = options;
  return Object.entries(messaging?.destinations ?? {}).map(([name, { provider, allowAgentTool, allowAutoEvents }]) => ({
    name,
    provider,
    agent: allowAgentTool,
    events: allowAutoEvents ? (messaging?.autoEvents ?? []) : [],
  }));
}

export const frontCommands: readonly Command[] = [
  {
    name: "theme",
    args: "[NAME|PATH]",
    summary: `how the screen looks: ${wantedThemes.join(", ")}, or a theme's file`,
    run: async (_, rest) => ({ kind: "theme", theme: rest === "" ? null : themeFrom(rest), names: wantedThemes }),
  },
  {
    name: "notify",
    args: "[NAME]",
    summary: "where messages go; with a name, sends a test message there",
    async run(chat, rest) {
      const destinations = destinationsOf(chat);
      if (rest === "") return { kind: "destinations", destinations };
      const names = destinations.map(({ name }) => name);
      if (!names.includes(rest)) {
        const guess = nearest(rest, names);
        const there =
          names.length === 0
            ? "There is none yet: see messaging in the config file."
            : `There are ${names.join(", ")}.`;
        throw new FrontError(
          "USAGE",
          `There is no destination "${rest}".`,
          guess === null ? there : `Did you mean ${guess}?`,
        );
      }
      const { attempts } = await chat.agent.testMessage(rest);
      return { kind: "notified", destination: rest, attempts };
    },
  },
];
