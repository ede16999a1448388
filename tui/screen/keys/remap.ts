// The keys that the user wishes for, read from the config: wrong ones are told of and leave the shipped keys as they are.
import { nearest } from "../../text/nearest.ts";
import { doubtAbout, objectionTo, parseStrokes, type Strokes } from "./strokes.ts";
import type { KeyCommand } from "./table.ts";

/** Something about the keys that the user should know. */
export interface Problem {
  /** The command that it is about. */
  readonly command: string;
  readonly text: string;
}

/** The keys that a command is to have. */
export interface Asked {
  readonly command: KeyCommand;
  readonly strokes: readonly Strokes[];
  /** They are the user's wish. */
  readonly own: boolean;
}

/** The keys for each command: the user's where they can be used, the shipped ones elsewhere. */
export function askedFor(wishes: unknown, table: readonly KeyCommand[]): { asked: Asked[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const own = new Map<string, readonly Strokes[]>();
  for (const [id, wish] of entriesOf(wishes, problems)) {
    const command = table.find((candidate) => candidate.id === id);
    if (command === undefined) problems.push({ command: id, text: unknownText(id, table) });
    else {
      const strokes = wishOf(command, wish, problems);
      if (strokes !== null) own.set(id, strokes);
    }
  }
  const asked = table.map((command) => {
    const wish = own.get(command.id);
    return { command, strokes: wish ?? shippedStrokes(command), own: wish !== undefined };
  });
  return { asked, problems };
}

/** The keys that a command is shipped with. */
export function shippedStrokes({ keys }: KeyCommand): Strokes[] {
  return keys.map(parseStrokes).filter((strokes) => strokes !== null);
}

function entriesOf(wishes: unknown, problems: Problem[]): [string, unknown][] {
  if (wishes === null || wishes === undefined) return [];
  if (typeof wishes === "object" && !Array.isArray(wishes)) return Object.entries(wishes);
  problems.push({ command: "keys", text: "must be an object of commands and their keys" });
  return [];
}

/** A chord, several, or null for none. Null when nothing of it can be used. */
function wishOf(command: KeyCommand, wish: unknown, problems: Problem[]): Strokes[] | null {
  const written: unknown[] = wish === null ? [] : Array.isArray(wish) ? wish : [wish];
  const tell = (text: string) => problems.push({ command: command.id, text });
  const strokes: Strokes[] = [];
  for (const each of written) {
    const parsed = typeof each === "string" ? parseStrokes(each) : null;
    const objection = parsed === null ? `${JSON.stringify(each)} is no key; a key is written like Ctrl+K` : null;
    const refused = objection ?? (parsed === null ? null : objectionTo(parsed, command));
    if (refused !== null) tell(refused);
    else if (parsed !== null && !strokes.includes(parsed)) {
      strokes.push(parsed);
      const doubt = doubtAbout(parsed);
      if (doubt !== null) tell(doubt);
    }
  }
  if (strokes.length > 0) return strokes;
  if (command.required) tell("it must have a key, so it keeps the shipped ones");
  return command.required || written.length > 0 ? null : [];
}

function unknownText(id: string, table: readonly KeyCommand[]): string {
  const guess = nearest(
    id,
    table.map((command) => command.id),
  );
  return guess === null ? "there is no such command" : `there is no such command; did you mean ${guess}?`;
}
