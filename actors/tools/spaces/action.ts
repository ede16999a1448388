// What an operation of hf_spaces consists of.
import type { SpaceReach } from "../../hub/spaces/client.ts";
import { isAwake, machineOf, type SpaceRuntime } from "../../hub/spaces/types.ts";
import type { LookContext, ToolContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ToolResult } from "../protocol.ts";
import { type Named, repoOf } from "../repos/names.ts";
import type { Input } from "./input.ts";

/** A call with its Space read. */
export interface Call {
  args: Input;
  /** `owner/name`. */
  id: string;
}

/** An operation that looks. */
export type Read = (call: Call, context: ToolContext) => Promise<ToolResult>;

/** A machine, and seconds without a visitor after which it is given up; null: never. */
export interface Machine {
  hardware: string | null;
  sleepSeconds: number | null;
}

/** An operation that changes something. */
export interface Change {
  /** Checks what is asked for, and completes it. Throws a `ToolError` to refuse. */
  settle?(call: Call, look: LookContext): Promise<Partial<Input>>;
  /** What is there of that which is to be changed, as a text that differs when it has changed. Throws to refuse. */
  before(call: Call, look: LookContext, runtime: SpaceRuntime): Promise<string>;
  /** The machine that runs on account of this, and would not without it; null: none. */
  runs(call: Call, runtime: SpaceRuntime): Machine | null;
  send(call: Call, context: ToolContext): Promise<void>;
  /** What a person should know before, in lines. */
  shown(call: Call): string[];
  /** What was done, as a sentence without its end. */
  done(call: Call): string;
  /** Whether the Space starts anew by this. */
  restarts: boolean;
  /** Whether it was done by a call that was interrupted; null: nobody can tell. */
  found(call: Call, look: LookContext, runtime: SpaceRuntime): Promise<boolean | null>;
}

/** The call with its Space. Throws `BAD_ARGUMENTS` for what is no Space. */
export function callOf(args: Input, look: Pick<LookContext, "door">): Call {
  const named: Named = { repo_id: args.repo_id, repo_type: "space" };
  const { type, id } = repoOf(named, look.door);
  if (type === "space" && id.includes("/")) return { args: { ...args, repo_id: id }, id };
  throw new ToolError("BAD_ARGUMENTS", `${id} is no Space.`, "Write owner/name.");
}

/** The way to the call's Space. `onWait` hears of pauses before a retry. */
export function reachOf({ id }: Call, { door, signal }: LookContext, onWait?: (words: string) => void): SpaceReach {
  return { door, id, signal, onWait };
}

/** What runs when a Space starts anew: one that is awake has its machine already, another may be woken. */
export function woken(_: Call, runtime: SpaceRuntime): Machine | null {
  return isAwake(runtime.stage) ? null : { hardware: machineOf(runtime), sleepSeconds: runtime.sleepSeconds };
}

/** A parameter that an operation cannot do without. Throws `BAD_ARGUMENTS`. */
export function needed<K extends keyof Input>(args: Input, name: K): NonNullable<Input[K]> {
  const value = args[name];
  if (value !== undefined && value !== null && value !== "") return value;
  throw new ToolError("BAD_ARGUMENTS", `${args.operation} needs ${name}.`);
}
