// The reply that is being written: text and thinking as they come, until they are on record, void or cut off.
import type { AssistantBlock, NewBlock } from "./blocks.ts";
import { addBlock, blockOf, type Draft, putBlock, removeBlocks } from "./draft.ts";
import { grown } from "./growth.ts";
import type { At } from "./inputs.ts";

const none = { text: null, thinking: null } as const;

/** Adds text to the reply. */
export function addText(draft: Draft, piece: string, at: At): void {
  if (piece === "") return;
  endThinking(draft, at);
  const block = blockOf(draft, draft.live.text);
  if (block?.kind === "assistant" && block.state === "live") {
    putBlock(draft, { ...block, ...grown(block.growth ?? { settled: block.text, fresh: "" }, piece) });
    return;
  }
  const model = draft.asking?.model ?? draft.choice.model;
  const about = { state: "live", gaps: false, finish: null, model } as const;
  const text = addBlock(draft, { kind: "assistant", ...grown({ settled: "", fresh: "" }, piece), ...about }, at);
  draft.live = { ...draft.live, text };
}

/** Adds to the thinking that goes with the reply. */
export function addThinking(draft: Draft, piece: string, at: At): void {
  if (piece === "") return;
  const block = blockOf(draft, draft.live.thinking);
  if (block?.kind === "thinking") {
    putBlock(draft, { ...block, text: block.text + piece, live: true, durationMs: null });
    return;
  }
  const thinking = addBlock(draft, { kind: "thinking", text: piece, live: true, durationMs: null }, at);
  draft.live = { ...draft.live, thinking };
}

/** The stream is over; what is on record follows. */
export function endStream(draft: Draft, at: At): void {
  endThinking(draft, at);
  const block = blockOf(draft, draft.live.text);
  if (block?.kind === "assistant" && block.state === "live")
    putBlock(draft, { ...block, growth: null, state: "written" });
}

/** What was streamed is void. */
export function retract(draft: Draft): void {
  const { text, thinking } = draft.live;
  draft.live = none;
  if (text !== null || thinking !== null) removeBlocks(draft, ({ id }) => id === text || id === thinking);
}

/** Puts the text that is on record in the place of what was streamed. */
export function finishText(
  draft: Draft,
  final: Omit<Extract<NewBlock, { kind: "assistant" }>, "growth">,
  at: At,
): void {
  endThinking(draft, at);
  const block = { ...final, growth: null };
  const { text: id } = draft.live;
  draft.live = none;
  const index = id === null ? -1 : draft.blocks.findLastIndex((one) => one.id === id);
  const live = draft.blocks[index];
  if (live?.kind !== "assistant") {
    addBlock(draft, block, at);
    return;
  }
  // What went on record meanwhile comes first, as it will when the journal is read again.
  if (draft.blocks.slice(index + 1).some(({ durable }) => durable)) {
    draft.blocks.splice(index, 1);
    draft.blocks.push(live);
  }
  putBlock(draft, { ...live, ...block, seq: at.seq, ts: at.ts, durable: at.durable });
}

/** Nothing follows on what was streamed: it stays, as what there was. */
export function cutLive(draft: Draft, at: At): void {
  endThinking(draft, at);
  const block = blockOf(draft, draft.live.text);
  draft.live = none;
  if (block?.kind !== "assistant") return;
  if (block.text.trim() === "") removeBlocks(draft, ({ id }) => id === block.id);
  else putBlock<AssistantBlock>(draft, { ...block, growth: null, state: "cut" });
}

/** A part of the stream was missed. */
export function markGap(draft: Draft): void {
  const block = blockOf(draft, draft.live.text);
  if (block?.kind === "assistant" && !block.gaps) putBlock(draft, { ...block, gaps: true });
}

function endThinking(draft: Draft, at: At): void {
  const block = blockOf(draft, draft.live.thinking);
  if (block?.kind !== "thinking" || !block.live) return;
  putBlock(draft, { ...block, live: false, durationMs: Math.max(0, at.ts - block.ts) });
}
