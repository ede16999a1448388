// What is asked on the screen before there is a session: which model, or which session.
import type { Choice, Door } from "../chat/door.ts";
import { failureOf } from "../chat/failure.ts";
import type { KeyState } from "../chat/types.ts";
import type { LocalServerState } from "../cli/local-servers.ts";
import { demoModel } from "../config/models.ts";
import { findSessions } from "../sessions/find.ts";
import { summarise } from "../sessions/summary.ts";
import { type Front, withUi } from "./front/state.ts";
import { type FirstRunFacts, openFirstRun, withFacts } from "./view/dialogs/first-run.ts";
import { openSessions } from "./view/dialogs/sessions.ts";
import type { SessionChoice } from "./view/dialogs/types.ts";

/** Sessions that are offered. */
const mostOffered = 200;

/** What the doorway works with. */
export interface DoorwayOptions {
  door: Door;
  front(): Front;
  change(front: Front): void;
  /** Begins the conversation; rejects when it cannot be as it was chosen. */
  open(choice: Choice): Promise<void>;
  /** It cannot be begun, and nothing can be chosen instead. */
  fail(error: unknown): void;
  /** The person leaves without having chosen. */
  leave(): void;
}

/** What stands in front of the conversation. */
export interface Doorway {
  /** Begins at once, or asks. */
  enter(): void;
  /** Begins as was chosen; false: nothing was asked. */
  begin(choice: Choice): boolean;
  /** Asks anew, with what came of the last choice; false: nothing is asked. */
  ask(note: string | null): boolean;
  /** To be told of every change: whoever closes what is asked leaves. */
  changed(): void;
}

/** Makes the doorway. */
export function createDoorway({ door, front, change, open, fail, leave }: DoorwayOptions): Doorway {
  let asking = false;
  let keys: readonly KeyState[] = [];
  let servers: readonly LocalServerState[] | null = null;
  let note: string | null = door.asks?.kind === "model" ? door.asks.why : null;

  const facts = (): FirstRunFacts => ({ keys, servers, demo: demoModel, note });

  /** What is found out later is put into what is open already. */
  function know(learnt: { keys?: readonly KeyState[]; servers?: readonly LocalServerState[] }): void {
    keys = learnt.keys ?? keys;
    servers = learnt.servers ?? servers;
    if (asking) change(withUi(front(), { dialog: withFacts(front().ui.dialog, facts()) }));
  }

  function ask(what: string | null): boolean {
    if (door.asks === null) return false;
    note = what ?? note;
    asking = true;
    if (door.asks.kind === "session") {
      const picker = openSessions(sessionsOf(door.stateDir), Date.now());
      const intro = what === null ? [] : [what];
      change(withUi(front(), { dialog: { ...picker, intro, close: "leave" } }));
      return true;
    }
    change(withUi(front(), { dialog: openFirstRun(facts()) }));
    door.keyring.keys().then((found) => know({ keys: found }), fail);
    // Without the servers there are other ways still.
    door.keyring.servers().then(
      (found) => know({ servers: found }),
      () => know({ servers: [] }),
    );
    return true;
  }

  function start(choice: Choice): void {
    asking = false;
    change(withUi(front(), { dialog: null }));
    open(choice).catch((error: unknown) => {
      const { message, hint } = failureOf(error, "START_FAILED");
      if (!ask(hint === undefined ? message : `${message} ${hint}`)) fail(error);
    });
  }

  return {
    enter() {
      if (!ask(null)) start({ model: null, session: null });
    },
    begin(choice) {
      const was = asking;
      if (was) start(choice);
      return was;
    },
    ask,
    changed() {
      if (asking && front().ui.dialog === null) leave();
    },
  };
}

function sessionsOf(stateDir: string): SessionChoice[] {
  return findSessions(stateDir)
    .slice(0, mostOffered)
    .flatMap(({ dir }) => {
      try {
        return [{ ...summarise(dir), current: false }];
      } catch {
        // Removed meanwhile, or damaged: nothing that could be taken up.
        return [];
      }
    });
}
