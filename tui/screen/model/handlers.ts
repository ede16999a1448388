// What handlers of events are.
import type { Events, EventType } from "../../../actors/events.ts";
import type { Draft } from "./draft.ts";
import type { At } from "./inputs.ts";

/** What events of one type do to a model in the making. */
export type Handler<T extends EventType> = (draft: Draft, data: Events[T], at: At) => void;
/** Handlers by type. */
export type Handlers<T extends EventType> = { readonly [K in T]: Handler<K> };
