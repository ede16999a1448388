// Short facts side by side: where there is no room for all of them, those that matter least are left out.
import { rowOf, spansWidth } from "../cells/layout.ts";
import type { Row, Span } from "../cells/types.ts";

/** A fact. */
export interface Segment {
  readonly spans: readonly Span[];
  /** What is said where there is no room for that. */
  readonly short?: readonly Span[];
  /** The higher, the longer it stays. */
  readonly weight: number;
  /** Stands at the end of the row. */
  readonly end?: boolean;
}

/** Facts in a row of exactly `width` cells, with a sign between them; the row is filled in the sign's style. */
export function segmentsRow(segments: readonly Segment[], width: number, between: Span): Row {
  const gap = spansWidth([between]);
  const kept = new Map<Segment, readonly Span[]>();
  let left = width;
  for (const segment of segments.toSorted((a, b) => b.weight - a.weight)) {
    const before = kept.size > 0 ? gap : 0;
    const forms = [segment.spans, segment.short ?? []];
    const form = forms.find((spans) => spans.length > 0 && spansWidth(spans) + before <= left);
    if (form === undefined) continue;
    kept.set(segment, form);
    left -= spansWidth(form) + before;
  }
  const side = (atEnd: boolean): Span[] => {
    const forms = segments.flatMap((segment) => {
      const form = (segment.end ?? false) === atEnd ? kept.get(segment) : undefined;
      return form === undefined ? [] : [form];
    });
    const sign = atEnd ? { ...between, text: "  " } : between;
    return forms.flatMap((form, at) => (at === 0 ? form : [sign, ...form]));
  };
  const [start, end] = [side(false), side(true)];
  const room = Math.max(0, width - spansWidth(start) - spansWidth(end));
  return rowOf([...start, { text: " ".repeat(room), style: between.style }, ...end]);
}
