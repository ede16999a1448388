// What every way of headless output has in common.
import type { Access, SessionEvent } from "../../actors/events.ts";
import type { RunResult } from "./result.ts";

/** Text for the two streams; empty where there is nothing to say. */
export interface Lines {
  out: string;
  err: string;
}

/** What a printer needs to know of a call. */
export interface KnownCall {
  id: string;
  title: string;
  touches: readonly Access[];
}

/** Turns the events of a run into text. It keeps what it needs between events and touches nothing else. */
export interface Printer {
  /** Names calls that were put on record before the first event of this run. */
  recall(calls: readonly KnownCall[]): void;
  event(event: SessionEvent): Lines;
  /** Something that the program itself has to tell the user. */
  notice(text: string): Lines;
  /** Once, when the run is over. */
  end(result: RunResult): Lines;
}

/** Nothing to say. */
export const silent: Lines = { out: "", err: "" };
