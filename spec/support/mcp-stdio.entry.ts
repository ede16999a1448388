// A scripted MCP server on standard streams, with all the faults that real ones have. Its script is a file, read at the
// start and again for each listing and call, so that a spec can change its mind; what it got is kept in a file beside it.
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import type { StdioScript } from "./mcp-servers.ts";

const [, , file = ""] = process.argv;
const script = (): StdioScript => JSON.parse(readFileSync(file, "utf8")) as StdioScript;
const note = (what: object) => appendFileSync(`${file}.log`, `${JSON.stringify(what)}\n`);
const send = (message: object) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);

const begin = script();
note({ started: process.pid, env: process.env, cwd: process.cwd() });
if (begin.stderr !== undefined) process.stderr.write(begin.stderr);
if (begin.child === true) {
  const child = spawn("sleep", ["1000"], { stdio: "ignore" });
  const escaped = spawn("sleep", ["1001"], { stdio: "ignore", detached: true });
  note({ children: [child.pid, escaped.pid] });
}
if (begin.start === "exit") process.exit(3);
if (begin.start === "stubborn") for (const name of ["SIGTERM", "SIGHUP", "SIGINT"]) process.on(name, () => undefined);
if (begin.start === "garbage") process.stdout.write('Welcome!\n{]\n[1,2]\n{"jsonrpc":"2.0"}\n');
const noise = begin.start === "endless" ? setInterval(() => process.stdout.write("x\n".repeat(2_000)), 1) : null;
noise?.ref();

interface Incoming {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
}

const held = new Map<number, NodeJS.Timeout>();

createInterface({ input: process.stdin })
  .on("line", (line) => {
    const message = JSON.parse(line) as Incoming;
    note({ got: message });
    if (begin.start !== "hang") answer(message);
  })
  .on("close", () => {
    note({ closed: true });
    if (begin.start !== "stubborn") process.exit(0);
  });

function answer({ id, method, params = {} }: Incoming): void {
  const now = script();
  switch (method) {
    case "initialize": {
      const { protocolVersion } = params;
      const serverInfo = { name: now.name ?? "fake", version: "1" };
      send({ id, result: { protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo } });
      return;
    }
    case "tools/list": {
      const from = Number(params.cursor ?? 0);
      const size = now.pageSize ?? now.tools.length;
      const more = now.loops === true ? "0" : from + size < now.tools.length ? String(from + size) : undefined;
      send({
        id,
        result: { tools: now.tools.slice(from, from + size), ...(more === undefined ? {} : { nextCursor: more }) },
      });
      return;
    }
    case "tools/call":
      call(id ?? 0, params, now);
      return;
    case "notifications/cancelled":
      clearTimeout(held.get(Number(params.requestId)));
      return;
    case "ping":
      send({ id, result: {} });
  }
}

function call(id: number, params: Record<string, unknown>, now: StdioScript): void {
  const how = now.calls?.[String(params.name)] ?? {};
  if (how.exit !== undefined) {
    process.stderr.write(how.lastWords ?? "");
    process.exit(how.exit);
  }
  if (how.announce === true) send({ method: "notifications/tools/list_changed" });
  for (const request of how.requests ?? []) send({ id: 900, method: request, params: {} });
  const token = (params._meta as { progressToken?: unknown } | undefined)?.progressToken;
  for (const [index, message] of (how.progress ?? []).entries()) {
    const params = { progressToken: token, progress: index + 1, total: how.progress?.length, message };
    send({ method: "notifications/progress", params });
  }
  if (how.hang === true) {
    held.set(
      id,
      setTimeout(() => undefined, 1 << 30),
    );
    return;
  }
  if (how.bytes !== undefined) {
    const text = "x".repeat(how.bytes);
    send({ id, result: { content: [{ type: "text", text }] } });
    return;
  }
  send(
    how.error === undefined
      ? { id, result: how.result ?? { content: [{ type: "text", text: `${params.name} ran` }] } }
      : { id, error: how.error },
  );
}
