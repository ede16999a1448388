// Text cut into what people take for characters, without loss: unlike what goes into cells, what the user typed must
// come out as it went in, however many marks stand on a letter.
import { standAlone } from "../cells/graphemes.ts";
import { segmentsOf } from "../cells/segmenter.ts";

const ascii = /^[\x20-\x7e\t]*$/;

/** Code units that the segmenter is given at once: its time grows with the square of what it gets. */
const slice = 256;

/**
 * The graphemes of a text, in order; joined they are the text again. Its time grows with the length of the text alone,
 * whatever it is made of.
 */
export function graphemes(text: string): string[] {
  if (ascii.test(text)) return text.split("");
  if (standAlone(text)) return [...text];
  const found: string[] = [];
  let from = 0;
  let size = slice;
  while (from < text.length) {
    const end = wholePoint(text, from + size);
    const part = [...segmentsOf(text.slice(from, end))];
    const whole = end >= text.length;
    if (!whole && part.length === 1) {
      size *= 2;
      continue;
    }
    // What stands last may go on behind the cut. Where a grapheme begins, what came before has no say any more.
    if (!whole) part.pop();
    for (const { segment } of part) {
      found.push(segment);
      from += segment.length;
    }
    size = slice;
  }
  return found;
}

/** The offset, or the next one where it would cut a code point in two. */
function wholePoint(text: string, offset: number): number {
  const unit = text.charCodeAt(offset - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? offset + 1 : offset;
}
