// What a call will cost at most, by its own declaration.
import type { Access } from "../../events.ts";
import { microOf } from "../money.ts";

/** The most that a call spends, in millionths of a US dollar (null: unknown); null for one that spends nothing. */
export function spendingOf(touches: readonly Access[]): { micro: number | null } | null {
  const sums = touches.flatMap((access) => (access.kind === "spend" ? [access.usd] : []));
  if (sums.length === 0) return null;
  if (sums.includes(null)) return { micro: null };
  return { micro: sums.reduce<number>((sum, usd) => sum + microOf(usd ?? 0), 0) };
}
