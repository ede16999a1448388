// How much a server may say at once.
import { McpFault } from "../errors.ts";

/** Bytes of one message. It is read whole, so this is memory; the model reads a small part of it anyway. */
export const mostMessageBytes = 16 * 1024 * 1024;

/** The failure of a message that is over the limit. */
export function tooLarge(bytes: number): McpFault {
  const most = Math.round(mostMessageBytes / 2 ** 20);
  return new McpFault(
    "MCP_TOO_LARGE",
    `The server answered with more than ${most} MiB (${Math.round(bytes / 2 ** 20)} MiB and more were on their way).`,
    "Ask it for less at once.",
  );
}

const blankLines = ["\n\n", "\r\n\r\n", "\r\r"];

/**
 * Passes a body on until one of its messages has too many bytes: the whole, or in an event stream one event. `refuse`
 * hears of it, since who reads the stream may keep it to themselves.
 */
export function withinLimit(
  body: ReadableStream<Uint8Array>,
  isEvents: boolean,
  refuse: (fault: McpFault) => void,
): ReadableStream<Uint8Array> {
  let bytes = 0;
  let last = Buffer.alloc(0);
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, controller) {
        bytes += piece.length;
        if (isEvents) {
          // An event ends at a blank line, which may lie across two pieces.
          const seen = Buffer.concat([last, piece]);
          const end = Math.max(...blankLines.map((blank) => seen.lastIndexOf(blank)));
          if (end >= 0) bytes = seen.length - end;
          last = Buffer.from(seen.subarray(-3));
        }
        if (bytes <= mostMessageBytes) {
          controller.enqueue(piece);
          return;
        }
        const fault = tooLarge(bytes);
        refuse(fault);
        controller.error(fault);
      },
    }),
  );
}
