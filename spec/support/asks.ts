// References to actors that a spec plays itself: every request waits until the spec answers it, in any order.
import type { ContextProtocol } from "../../actors/context/protocol.ts";
import type { LlmProtocol } from "../../actors/llm/protocol.ts";
import type { ToolsProtocol } from "../../actors/tools/protocol.ts";
import type { ActorRef, AskOptions, Protocol } from "../../runtime/index.ts";

type Named<Actor extends string, P extends Protocol> = {
  [K in keyof P["asks"] & string as `${Actor}.${K}`]: P["asks"][K];
};

/** The requests of the actors that the session's driver works with, by `<actor>.<request>`. */
export type Asks = Named<"llm", LlmProtocol> & Named<"context", ContextProtocol> & Named<"tools", ToolsProtocol>;
export type AskName = keyof Asks;

/** One request that was made. Answering it again, or after it was cancelled, does nothing. */
export interface Ask<K extends AskName> {
  name: K;
  /** A copy, as a thread border would make one. */
  body: Asks[K][0];
  /** Which of the drivers of this history asks, counted from 1. */
  driver: number;
  /** The one that asked does not want the answer any more. */
  cancelled: boolean;
  answer(value: Asks[K][1]): void;
  fail(code: string, data?: object): void;
}

export type AnyAsk = { [K in AskName]: Ask<K> }[AskName];
/** The request of one name. */
export type AskOf<K extends AskName> = Extract<AnyAsk, { name: K }>;

function failure(code: string, data: object | undefined): Error {
  return Object.assign(new Error(code), { code, ...(data === undefined ? {} : { data }) });
}

/** The requests of one history. `onAsk` hears of each when it is made. */
export function createAsks(onAsk: (ask: AnyAsk) => void) {
  const all: AnyAsk[] = [];
  const open = new Set<AnyAsk>();

  /** A reference to an actor, for the driver of this number. */
  function ref<P extends Protocol>(to: string, driver: number): ActorRef<P> {
    const request = (type: string, body: unknown, { signal }: AskOptions) =>
      new Promise((resolve, reject) => {
        const close = () => open.delete(ask);
        const ask = {
          name: `${to}.${type}`,
          body: structuredClone(body),
          driver,
          cancelled: false,
          answer: (value: unknown) => close() && resolve(structuredClone(value)),
          fail: (code: string, data?: object) => close() && reject(failure(code, data)),
        } as unknown as AnyAsk;
        const cancel = () => {
          ask.cancelled = true;
          ask.fail("CANCELLED");
        };
        all.push(ask);
        open.add(ask);
        if (signal?.aborted) cancel();
        else {
          signal?.addEventListener("abort", cancel, { once: true });
          onAsk(ask);
        }
      });
    return { id: to, tell: () => true, ask: request } as ActorRef<P>;
  }

  function named<K extends AskName>(list: Iterable<AnyAsk>, name: K): AskOf<K>[] {
    return [...list].filter((ask): ask is AskOf<K> => ask.name === name);
  }

  return {
    ref,
    /** Those without an answer, oldest first. */
    open: (): AnyAsk[] => [...open],
    /** Those of a name that were ever made. */
    made: <K extends AskName>(name: K) => named(all, name),
    has: (name: AskName): boolean => named(open, name).length > 0,
    /** The newest one of a name that waits for its answer. Throws when there is none. */
    find<K extends AskName>(name: K): AskOf<K> {
      const found = named(open, name).at(-1);
      if (found === undefined) throw new Error(`no ${name} waits, but: ${[...open].map((ask) => ask.name).join()}`);
      return found;
    },
    /** Nobody is there any more who could take an answer. */
    forget: () => open.clear(),
  };
}
