// The one way in which a model changes. Pure: no clock, no timer, no terminal; the same inputs make the same model,
// however they are cut into batches.
import { type EventType, isDurable, type SessionEvent } from "../../../actors/events.ts";
import { addBlock, begin, type Draft, finish } from "./draft.ts";
import { cut } from "./fold-text.ts";
import type { Handler, Handlers } from "./handlers.ts";
import type { Input } from "./inputs.ts";
import { type Meter, productMeter } from "./metering.ts";
import { onAgents } from "./on-agents.ts";
import { onCalls } from "./on-calls.ts";
import { onCommands } from "./on-commands.ts";
import { takeFrontInput } from "./on-front.ts";
import { onModel } from "./on-model.ts";
import { onReply } from "./on-reply.ts";
import { onSession } from "./on-session.ts";
import { onTurn } from "./on-turn.ts";
import type { Model } from "./state.ts";

const handlers: Handlers<EventType> = {
  ...onTurn,
  ...onReply,
  ...onCalls,
  ...onCommands,
  ...onModel,
  ...onAgents,
  ...onSession,
};
const byName = new Map<string, Handler<EventType>>(Object.entries(handlers) as [string, Handler<EventType>][]);

/** Characters that are shown of an event that nobody knows. */
const unknownChars = 300;

/**
 * Takes a batch of inputs. Durable events that were taken before are passed over, and so is everything that comes after
 * a gap: `sync.gap` then says from which seq on events are to be delivered again. `meter` reads measurements out of the
 * output of commands.
 */
export function reduce(model: Model, inputs: readonly Input[], meter: Meter = productMeter): Model {
  if (inputs.length === 0) return model;
  if (inputs.every(({ kind }) => kind === "tick" || kind === "resized")) return inputs.reduce(onScreen, model);
  const draft = begin(model, meter);
  for (const input of inputs) {
    if (input.kind === "event") takeEvent(draft, input.event);
    else takeFrontInput(draft, input);
  }
  return finish(draft);
}

/** What comes most often while nothing happens leaves the transcript alone. */
function onScreen(model: Model, input: Input): Model {
  if (input.kind === "tick") return { ...model, screen: { ...model.screen, now: input.now } };
  if (input.kind !== "resized") return model;
  return { ...model, screen: { ...model.screen, width: input.width, height: input.height } };
}

function takeEvent(draft: Draft, event: SessionEvent): void {
  const { seq } = draft.sync;
  const handler = byName.get(event.type);
  // Of an unknown type, one that continues the count is taken for a durable event.
  const durable = handler === undefined ? event.seq > seq : isDurable(event.type);
  if (durable ? event.seq <= seq : event.seq < seq) return;
  if (event.seq > (durable ? seq + 1 : seq)) {
    draft.sync = { seq, gap: { from: seq + 1, seen: Math.max(event.seq, draft.sync.gap?.seen ?? 0) } };
    return;
  }
  if (draft.session.id === "") draft.session = { ...draft.session, id: event.session_id };
  const at = { seq: event.seq, ts: event.ts, durable };
  if (durable) {
    const { gap } = draft.sync;
    draft.sync = { seq: event.seq, gap: gap !== null && event.seq < gap.seen ? { ...gap, from: event.seq + 1 } : null };
  }
  if (handler !== undefined) {
    handler(draft, event.data, at);
    return;
  }
  const text = cut(JSON.stringify(event.data) ?? "", unknownChars);
  addBlock(draft, { kind: "note", note: { about: "unknown", type: String(event.type), text } }, at);
}
