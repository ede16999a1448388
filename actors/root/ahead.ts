// What can begin before it is known what will be asked.
import { beginSpare } from "../../runtime/ahead.ts";

/** Begins the thread of the LLM caller, which every session needs first and which takes longest to load. */
export function beginAhead(): void {
  beginSpare(new URL("./host.js", import.meta.url), new URL("./actor-llm.js", import.meta.url));
}
