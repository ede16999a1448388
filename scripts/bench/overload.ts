// What a user waits for who interrupts a session that is flooded.
import { openLoudSession } from "../../spec/support/loud-session.ts";
import { replies, startOpenAiServer } from "../../spec/support/openai-server.ts";
import { absoluteRow, type Row } from "./measure.ts";

/** Milliseconds from the operation to the event that the turn was interrupted, while a tool floods the session. */
export async function interruptsUnderLoad(runs: number): Promise<Row> {
  const server = await startOpenAiServer(replies({ calls: [{ name: "drone", arguments: {} }] }));
  const session = await openLoudSession(server.url, new URL("./loud-tools.js", import.meta.url));
  const values: number[] = [];
  for (let n = 0; n <= runs; n++) {
    const from = session.events.length;
    const came = (type: string, count: number) =>
      session.seen(() => session.events.slice(from).filter((event) => event.type === type).length >= count);
    await session.operate({ type: "user_input", text: `go ${n}` });
    await came("tool_log", 20);
    const startedAt = performance.now();
    await Promise.all([came("interrupted", 1), session.operate({ type: "interrupt" })]);
    values.push(performance.now() - startedAt);
  }
  await session.close();
  await server.close();
  return absoluteRow("interrupt while a tool logs 10,000 lines a second", "ms", 50, values.slice(1));
}
