// What stands in a conversation as user text and is not the user's word: it is marked, so that no model takes it for one.

/** A note of the program as models see it. */
export function noticeText(text: string): string {
  return `<notice>\n${text}\n</notice>`;
}

/** A command of the user's as models see it. */
export function commandText({ command, text }: { command: string; text: string }): string {
  return `<user_command>\nThe user has run this themselves. It is for you to know, and asks nothing of you.\n$ ${command}\n${text}\n</user_command>`;
}
