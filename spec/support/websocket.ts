// The server's half of a WebSocket (RFC 6455), as much of it as the specs need: text messages, pings and closing.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";

const guid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const text = 1;
const close = 8;
const ping = 9;
const pong = 10;

/** One open connection. */
export interface ServerSocket {
  send(message: unknown): void;
  /** Ends the connection without a word, as a network does. */
  cut(): void;
  /** Closes it in order. */
  close(): void;
}

/** Takes a request for an upgrade. `onMessage` gets the text of each message. */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  onMessage: (text: string) => void,
): ServerSocket {
  const key = String(request.headers["sec-websocket-key"]);
  const accept = createHash("sha1")
    .update(key + guid)
    .digest("base64");
  const head = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"];
  socket.write(`${[...head, `Sec-WebSocket-Accept: ${accept}`].join("\r\n")}\r\n\r\n`);
  // Whoever leaves may do so at any time.
  socket.on("error", () => undefined);
  let buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (let frame = readFrame(buffer); frame !== null; frame = readFrame(buffer)) {
      buffer = buffer.subarray(frame.bytes);
      if (frame.opcode === text) onMessage(frame.payload.toString("utf8"));
      if (frame.opcode === ping) write(pong, frame.payload);
      if (frame.opcode === close) {
        write(close, frame.payload);
        socket.end();
      }
    }
  });

  function write(opcode: number, payload: Buffer): void {
    if (!socket.writable) return;
    const { length } = payload;
    const size = length < 126 ? Buffer.from([length]) : Buffer.from([126, length >> 8, length & 255]);
    socket.write(Buffer.concat([Buffer.from([0x80 | opcode]), size, payload]));
  }

  return {
    send: (message) => write(text, Buffer.from(JSON.stringify(message))),
    cut: () => socket.destroy(),
    close: () => write(close, Buffer.from([0x03, 0xe8])),
  };
}

interface Frame {
  opcode: number;
  payload: Buffer;
  /** Of the whole frame. */
  bytes: number;
}

/** The first frame, or null while it is not whole. A client masks what it sends. */
function readFrame(buffer: Buffer): Frame | null {
  if (buffer.length < 2) return null;
  const short = buffer.readUInt8(1) & 127;
  const head = short === 126 ? 4 : 2;
  if (short === 127) throw new Error("The specs send no messages of that size.");
  if (buffer.length < head + 4) return null;
  const length = short === 126 ? buffer.readUInt16BE(2) : short;
  const bytes = head + 4 + length;
  if (buffer.length < bytes) return null;
  const mask = buffer.subarray(head, head + 4);
  const payload = Buffer.from(buffer.subarray(head + 4, bytes).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: buffer.readUInt8(0) & 15, payload, bytes };
}
