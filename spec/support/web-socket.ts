// A WebSocket server of one kind of peer: texts in short frames, as RFC 6455 has them. Enough to speak as Slack does.
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo, Socket } from "node:net";

const magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** One open connection. */
export interface Peer {
  send(text: string): void;
  /** Cuts it without a word. */
  cut(): void;
  readonly isOpen: boolean;
}

export interface WebSocketServer {
  /** `ws://127.0.0.1:<port>` */
  readonly url: string;
  close(): Promise<void>;
}

/** Starts it on a free port. */
export async function startWebSocketServer(
  onOpen: (peer: Peer, path: string) => void,
  onText: (peer: Peer, text: string) => void,
): Promise<WebSocketServer> {
  const sockets = new Set<Socket>();
  const server = createServer((_, response) => response.writeHead(426).end());
  server.on("upgrade", (request: IncomingMessage, socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    // The other end has gone; Node would keep ours open.
    socket.on("end", () => socket.destroy());
    socket.on("error", () => undefined);
    const accept = createHash("sha1").update(`${request.headers["sec-websocket-key"]}${magic}`).digest("base64");
    const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
    socket.write(`${head}Sec-WebSocket-Accept: ${accept}\r\n\r\n`);
    const peer: Peer = {
      send: (text) => void socket.write(frame(opcodes.text, Buffer.from(text))),
      cut: () => void socket.destroy(),
      get isOpen() {
        return !socket.destroyed;
      },
    };
    let rest = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      for (let read = readFrame(rest); read !== null; read = readFrame(rest)) {
        rest = rest.subarray(read.size);
        if (read.opcode === opcodes.text) onText(peer, read.payload.toString());
        if (read.opcode === opcodes.ping) socket.write(frame(opcodes.pong, read.payload));
        if (read.opcode === opcodes.close) socket.end(frame(opcodes.close, read.payload));
      }
    });
    onOpen(peer, request.url ?? "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function frame(opcode: number, payload: Buffer): Buffer {
  const head = [0x80 | opcode];
  if (payload.length < 126) head.push(payload.length);
  else head.push(126, payload.length >> 8, payload.length & 255);
  return Buffer.concat([Buffer.from(head), payload]);
}

/** The first frame of what has arrived, unmasked; null: it is not whole yet. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; size: number } | null {
  if (bytes.length < 6) return null;
  const short = bytes.readUInt8(1) & 127;
  const at = short === 126 ? 4 : 2;
  if (bytes.length < at + 4) return null;
  const length = short === 126 ? bytes.readUInt16BE(2) : short;
  const size = at + 4 + length;
  if (bytes.length < size) return null;
  const mask = bytes.subarray(at, at + 4);
  const payload = Buffer.from(bytes.subarray(at + 4, size).map((byte, index) => byte ^ (mask[index % 4] ?? 0)));
  return { opcode: bytes.readUInt8(0) & 15, payload, size };
}
