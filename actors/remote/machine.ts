// What a machine of the Hub's is to us, whatever it is to the Hub: a job, or where jobs are not to be had, a Space.
import type { CreateRequest, Machine } from "./protocol.ts";

/** A machine as the Hub states it. */
export interface MachineState {
  machine: Machine;
  /** What the Hub says of it, in lower case; for people. */
  stage: string;
  message: string;
  /** It is over, and everything on it with it. */
  isOver: boolean;
  /** Where its server listens; null: not yet. */
  address: string | null;
  /** From this the token of its server is derived. */
  nonce: string;
}

/** Which machine is meant. */
export type MachineName = Pick<Machine, "id" | "namespace">;

/** One kind of machines. All of it throws what the door throws. */
export interface Machines {
  /** The machine that a call has made, if it is there; else a new one. */
  obtain(request: CreateRequest, sessionId: string, signal: AbortSignal): Promise<MachineState>;
  /** Null: there is no such machine. */
  get(of: MachineName, signal: AbortSignal): Promise<MachineState | null>;
  /** Ends it with everything on it. */
  end(of: MachineName, signal: AbortSignal): Promise<void>;
  /** Those of ours that are not over, of whatever session, with the session's id where it is known. */
  own(namespace: string, signal: AbortSignal): Promise<{ machine: Machine; sessionId: string }[]>;
  /** Whether an id is of this kind. */
  knows(id: string): boolean;
  /** Whether an address may be one of a machine of this kind. */
  isAddress(host: string): boolean;
}
