// What takes no more than the terminal and the screen on it.
import type { Stage } from "../stage.ts";
import { copyText } from "../term/osc.ts";
import { type Act, said } from "./state.ts";

/** Puts a text into the terminal's clipboard, and says so where that cannot be. */
export function copyTo(stage: Pick<Stage, "terminal" | "front" | "change">, text: string): void {
  const { terminal } = stage;
  const made = copyText(text, terminal.caps);
  if (made.ok) {
    terminal.send(made.text);
    return;
  }
  const why = made.reason === "too-long" ? "Too long for the terminal's clipboard." : "The terminal has no clipboard.";
  stage.change(said(stage.front, why, "warn"));
}

/** Does an act that is about the terminal; false: it is not. `mouse`: whether clicks may be asked for at all. */
export function performOnStage(stage: Stage, act: Act, mouse: boolean): boolean {
  switch (act.kind) {
    case "copy":
      copyTo(stage, act.text);
      return true;
    case "mouse":
      stage.terminal.setMouse(act.on && mouse);
      return true;
    case "quit":
      stage.finish({ code: 0, reason: "user", words: "" });
      return true;
    case "repaint":
      stage.repaint();
      return true;
    case "suspend":
      void stage.terminal.suspend();
      return true;
    default:
      return false;
  }
}
