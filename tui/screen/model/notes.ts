// Short things that happened, as data; `sentences.ts` has the words.
import type { CompactTrigger, DurableEvents, Failure } from "../../../actors/events.ts";
import type { Effort } from "../../../actors/llm/protocol.ts";

/** What a note is about, and what it takes to say it. */
export type Note =
  | { readonly about: "watcher"; readonly reason: string; readonly text: string }
  /** A job on the Hub that no call waited for has ended. */
  | { readonly about: "job"; readonly jobId: string }
  | { readonly about: "system"; readonly text: string }
  | { readonly about: "model"; readonly model: string; readonly reason: "user" | "start" | "failover" | null }
  | { readonly about: "model_rejected"; readonly model: string; readonly failure: Failure }
  | { readonly about: "effort"; readonly effort: Effort }
  | { readonly about: "budget"; readonly capUsd: number | null }
  | { readonly about: "cost"; readonly thresholdUsd: number; readonly spentUsd: number }
  | { readonly about: "name"; readonly name: string }
  | { readonly about: "rule"; readonly rule: DurableEvents["rule_added"]["rule"] }
  | { readonly about: "uncompacted"; readonly trigger: CompactTrigger; readonly failure: Failure }
  | { readonly about: "overflow"; readonly windowTokens: number }
  | { readonly about: "restart"; readonly actor: string; readonly reason: string; readonly restarts: number }
  /** Turns of a session that was taken up which are not shown. */
  | { readonly about: "earlier"; readonly turns: number; readonly sessionId: string }
  | { readonly about: "resumed"; readonly restored: number; readonly adopted: number; readonly unfinished: boolean }
  | { readonly about: "imported"; readonly messages: number; readonly dropped: number }
  /** `text`: what the user had said in the turn that was taken back; null: there was no turn to take back. */
  | { readonly about: "undo"; readonly text: string | null }
  | { readonly about: "sent"; readonly destination: string; readonly eventType: string }
  | { readonly about: "unsent"; readonly destination: string; readonly failure: Failure }
  /** No answer can come from there for now, or ever. */
  | { readonly about: "no_answers"; readonly destination: string; readonly failure: Failure }
  /** A question waits for an answer there as well. */
  | { readonly about: "asked"; readonly destination: string; readonly title: string }
  | { readonly about: "answered"; readonly titles: readonly string[]; readonly approved: boolean }
  | { readonly about: "failure"; readonly failure: Failure }
  | { readonly about: "shutdown"; readonly reason: DurableEvents["shutdown"]["reason"] }
  /** An event of a type that this version does not know. `text`: its data, cut. */
  | { readonly about: "unknown"; readonly type: string; readonly text: string };
