// Which command a key stands for: the shipped table with the user's own keys laid over it.
import { type Asked, askedFor, type Problem, shippedStrokes } from "./remap.ts";
import { type Strokes, shownStrokes } from "./strokes.ts";
import { type Context, type KeyCommand, keyCommands } from "./table.ts";

/** A command with the keys that it has in the end. */
export interface BoundCommand extends KeyCommand {
  readonly strokes: readonly Strokes[];
}

/** What keys stand for. */
export interface Keymap {
  /** In the order of the table. */
  readonly commands: readonly BoundCommand[];
  readonly bindings: Bindings<BoundCommand>;
  /** For each context, the keys with which two strokes begin. */
  readonly firsts: ReadonlyMap<Context, ReadonlySet<string>>;
}

/** For each context, what its strokes stand for. */
type Bindings<T> = ReadonlyMap<Context, ReadonlyMap<Strokes, T>>;

interface Claim {
  readonly command: KeyCommand;
  readonly strokes: Strokes;
  readonly own: boolean;
}

/**
 * Lays the user's keys (the config key `keys`: command to chord, chords or null) over the table. Where two commands want
 * a key in one context, what is required has it, then what the user wishes for. Whatever does not come out as it was
 * wished for is told as a problem.
 */
export function buildKeymap(
  wishes: unknown = {},
  table: readonly KeyCommand[] = keyCommands,
): { keymap: Keymap; problems: Problem[] } {
  const { asked, problems } = askedFor(wishes, table);
  const claims = asked.flatMap(claimsOf).sort((a, b) => weight(b) - weight(a));
  const granted: Claim[] = [];
  const byStrokes = new Map<Strokes, Claim[]>();
  for (const claim of claims) {
    const rivals = byStrokes.get(claim.strokes) ?? [];
    const winner = rivals.find((other) => clash(claim, other));
    if (winner === undefined) {
      granted.push(claim);
      byStrokes.set(claim.strokes, [...rivals, claim]);
    } else problems.push({ command: claim.command.id, text: `${shown(claim)} is the key of ${winner.command.id}` });
  }
  const commands = table.map((command) => ({
    ...command,
    strokes: granted.filter((claim) => claim.command.id === command.id).map(({ strokes }) => strokes),
  }));
  const bindings = bindingsOf(commands);
  return { keymap: { commands, bindings, firsts: firstsOf(bindings) }, problems: [...problems, ...hidden(granted)] };
}

/** What a key stands for in some contexts, innermost first; null: nothing. */
export function resolve({ bindings }: Keymap, chord: string, active: readonly Context[]): string | null {
  for (const context of active) {
    const found = bindings.get(context)?.get(chord);
    if (found !== undefined) return found.id;
  }
  return null;
}

function claimsOf({ command, strokes, own }: Asked): Claim[] {
  return strokes.map((each) => ({ command, strokes: each, own }));
}

function weight({ command, own }: Claim): number {
  return (command.required ? 2 : 0) + (own ? 1 : 0);
}

/** Of claims to the same key: in one context only one can have it; and a wish hides nothing that is required everywhere. */
function clash(claim: Claim, other: Claim): boolean {
  if (claim.command.id === other.command.id) return false;
  if (claim.command.contexts.some((context) => other.command.contexts.includes(context))) return true;
  return (
    claim.own && other.command.required && isGlobal(other) && !shippedStrokes(claim.command).includes(claim.strokes)
  );
}

/** Wishes that hide what is everywhere, or are hidden themselves. */
function hidden(granted: readonly Claim[]): Problem[] {
  const everywhere = granted.filter(isGlobal);
  const elsewhere = granted.filter((claim) => !isGlobal(claim));
  return elsewhere.flatMap((inner) =>
    everywhere
      .filter((outer) => outer.strokes === inner.strokes)
      .filter((outer) => outer.own || (inner.own && !shippedStrokes(inner.command).includes(inner.strokes)))
      .map((outer) => ({
        command: outer.own ? outer.command.id : inner.command.id,
        text: `${shown(inner)} is ${inner.command.id} in ${inner.command.contexts.join(", ")} and ${outer.command.id} elsewhere`,
      })),
  );
}

function isGlobal({ command }: Claim): boolean {
  return command.contexts.includes("global");
}

function shown({ strokes }: Claim): string {
  return shownStrokes(strokes);
}

function bindingsOf(commands: readonly BoundCommand[]): Bindings<BoundCommand> {
  const bindings = new Map<Context, Map<Strokes, BoundCommand>>();
  for (const command of commands) {
    for (const context of command.contexts) {
      const map = bindings.get(context) ?? new Map<Strokes, BoundCommand>();
      bindings.set(context, map);
      for (const strokes of command.strokes) map.set(strokes, command);
    }
  }
  return bindings;
}

function firstsOf(bindings: Bindings<BoundCommand>): Map<Context, Set<string>> {
  const firsts = (strokes: Iterable<Strokes>) =>
    [...strokes].flatMap((each) => (each.includes(" ") ? [each.slice(0, each.indexOf(" "))] : []));
  return new Map([...bindings].map(([context, map]) => [context, new Set(firsts(map.keys()))]));
}
