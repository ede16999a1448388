// What a user should be told of who looks elsewhere. Whether that rings, and how, is the terminal's side to decide.
import type { Draft } from "./draft.ts";
import type { At } from "./inputs.ts";
import type { Notification } from "./state.ts";

/** Notifications that are kept. */
const maxKept = 20;

/** Notes something down, when the terminal says that the user does not look at it. */
export function notify(draft: Draft, at: Pick<At, "ts">, about: Notification["about"], text: string): void {
  if (draft.screen.focused !== false) return;
  const id = draft.nextNotification;
  draft.nextNotification = id + 1;
  draft.notifications = [...draft.notifications, { id, at: at.ts, about, text }].slice(-maxKept);
}

/** Takes back what nobody needs to be told any more. */
export function unnotify(draft: Draft, about: Notification["about"]): void {
  if (draft.notifications.some((one) => one.about === about)) {
    draft.notifications = draft.notifications.filter((one) => one.about !== about);
  }
}
