// The steps of a plan, one under the other.
import type { PlanItem } from "../../../../actors/events.ts";
import { neutralise } from "../../../text/neutralise.ts";
import type { Row } from "../../cells/types.ts";
import type { Look } from "../../text/look.ts";
import { marksOf } from "../marks.ts";
import { signed } from "../transcript/laid.ts";

/** Each step with a sign for how far it is, wrapped under itself. */
export function planRows(plan: readonly PlanItem[], width: number, look: Look): Row[] {
  const { theme } = look;
  const marks = marksOf(look);
  return plan.flatMap(({ status, content }) => {
    const text = neutralise(content).replaceAll("\n", " ");
    if (status === "completed") return signed(marks.ok, theme.ok, [{ text, style: theme.dim }], width);
    if (status === "in_progress") return signed(marks.current, theme.accent, [{ text, style: theme.strong }], width);
    return signed(" ", theme.dim, [{ text, style: theme.text }], width);
  });
}
