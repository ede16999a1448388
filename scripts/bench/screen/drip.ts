// A model that writes so many pieces a second until nobody listens any more.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** Milliseconds between two writes; a piece is an event of its own all the same. */
const beatMs = 5;
const words = [
  "the loss of",
  " step n",
  " falls slowly",
  " while the",
  " learning rate",
  " warms up,\n",
  "- as **planned**",
  " so far\n",
];

/** The server, and what it is to do. */
export interface Drip {
  /** Base URL with `/v1`. */
  url: string;
  /** Pieces a second from now on. */
  rate: number;
  close(): Promise<void>;
}

/** Starts it on a free port of 127.0.0.1. */
export async function startDrip(): Promise<Drip> {
  const server = createServer((request, response) => {
    if (request.method === "GET") {
      response.writeHead(request.url === "/v1/models" ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify({ object: "list", data: [{ id: "bench" }] }));
      return;
    }
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    const begunAt = performance.now();
    const { rate } = drip;
    let sent = 0;
    const timer = setInterval(() => {
      let text = "";
      const due = ((performance.now() - begunAt) / 1000) * rate;
      for (; sent < due; sent++) {
        const choices = [{ index: 0, delta: { content: words[sent % words.length] }, finish_reason: null }];
        text += `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "bench", choices })}\n\n`;
      }
      if (text !== "") response.write(text);
    }, beatMs);
    response.on("close", () => clearInterval(timer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const drip: Drip = {
    url: `http://127.0.0.1:${port}/v1`,
    rate: 1_000,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return drip;
}
