// The line that is being typed, as it stands on the screen.
import { clearScreenDown, cursorTo, type Interface, moveCursor } from "node:readline";

/** Forgets where the line was shown last, so that it is shown where the cursor is. */
export function detachLine(line: Interface): void {
  // It counts the rows above its cursor from then; what we write comes in between.
  Object.assign(line, { prevRows: 0 });
}

/** Takes the line off the screen; what is typed stays in it. */
export function eraseLine(line: Interface, screen: NodeJS.WritableStream): void {
  const { rows } = line.getCursorPos();
  if (rows > 0) moveCursor(screen, 0, -rows);
  cursorTo(screen, 0);
  clearScreenDown(screen);
  detachLine(line);
}

/** Drops what is typed, without a trace on the screen. */
export function emptyLine(line: Interface): void {
  Object.assign(line, { line: "", cursor: 0 });
}
