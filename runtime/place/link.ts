// A host as the system sees it, whichever place it is.
import type { Envelope } from "../actor/envelope.ts";
import type { ControlEndpoint } from "./control.ts";

/** How a host ended. */
export interface HostExit {
  /** Exit code, or null when a signal ended it. */
  code: number | null;
  outOfMemory: boolean;
  error: Error | null;
}

/** A connection to a running host. */
export interface HostLink {
  readonly control: ControlEndpoint;
  /** Sends a message. Throws `BAD_MESSAGE` when its body cannot be sent. */
  post(envelope: Envelope): void;
  /** Sends a signal past the messages. */
  signal(envelope: Envelope): void;
  /** Ends the host by force. Resolves when it has ended, which may be never. */
  terminate(): void;
  /** The share of the time since the last call in which the host was busy, 0 to 1. */
  busyShare(): number;
  /** Resolves when the host has ended and what it sent has been received. */
  readonly exited: Promise<HostExit>;
}

/** How a host is opened. */
export interface LinkOptions {
  /** The host entry: one module for threads and processes. */
  entry: URL;
  /** Number of the host's event loop. */
  realm: number;
  heapMb: number | undefined;
  /** Reaches the host before anything else. */
  greeting: Envelope;
  /** A message, answer or signal from the host. */
  receive(envelope: Envelope): void;
  /** A line that the host printed. */
  line(stream: "stdout" | "stderr", text: string): void;
}
