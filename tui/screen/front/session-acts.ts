// What is done with sessions from a list: taking one up, copying, naming, deleting; before one is open as well.
import type { Choice, Door } from "../../chat/door.ts";
import type { Chat } from "../../chat/types.ts";
import { forkSession } from "../../sessions/fork.ts";
import { deleteSession } from "../../sessions/remove.ts";
import { renameSession } from "../../sessions/rename.ts";
import { resolveOwn, resolveSession } from "../../sessions/resolve.ts";
import type { DialogAct } from "../view/dialogs/types.ts";
import type { Toast } from "../view/toasts.ts";

type SessionAct = Extract<DialogAct, { kind: "open_session" | "rename_session" | "delete_session" }>;

/** What that needs. */
interface SessionActsOptions {
  door: Door;
  chat(): Chat | null;
  begin(choice: Choice): boolean;
  askAgain(note: string): boolean;
  toast(level: Toast["level"], text: string): void;
  /** Takes a session up in the place of the one that is open. */
  resume(id: string): void;
}

/** Makes what does it. Rejects with what went wrong. */
export function createSessionActs({ door, chat, begin, askAgain, toast, resume }: SessionActsOptions) {
  const { stateDir, createdBy } = door;

  function done(text: string): void {
    if (!askAgain(text)) toast("ok", text);
  }

  async function perform(act: SessionAct): Promise<void> {
    const open = chat();
    switch (act.kind) {
      case "open_session": {
        const forked =
          act.how === "fork" ? forkSession(stateDir, resolveSession(stateDir, act.id), null, createdBy) : null;
        const id = forked?.id ?? act.id;
        if (open === null) begin({ model: null, session: id });
        else resume(id);
        return;
      }
      case "rename_session":
        if (open !== null && act.id === open.agent.sessionId) await open.operate({ type: "rename", name: act.name });
        else renameSession(resolveOwn(stateDir, act.id), act.name);
        done(`It is called ${act.name} now.`);
        return;
      case "delete_session":
        deleteSession(resolveOwn(stateDir, act.id));
        done("The session is gone.");
    }
  }

  return { perform };
}
