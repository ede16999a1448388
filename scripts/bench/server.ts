// A scripted model server for the bench: asks for a number of commands, one a reply, and then answers with text.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What the server saw of one request. */
export interface Seen {
  /** Milliseconds of the monotonic clock when the request's body was complete. */
  at: number;
  body: string;
}

export interface BenchServer {
  /** Base URL with `/v1`. */
  url: string;
  requests: Seen[];
  close(): Promise<void>;
}

/** How many tool results a request body carries; counted as text, so that the server stays cheap as it grows. */
function toolResults(body: string): number {
  return body.split('"role":"tool"').length - 1;
}

/**
 * Starts it on a free port of 127.0.0.1. `turns` is the number of commands, no two alike, as a run that repeats
 * itself would be stopped; with `silent` it never answers.
 */
export async function startBenchServer(turns: number, silent = false): Promise<BenchServer> {
  const requests: Seen[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      requests.push({ at: performance.now(), body });
      if (silent) return;
      const done = toolResults(body);
      response.writeHead(200, { "content-type": "text/event-stream" });
      const send = (delta: object, finish: string | null) => {
        const choices = [{ index: 0, delta, finish_reason: finish }];
        response.write(
          `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "bench", choices })}\n\n`,
        );
      };
      if (done < turns) {
        const call = { name: "bash", arguments: JSON.stringify({ command: `echo ${done}` }) };
        send(
          {
            role: "assistant",
            content: null,
            tool_calls: [{ index: 0, id: `call${done}`, type: "function", function: call }],
          },
          null,
        );
        send({}, "tool_calls");
      } else {
        send({ content: "done" }, null);
        send({}, "stop");
      }
      const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 };
      response.write(
        `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", model: "bench", choices: [], usage })}\n\n`,
      );
      response.end("data: [DONE]\n\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
