// Messages of a server that writes one a line: cut into lines without ever holding more than one message may have.

/** Bytes at the ends of a line that was too long which are kept, to find out which request it answers. */
const endBytes = 300;

/** What came of a line. */
export type Line = { text: string } | { tooLong: { bytes: number; answers: number | null } };

/** Makes the cutter; it answers each piece with the lines that it completes. */
export function createLines(mostBytes: number): (piece: Buffer) => Line[] {
  let held: Buffer[] = [];
  let bytes = 0;
  let head = "";
  let tail = Buffer.alloc(0);

  function add(piece: Buffer): void {
    bytes += piece.length;
    if (bytes <= mostBytes) {
      held.push(piece);
      return;
    }
    if (bytes - piece.length <= mostBytes) {
      head = Buffer.concat([...held, piece]).toString("latin1", 0, endBytes);
      held = [];
    }
    tail = Buffer.concat([tail, piece]).subarray(-endBytes);
  }

  function take(): Line {
    const line: Line =
      bytes <= mostBytes
        ? { text: Buffer.concat(held).toString("utf8") }
        : { tooLong: { bytes, answers: requestIn(head, tail.toString("latin1")) } };
    held = [];
    bytes = 0;
    head = "";
    tail = Buffer.alloc(0);
    return line;
  }

  return (piece) => {
    const lines: Line[] = [];
    let from = 0;
    for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, from)) {
      add(piece.subarray(from, at));
      lines.push(take());
      from = at + 1;
    }
    if (from < piece.length) add(piece.subarray(from));
    return lines;
  };
}

/** The number of the request that a message answers, from its two ends; null when they do not show it. */
function requestIn(head: string, tail: string): number | null {
  const first = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*,/.exec(head)?.[1];
  const last = /[\]}]\s*,\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*\}\s*$/.exec(tail)?.[1];
  const found = first ?? last;
  return found === undefined ? null : Number(found);
}
