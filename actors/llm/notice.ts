// Notes of the program inside a conversation.

/** A note as models see it: user text, marked as not being the user's. */
export function noticeText(text: string): string {
  return `<notice>\n${text}\n</notice>`;
}
