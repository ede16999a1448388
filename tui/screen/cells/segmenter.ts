// The platform's segmenter, made when it is first needed: its tables take longer to load than a frame to paint.

let segmenter: Intl.Segmenter | null = null;

/** The graphemes of a short text. The time that this takes grows with the square of the text. */
export function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  return segmenter.segment(text);
}
