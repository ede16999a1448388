// Texts of messages before they take the form of a service.
import type { OutgoingMessage } from "./protocol.ts";

/** Characters of a body that are sent. */
export const bodyChars = 39_000;
/** Characters of a title, and of one fact below the body. */
const lineChars = 200;

/** The first `length` characters at most; never half of a pair of surrogates. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const isHalved = (text.charCodeAt(length) & 0xfc00) === 0xdc00;
  return text.slice(0, isHalved ? length - 1 : length);
}

/** One line without control characters, of bearable length. */
export function oneLine(text: string, length = lineChars): string {
  const flat = text
    .slice(0, length * 8)
    .replace(/[\s\p{Cc}\p{Cf}\u2028\u2029]+/gu, " ")
    .trim();
  return flat.length <= length ? flat : `${headOf(flat, length - 1)}…`;
}

/** A body within the limit; one that was cut says by how much. */
export function withinLimit(body: string): string {
  if (body.length <= bodyChars) return body;
  const head = headOf(body, bodyChars);
  const left = (body.length - head.length).toLocaleString("en-US");
  const fence = (head.match(/^ {0,3}```/gm)?.length ?? 0) % 2 === 1 ? "\n```" : "";
  return `${head}${fence}\n\n[… ${left} more characters are in the session]`;
}

/** The first line of a message: severity and title. */
export function headline({ severity, title }: OutgoingMessage): string {
  const tag = `[${severity.toUpperCase()}]`;
  return title === null || title.trim() === "" ? tag : `${tag} ${oneLine(title)}`;
}

/** The facts below the body, one a line. */
export function factLines({ metadata }: OutgoingMessage): string[] {
  return Object.entries(metadata).map(([name, value]) => `${oneLine(name)}: ${oneLine(value)}`);
}

/** A message as plain text: first line, body, facts. */
export function plainText(message: OutgoingMessage): string {
  return [headline(message), message.body.trim(), factLines(message).join("\n")]
    .filter((part) => part !== "")
    .join("\n\n");
}
