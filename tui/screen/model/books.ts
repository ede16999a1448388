// The books of the session, kept as the session keeps them.
import type { Money } from "../../../actors/session/money.ts";
import type { Draft } from "./draft.ts";

/** Changes the books. What an earlier model holds stays as it is. */
export function book(draft: Draft, change: (money: Money) => void): void {
  const money = { ...draft.money, open: new Map(draft.money.open) };
  change(money);
  draft.money = money;
}
