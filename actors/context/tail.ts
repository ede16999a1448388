// The newest messages, which stay as they are as far as there is room for them.
import type { Message } from "../llm/protocol.ts";
import { tokensOf, tokensOfAll } from "./estimate.ts";
import { type Cutting, shorten } from "./shorten.ts";
import { type Unit, unitsOf } from "./units.ts";

/** One message's largest share of the tail: beyond it, its middle goes to a file. */
const messageShare = 0.25;
/** A result that would keep less than this is of no use, in tokens. */
const leastResult = 60;

export interface Tail {
  tail: Message[];
  /** Index in the conversation of the tail's first message; its length when nothing stays. */
  tailFrom: number;
}

/** Takes units from the end of the conversation, none of them before `notBefore`, as long as they fit into `room` tokens. */
export function chooseTail(messages: readonly Message[], notBefore: number, room: number, cutting: Cutting): Tail {
  const chosen: Message[][] = [];
  let left = room;
  let tailFrom = messages.length;
  for (const unit of unitsOf(messages).toReversed()) {
    if (unit.start < notBefore) break;
    const whole = messages.slice(unit.start, unit.end);
    const short = whole.map((message) => shorten(message, room * messageShare, cutting));
    // What the model did last matters most: it is cut further before it is given up.
    const fitting =
      tokensOfAll(short, cutting.ratio) > left && chosen.length === 0 ? squeeze(whole, left, cutting) : short;
    const tokens = tokensOfAll(fitting, cutting.ratio);
    if (tokens > left) break;
    left -= tokens;
    tailFrom = unit.start;
    chosen.push(fitting);
  }
  return { tail: chosen.toReversed().flat(), tailFrom };
}

/** The messages with what can be cut sharing the room evenly that the rest leaves. */
function squeeze(messages: readonly Message[], room: number, cutting: Cutting): Message[] {
  const firm = messages.filter((message) => message.role === "assistant" || message.role === "notice");
  const each = (room - tokensOfAll(firm, cutting.ratio)) / Math.max(1, messages.length - firm.length);
  return each < leastResult ? [...messages] : messages.map((message) => shorten(message, each, cutting));
}

/** Every message that alone takes more than its share of `room` tokens, cut; the others as they are. */
export function shortenAll(messages: readonly Message[], room: number, cutting: Cutting): Message[] {
  return messages.map((message) =>
    message.role === "tool" && tokensOf(message, cutting.ratio) > room * messageShare
      ? shorten(message, room * messageShare, cutting)
      : message,
  );
}

/** Index of the first message from which on, unit by unit, nothing was changed; `from` when nothing was. */
export function unchangedFrom(messages: readonly Message[], now: readonly Message[], from: number): number {
  const changed = now.findLastIndex((message, index) => message !== messages[from + index]);
  if (changed < 0) return from;
  const unit = unitsOf(messages).find((one: Unit) => from + changed < one.end);
  return unit?.end ?? messages.length;
}
