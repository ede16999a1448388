// What the user said, what the model answered, and what it let be seen of its thinking.
import { neutralise } from "../../../../text/neutralise.ts";
import { cutRow } from "../../../cells/layout.ts";
import type { Row } from "../../../cells/types.ts";
import { wrap } from "../../../cells/wrap.ts";
import type { AssistantBlock, ThinkingBlock, UserBlock } from "../../../model/blocks.ts";
import { textFrom } from "../../../model/growth.ts";
import { detached } from "../../../model/log.ts";
import { type MarkdownStream, markdownRows, markdownStream } from "../../../text/markdown.ts";
import { duration } from "../../../text/words.ts";
import { turning } from "../../marks.ts";
import { behindLine, type Laid, movingHead, roomBehindLine, type Setting, signed, still, twoEnded } from "../laid.ts";

/** The user's words, as they are. */
export function userBlock({ text, via }: UserBlock, { width, look, marks }: Setting): Laid {
  const { theme } = look;
  const spans = [{ text: neutralise(text), style: theme.user }];
  if (via === "steer") spans.push({ text: "  (while at work)", style: theme.dim });
  return still(signed(marks.user, theme.accent, spans, width));
}

/** A reply that is being written, from one painting to the next. */
export interface Writing {
  readonly stream: MarkdownStream;
  /** UTF-16 units of the block's text that the stream has. */
  readonly taken: number;
}

/** A reply that may go on: what is finished of it is laid out once. Give back what it answered for the same block. */
export function liveReply(
  block: AssistantBlock,
  { width, look }: Setting,
  before: Writing | null,
): { laid: Laid; writing: Writing } {
  const { text } = block;
  const known = before !== null && before.taken <= text.length ? before : { stream: markdownStream(), taken: 0 };
  // The stream keeps its pieces for as long as the reply goes on: none may keep alive the whole text it was cut from.
  known.stream.append(detached(textFrom(block, known.taken)));
  return {
    laid: { rows: known.stream.rows(width, look), moving: null },
    writing: { stream: known.stream, taken: text.length },
  };
}

/** A reply that is whole, or was cut off. */
export function wholeReply({ text, state, finish }: AssistantBlock, { width, look, marks }: Setting): Laid {
  const rows = text.trim() === "" ? [] : markdownRows(text, width, look);
  const note =
    state === "cut" ? "cut off here" : finish === "truncated" ? "the limit of the output was reached here" : null;
  const end = note === null ? [] : signed(marks.more, look.theme.warn, [{ text: note, style: look.theme.warn }], width);
  return still([...rows, ...end]);
}

/** Rows of thinking that are shown while it goes on and is folded. */
const glimpse = 2;

/** Thinking: a line, what there is of it when it is open, and its newest rows while it goes on. */
export function thinkingBlock(block: ThinkingBlock, setting: Setting, now: number): Laid {
  const { width, look, marks, open } = setting;
  const { theme } = look;
  const { room, lined } = roomBehindLine(width);
  const head = (time: number): Row => {
    const took = block.live ? time - block.ts : block.durationMs;
    const sign = block.live ? turning(marks, time) : marks.info;
    return twoEnded(
      [
        { text: `${open ? marks.open : marks.folded} ${sign} `, style: theme.dim },
        { text: block.live ? "thinking" : "thought", style: theme.emphasis },
      ],
      took === null || (block.live && block.ts === 0) ? [] : [{ text: duration(took), style: theme.dim }],
      width,
    );
  };
  // Only the end of a long text can be among its newest rows.
  const text = open ? block.text : block.live ? block.text.slice(-room * glimpse * 2) : "";
  const all = text.trim() === "" ? [] : wrap([{ text: neutralise(text.trim()), style: theme.dim }], room);
  const shown = open ? all : all.slice(-glimpse).map((row) => cutRow(spansOf(row, theme.dim), room));
  const body = lined ? behindLine(shown, setting) : shown;
  return block.live ? movingHead(head, now, body) : still([head(now), ...body]);
}

function spansOf({ glyphs }: Row, style: number) {
  return [{ text: glyphs.join(""), style }];
}
