// What an operation of github_issues consists of.
import { oneLine } from "../../cap.ts";
import type { ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import type { ClientContext } from "../client.ts";
import type { Desk } from "../desk.ts";
import { fullName, type Repo, requirePlace } from "../names.ts";
import type { Input, Settled } from "./input.ts";

/** An operation that looks. The result's notes are added by who calls it. */
export type Read = (args: Input, desk: Desk) => Promise<ToolResult>;

/** A desk before a call is approved as well as when it runs. */
export type AnyDesk = Desk<ClientContext>;

/** What a write has made or changed. */
export interface Made {
  number: number;
  url: string;
}

/** An operation that changes something. */
export interface Write {
  /**
   * Looks at what is there before the call is judged, and completes it. Throws a `ToolError` to refuse. What it says
   * of `before` is compared when the call runs.
   */
  settle(args: Input, desk: AnyDesk, place: Place): Promise<{ args?: Partial<Input>; settled: Partial<Settled> }>;
  /** Throws when what the call was checked against holds no more. */
  recheck?(args: Input, desk: AnyDesk, repo: Repo): Promise<void>;
  /** Does it, with one request. What GitHub refuses comes as Octokit throws it. */
  send(args: Input, desk: AnyDesk, repo: Repo): Promise<Made>;
  /** Whether this very call has done it before, or null. */
  found(args: Input, desk: AnyDesk, repo: Repo): Promise<Made | null>;
  /** The text as others will read it, for the person who approves. */
  shown(args: Input): string;
  /** What was done, as a sentence without its end. */
  done(args: Input, made: Made): string;
}

/** The repository that is written to, as it is now. */
export interface Place {
  repo: Repo;
  visibility: Settled["visibility"];
  defaultBranch: string;
  hasIssues: boolean;
}

/** The repository of a call that was read before. Throws `BAD_ARGUMENTS`. */
export function repoIn(args: Input): Repo {
  return requirePlace(needed(args, "repo"));
}

/** How Octokit wants it. */
export const at = ({ owner, name }: Repo): { owner: string; repo: string } => ({ owner, repo: name });

/** A parameter that an operation cannot do without. Throws `BAD_ARGUMENTS`. */
export function needed<K extends keyof Input>(args: Input, name: K): NonNullable<Input[K]> {
  const value = args[name];
  if (value !== undefined && value !== null && value !== "") return value;
  throw new ToolError("BAD_ARGUMENTS", `${args.operation} needs ${name}.`);
}

/** The number of an issue or pull request. Throws `BAD_ARGUMENTS`. */
export function numberIn(args: Input): number {
  const number = needed(args, "number");
  if (number >= 1) return number;
  throw new ToolError("BAD_ARGUMENTS", `number: ${number} is none; they begin with 1.`);
}

/** The page that is asked for, from 1. */
export const pageIn = ({ page = 1 }: Input): number => Math.max(1, page);

/** In a sentence: "o/r#12". */
export const shownNumber = (repo: Repo, number: number): string => `${fullName(repo)}#${number}`;

/** A name from a call in a sentence. */
export const shown = (text: string | undefined, length = 60): string => oneLine(text ?? "?", length);

/** Characters that the body of an answer may have. */
export const roomIn = ({ outputChars }: ToolContext): number => Math.max(2_000, outputChars - 1_500);
