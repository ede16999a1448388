// New output of a running command, as people see it come.
import { StringDecoder } from "node:string_decoder";
import { outFile, readSlice, sizeOf } from "./output.ts";
import type { ExecProgress } from "./protocol.ts";
import { headFragment } from "./utf8.ts";

/** Bytes shown of one burst. What is more is skipped: a person cannot read it, and it must not fill a mailbox. */
const burstBytes = 32 * 1024;

/** Reads what was written since the last look. Null when there is nothing new. */
export type Follower = () => ExecProgress | null;

/** Follows the output of a call from an offset on. A character whose bytes come in two looks is shown in the second. */
export function follow(dir: string, from: number): Follower {
  let position = from;
  let decoder = new StringDecoder("utf8");
  return () => {
    const total = sizeOf(outFile(dir));
    if (total <= position) return null;
    const bytes = total - position;
    const start = Math.max(position, total - burstBytes);
    const piece = { from: 0, to: total, offset: 0 };
    const slice = readSlice({ file: outFile(dir), total, first: piece, last: piece }, start, burstBytes).bytes;
    position = total;
    if (bytes <= burstBytes) return { text: decoder.write(slice), bytes };
    decoder = new StringDecoder("utf8");
    const text = decoder.write(slice.subarray(headFragment(slice)));
    return { text: `\n[${bytes - burstBytes} bytes skipped]\n${text}`, bytes };
  };
}
