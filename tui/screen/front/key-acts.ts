// A key that was pasted: checked with its service, kept, and used. While it is looked at, the prompt stays as it is.
import { keptWords, renewKeys } from "../../chat/commands/keys.ts";
import type { Choice, Door } from "../../chat/door.ts";
import { failureOf } from "../../chat/failure.ts";
import type { Chat, KeptKey } from "../../chat/types.ts";
import type { Stage } from "../stage.ts";
import { withProblem } from "../view/dialogs/prompt.ts";
import type { PromptDialog } from "../view/dialogs/types.ts";
import { withUi } from "./state.ts";

/** What that needs. */
interface KeyActsOptions {
  door: Door;
  stage: Stage;
  chat(): Chat | null;
  begin(choice: Choice): boolean;
  askAgain(note: string): boolean;
}

/** Makes what keeps keys. Nothing is thrown. */
export function createKeyActs({ door, stage, chat, begin, askAgain }: KeyActsOptions) {
  const { toast } = stage;

  /** The prompt that waits for what becomes of the key; null: it was left meanwhile. */
  function waiting(name: KeptKey["name"]): PromptDialog | null {
    const { dialog } = stage.front.ui;
    if (dialog?.kind !== "prompt" || !dialog.busy) return null;
    return dialog.then.kind === "save_key" && dialog.then.name === name ? dialog : null;
  }

  async function save(name: KeptKey["name"], value: string): Promise<void> {
    let kept: KeptKey;
    try {
      kept = await door.keyring.keep(name, value);
    } catch (error) {
      const { message, hint } = failureOf(error, "KEY_REFUSED");
      const words = hint === undefined ? message : `${message} ${hint}`;
      const prompt = waiting(name);
      if (prompt === null) toast("error", words);
      else stage.change(withUi(stage.front, { dialog: withProblem(prompt, words) }));
      return;
    }
    const prompt = waiting(name);
    const open = chat();
    if (open === null) {
      // Who has gone back to the list sees there that it is no longer missing.
      if (prompt === null && askAgain(keptWords(kept, true))) return;
      const begun = prompt !== null && begin({ model: null, session: null });
      if (prompt !== null && !begun) stage.change(withUi(stage.front, { dialog: null }));
      toast("ok", keptWords(kept, begun));
      return;
    }
    if (prompt !== null) stage.change(withUi(stage.front, { dialog: null }));
    try {
      toast("ok", keptWords(kept, await renewKeys(open)));
    } catch (error) {
      toast("error", failureOf(error, "KEY_UNUSED").message);
    }
  }

  return { save };
}
