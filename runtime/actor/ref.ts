// References: what a holder of an actor's id can do with it.
import type { Asks, Owner, Wire } from "./asks.ts";
import type { ActorId, ActorRef, Protocol } from "./types.ts";

/** Creates a reference to an actor, used on behalf of `owner`. It is resolved when it is used. */
export function createRef<P extends Protocol>(wire: Wire, asks: Asks, owner: Owner, id: ActorId): ActorRef<P> {
  const ref: ActorRef = {
    id,
    tell(type, body) {
      if (owner.ended) return false;
      return wire.post({ v: 1, to: id, from: owner.id, type, body, epoch: owner.epoch }) === "accepted";
    },
    ask(type, body, options) {
      return asks.ask(owner, id, type, body, options);
    },
  };
  // What a protocol allows is checked where the reference is used; on the wire there are only names and bodies.
  return ref as unknown as ActorRef<P>;
}
