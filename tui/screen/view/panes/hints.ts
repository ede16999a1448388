// Which keys are worth telling of, by what has the focus and what goes on. The first matters most.

import { draftKind } from "../../editor/draft.ts";
import { heldMessages, phaseOf } from "../../model/select.ts";
import type { Model } from "../../model/state.ts";
import type { Ui } from "../ui.ts";
import type { Rendering } from "../view.ts";

/** A key and what it does. */
export interface Hint {
  readonly key: string;
  readonly what: string;
}

type Wish = readonly [command: string, what: string];

/** The keys to tell of. Commands that have none are left out. */
export function hintsOf<D>(model: Model, ui: Ui<D>, { keyOf }: Pick<Rendering, "keyOf">): Hint[] {
  return wishes(model, ui).flatMap(([command, what]) => {
    const key = keyOf(command);
    return key === null ? [] : [{ key, what }];
  });
}

function wishes<D>(model: Model, ui: Ui<D>): Wish[] {
  if (ui.copying) return [["app.copy_mode", "back"]];
  if (ui.dialog !== null) {
    return model.questions.length > 0
      ? [
          ["approval.approve", "approve"],
          ["approval.reject", "reject"],
        ]
      : [["dialog.close", "close"]];
  }
  const general: Wish[] = [
    ["app.palette", "palette"],
    ["app.help", "help"],
  ];
  if (ui.focus === "find") {
    return [
      ["find.close", "close"],
      ["find.next", "next"],
    ];
  }
  if (ui.focus === "transcript") {
    return [
      ["pane.leave", "back"],
      ["transcript.fold", "fold"],
      ["transcript.copy", "copy"],
      ["transcript.search", "search"],
    ];
  }
  if (ui.focus === "jobs") {
    return [
      ["pane.leave", "back"],
      ["jobs.log_scale", "log scale"],
      ["jobs.zoom", "zoom"],
      ["jobs.filter", "filter"],
      ["jobs.cancel", "cancel job"],
    ];
  }
  if (ui.focus === "plan" || ui.focus === "activity") return [["pane.leave", "back"], ...general];
  if (ui.replay?.done === true) return [["replay.leave", "leave"], ...general.slice(1)];
  if (ui.replay !== null) {
    return [
      ["replay.leave", "leave"],
      ["replay.pause", ui.replay.paused ? "play" : "pause"],
      ["replay.step", "step"],
      ["replay.faster", "faster"],
      ["replay.slower", "slower"],
    ];
  }
  const phase = phaseOf(model);
  const held = heldMessages(model);
  if (held > 0 && draftKind(ui.editor.lines) === "nothing") {
    return [["input.send", held === 1 ? "send what waits" : `send the ${held} that wait`], ...general];
  }
  if (phase === "idle" || phase === "over") return [["input.send", "send"], ...general];
  return [["app.interrupt", phase === "trying" ? "keep the model" : "stop"], ...general];
}
