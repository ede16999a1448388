// A model in the making. Its top level and its list of blocks belong to the batch that is being taken; everything
// deeper is shared with the model before, and is replaced, never changed.
import type { Block, BlockId, CallBlock, NewBlock } from "./blocks.ts";
import { weightOf } from "./blocks.ts";
import { cutJson, forgetMiddle } from "./fold-text.ts";
import type { At } from "./inputs.ts";
import { emptyLog } from "./log.ts";
import type { Meter } from "./metering.ts";
import type { Model } from "./state.ts";

/** Blocks that are kept, and characters in them. A tenth of the blocks goes when there are more. */
export const maxBlocks = 10_000;
export const maxWeight = 32_000_000;
/** Calls whose output can be unfolded; of older ones the ends are kept. */
export const maxWhole = 200;
/** Characters of one text in the arguments of an old call. */
const oldArgumentChars = 200;

/** A model that a batch may change at its top level. */
export type Draft = { -readonly [K in keyof Model]: Model[K] } & { blocks: Block[]; readonly meter: Meter };

/** Begins a batch. */
export function begin(model: Model, meter: Meter): Draft {
  return { ...model, blocks: [...model.blocks], meter };
}

/** Ends a batch. */
export function finish(draft: Draft): Model {
  const { meter: _, ...model } = draft;
  return model;
}

/** Adds a block at the end. */
export function addBlock(draft: Draft, block: NewBlock, at: At): BlockId {
  const id = draft.nextBlock;
  const turn = draft.turn?.inputId ?? null;
  const added = { ...block, id, version: 1, seq: at.seq, ts: at.ts, turn, durable: at.durable } as Block;
  draft.nextBlock = id + 1;
  draft.blocks.push(added);
  draft.weight += weightOf(added);
  if (added.kind === "call") {
    draft.open = new Map(draft.open).set(added.callId, id);
    keepWhole(draft, id);
  }
  if (draft.blocks.length > maxBlocks || draft.weight > maxWeight) letGo(draft);
  return id;
}

/** The block with this id; undefined when there is none any more. */
export function blockOf(draft: Pick<Model, "blocks">, id: BlockId | null): Block | undefined {
  return id === null ? undefined : draft.blocks.findLast((block) => block.id === id);
}

/** The call with this id of its own that has no end yet. */
export function openCall(draft: Pick<Model, "blocks" | "open">, callId: string): CallBlock | undefined {
  const block = blockOf(draft, draft.open.get(callId) ?? null);
  return block?.kind === "call" && block.result === null ? block : undefined;
}

/** Puts a changed block in the place of the one with its id. */
export function putBlock<B extends Block>(draft: Draft, block: B): void {
  const index = draft.blocks.findLastIndex(({ id }) => id === block.id);
  const old = draft.blocks[index];
  if (old === undefined) return;
  const changed = { ...block, version: old.version + 1 };
  draft.blocks[index] = changed;
  draft.weight += weightOf(changed) - weightOf(old);
}

/** Puts a call that has its end in its place; of an old one only the ends are kept. */
export function putEnded(draft: Draft, call: CallBlock): void {
  const open = new Map(draft.open);
  open.delete(call.callId);
  draft.open = open;
  putBlock(draft, draft.whole.includes(call.id) ? call : shortened(call));
}

/** Takes blocks out. */
export function removeBlocks(draft: Draft, isUnwanted: (block: Block) => boolean): void {
  const kept: Block[] = [];
  for (const block of draft.blocks) {
    if (isUnwanted(block)) draft.weight -= weightOf(block);
    else kept.push(block);
  }
  if (kept.length < draft.blocks.length) draft.blocks = kept;
}

/** Lets go of the oldest blocks, until there is some room again. */
function letGo(draft: Draft): void {
  let count = draft.blocks.length > maxBlocks ? Math.ceil(maxBlocks / 10) : 0;
  for (let index = 0; index < draft.blocks.length - 1; index++) {
    if (index >= count && draft.weight <= maxWeight * 0.9) break;
    const block = draft.blocks[index];
    if (block !== undefined) draft.weight -= weightOf(block);
    count = Math.max(count, index + 1);
  }
  draft.blocks.splice(0, count);
  draft.dropped += count;
}

/** Keeps the newest calls whole, and the ends of the others. */
function keepWhole(draft: Draft, id: BlockId): void {
  draft.whole = [...draft.whole, id];
  if (draft.whole.length <= maxWhole) return;
  const [oldest = null, ...rest] = draft.whole;
  draft.whole = rest;
  const block = blockOf(draft, oldest);
  if (block?.kind === "call") putBlock(draft, shortened(block));
}

/** A call as it is kept once it is old. */
function shortened(block: CallBlock): CallBlock {
  const { result } = block;
  return {
    ...block,
    arguments: cutJson(block.arguments, oldArgumentChars, 20),
    progress: result === null ? block.progress : emptyLog,
    preview: null,
    result: result === null ? null : { ...result, output: forgetMiddle(result.output) },
  };
}
