// Rows that were laid out, for as long as the block, the width, the look and the fold stay what they were. A bounded
// number of blocks is remembered; the oldest use goes first.
import type { Block, BlockId } from "../../model/blocks.ts";
import type { Look } from "../../text/look.ts";
import { callBlock } from "./blocks/call.ts";
import { approvalBlock, commandBlock, compactionBlock, endBlock, noteBlock, planBlock } from "./blocks/events.ts";
import type { LogRows } from "./blocks/log.ts";
import { liveReply, thinkingBlock, userBlock, type Writing, wholeReply } from "./blocks/said.ts";
import type { Laid, Setting } from "./laid.ts";

/** Blocks whose rows are kept, unless more are asked for. */
const keptBlocks = 400;

/** Remembered rows. */
export interface RowCache {
  /** A block in rows. `now`, milliseconds since 1970, is for what shows time that passes. */
  rowsOf(block: Block, setting: Setting, now: number): Laid;
  /** What had to be done so far. */
  readonly work: { readonly blocks: number; readonly rows: number };
  /** Blocks that are remembered. */
  size(): number;
}

interface Entry {
  readonly version: number;
  readonly width: number;
  readonly open: boolean;
  readonly look: Look;
  readonly highlighting: number;
  readonly laid: Laid;
  readonly writing: Writing | null;
  readonly log: LogRows | null;
}

/** Remembers nothing yet. */
export function createRowCache(limit = keptBlocks): RowCache {
  const entries = new Map<BlockId, Entry>();
  const work = { blocks: 0, rows: 0 };

  return {
    work,
    size: () => entries.size,
    rowsOf(block, setting, now) {
      const { width, open, look } = setting;
      const known = entries.get(block.id);
      const highlighting = look.highlighter?.version() ?? 0;
      const fits =
        known?.version === block.version &&
        known.width === width &&
        known.open === open &&
        known.look === look &&
        known.highlighting === highlighting;
      // What was asked for last is the last in the map's order.
      if (known !== undefined) entries.delete(block.id);
      if (fits) {
        entries.set(block.id, known);
        return known.laid;
      }
      const sameLook = known?.look === look ? known : undefined;
      const made = layOut(block, setting, now, sameLook);
      entries.set(block.id, { version: block.version, width, open, look, highlighting, ...made });
      work.blocks += 1;
      work.rows += newRows(made, sameLook);
      const oldest = entries.keys().next().value;
      if (entries.size > limit && oldest !== undefined) entries.delete(oldest);
      return made.laid;
    },
  };
}

type Made = Pick<Entry, "laid" | "writing" | "log">;

/** Rows that were not there before: of what only grows, those that it grew by. */
function newRows({ laid, writing, log }: Made, before: Entry | undefined): number {
  const { length } = laid.rows;
  if (log !== null) return Math.min(length, log.laidOut + 1);
  if (writing !== null && before?.writing?.stream === writing.stream) {
    return Math.max(1, length - before.laid.rows.length);
  }
  return length;
}

function layOut(block: Block, setting: Setting, now: number, before: Entry | undefined): Made {
  const still = (laid: Laid): Made => ({ laid, writing: null, log: null });
  switch (block.kind) {
    case "user":
      return still(userBlock(block, setting));
    case "assistant":
      if (block.state === "final" || block.state === "cut") return still(wholeReply(block, setting));
      return { ...liveReply(block, setting, before?.writing ?? null), log: null };
    case "thinking":
      return still(thinkingBlock(block, setting, now));
    case "call":
      return { ...callBlock(block, setting, now, before?.log ?? null), writing: null };
    case "approval":
      return still(approvalBlock(block, setting));
    case "plan":
      return still(planBlock(block, setting));
    case "end":
      return still(endBlock(block, setting));
    case "compaction":
      return still(compactionBlock(block, setting));
    case "note":
      return still(noteBlock(block, setting));
    case "command":
      return still(commandBlock(block, setting));
  }
}
