// The way into a conversation: what a person is asked before there is a session, and what it is begun with then.
import type { ConversationRun } from "./run.ts";
import type { FrontSettings } from "./settings.ts";
import type { Keyring } from "./types.ts";

/** What the conversation is to be begun with. */
export interface Choice {
  /** A model's id; null: the one that the settings choose. */
  readonly model: string | null;
  /** The full id of a session to take up; null: the one that the command line names, or a new one. */
  readonly session: string | null;
}

/** What stands between a person and a session. */
export type Asked =
  /** Which model: none can be used, or none but the demo's. `why`: what is missing, where more is known than that. */
  | { readonly kind: "model"; readonly why: string | null }
  /** Which session. */
  | { readonly kind: "session" };

/** The way in. */
export interface Door {
  readonly settings: FrontSettings;
  readonly keyring: Keyring;
  /** The folder that the program was started in. */
  readonly cwd: string;
  /** Where sessions are kept, and with which name and version they are made. */
  readonly stateDir: string;
  readonly createdBy: string;
  /** Null: nothing is asked. */
  readonly asks: Asked | null;
  /** What the conversation is begun with. Throws a `FrontError` where that cannot be. */
  enter(choice: Choice): Promise<ConversationRun>;
}
