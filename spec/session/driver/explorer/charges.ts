// What the explorer's world charges: each request that can cost something costs a random sum up to what it was told
// that it may, whether it is answered, fails, or loses the one who asked.
import type { SummaryCall } from "../../../../actors/context/protocol.ts";
import { microOf } from "../../../../actors/session/money.ts";
import type { SessionState } from "../../../../actors/session/state.ts";
import type { AnyAsk } from "../../../support/asks.ts";
import { usage } from "../stories.ts";
import { planOf } from "./calls.ts";
import type { Chance } from "./chance.ts";

/** What requests cost at most for which nothing is set aside, in millionths of a US dollar. */
const unbounded = { reply: 30_000, trial: 1_000, summary: 5_000 };

export function createCharges(chance: Chance) {
  const charges = new Map<AnyAsk, number>();
  const jobs = new Map<string, number>();
  let total = 0;

  function charge(ask: AnyAsk, most: number): void {
    const micro = chance.upTo(most);
    charges.set(ask, micro);
    total += micro;
  }

  /** A job that is sent again under its key, attached to, or begun again when it had not happened, is paid for once. */
  function chargeJob(ask: AnyAsk, id: string, most: number, isOne: boolean): void {
    const known = isOne ? jobs.get(id) : undefined;
    if (known === undefined) charge(ask, most);
    else charges.set(ask, known);
    jobs.set(id, charges.get(ask) ?? 0);
  }

  return {
    /** All that was charged, in millionths of a US dollar. */
    total: () => total,
    /** Millionths of a US dollar that a request has cost. */
    of: (ask: AnyAsk): number => charges.get(ask) ?? 0,
    /** Charges for a request that is being made. */
    take(ask: AnyAsk, { money }: SessionState): void {
      if (ask.name === "llm.complete") {
        charge(ask, ask.body.spend?.mostMicroUsd ?? money.open.get("main") ?? unbounded.reply);
      }
      if (ask.name === "llm.probe") charge(ask, ask.body.mostMicroUsd ?? money.open.get("probe") ?? unbounded.trial);
      if (ask.name === "context.compact" && ask.body.model !== null) {
        charge(ask, money.open.get("summary") ?? unbounded.summary);
      }
      if (ask.name !== "tools.run") return;
      const { spend, onCrash } = planOf(ask.body.arguments);
      if (spend > 0) chargeJob(ask, ask.body.id, microOf(spend), onCrash !== "pure");
    },
    /** It was refused before anything was done. */
    giveBack(ask: AnyAsk): void {
      total -= charges.get(ask) ?? 0;
      charges.delete(ask);
    },
    /** What a compaction tells of the model calls that it made. */
    summaryCalls(ask: AnyAsk): SummaryCall[] {
      if (ask.name !== "context.compact" || ask.body.model === null) return [];
      const costUsd = (charges.get(ask) ?? 0) / 1e6;
      const about = { model: ask.body.model, assumedUsd: 0, latencyMs: 1, attempts: 1, failed: false };
      return [{ ...usage, ...about, costUsd }];
    },
  };
}

export type Charges = ReturnType<typeof createCharges>;
