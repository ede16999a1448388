// @ts-check
// A job on the Hub that writes a log of so many megabytes and then ends, for the bench. Prints its address.
import { createServer } from "node:http";

const megabytes = Number(process.argv[2]);
const text = "x".repeat(60);
const block = 1_000;
const lines = Math.round((megabytes * 1024 * 1024) / 100);
let ended = false;

const server = createServer(async (request, response) => {
  if (!request.url?.endsWith("/logs")) {
    const status = { stage: ended ? "COMPLETED" : "RUNNING", message: null };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "j", status, owner: { name: "ada" } }));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  for (let line = 0; line < lines; line += block) {
    let events = "";
    for (let n = line; n < line + block; n += 1) {
      const data = `METRIC step=${n} loss=${(1 / (n + 1)).toFixed(6)} ${text}`;
      events += `data: ${JSON.stringify({ data, timestamp: new Date(1.7e12 + n).toISOString() })}\n\n`;
    }
    if (!response.write(events)) await new Promise((resolve) => response.once("drain", () => resolve(null)));
  }
  ended = true;
  response.end();
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`http://127.0.0.1:${typeof address === "object" ? address?.port : ""}\n`);
});
