// What a model that repeats itself is told, and the user when that did not help.
import { named } from "./detector.ts";

/** What repeats: the tools of one round in order, and how many calls that made. */
function repetition(tools: readonly string[], calls: number): string {
  const [only] = tools;
  if (tools.length === 1 && only !== undefined) {
    return `your last ${calls} calls of ${named(only)} had the same arguments and the same result`;
  }
  return `your last ${calls} calls went round in a circle: ${tools.map(named).join(" → ")}, each time with the same arguments and the same results`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The first word to the model. */
export function noticeWords(tools: readonly string[], calls: number): string {
  return (
    `${capital(repetition(tools, calls))}. One more will bring the same again. ` +
    "Say what you expected to see and why it did not come, then do something else: other arguments, another tool, a smaller step that checks your assumption. " +
    "If you are waiting for something, wait longer in one call before you look again. " +
    "If you cannot go on, stop calling tools and tell the user what you found and what you need."
  );
}

/** The second word to the model, with a tool taken away. */
export function forbidWords(tools: readonly string[], calls: number, tool: string): string {
  return (
    `You were told and it goes on: ${repetition(tools, calls)}. Calls of ${named(tool)} are therefore refused in your next reply. ` +
    "Take another way to the goal, or answer the user with what you have and what is in the way. If the circle goes on after that, the turn is ended."
  );
}

/** The last word, to people. */
export function stopWords(tools: readonly string[], calls: number): string {
  const what =
    tools.length === 1
      ? `the same call of ${tools.map(named).join()} ${calls} times in a row`
      : `the same round of calls (${tools.map(named).join(" → ")}) over and over, ${calls} calls in all`;
  return `Stopped: the model made ${what}, with the same results, and two notes did not bring it off.`;
}
