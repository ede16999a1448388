// A stand-in for the server on a machine of the Hub's: it speaks that server's protocol, and really runs commands and
// keeps files, in a folder of its own that stands for the machine's disk.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Asked, type Reply, type Service, startService } from "./service.ts";

export interface MachineService extends Service {
  /** What stands for a path of the machine. */
  here(path: string): string;
  /** The token that it was started with; requests with another are refused. */
  token: string | null;
  /** Nobody answers any more, as after the end of the machine: the proxy does. */
  isDown: boolean;
}

/** Starts it. */
export async function startMachineService(): Promise<MachineService> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "machine-")));
  const places: [there: string, here: string][] = [
    ["/tmp/.ml-intern", join(root, "tmp")],
    ["/workspace", join(root, "workspace")],
  ];
  const here = (text: string) => places.reduce((known, [from, to]) => known.replaceAll(from, to), text);
  const there = (text: string) => places.reduce((known, [from, to]) => known.replaceAll(to, from), text);

  function isAllowed({ headers }: Asked): boolean {
    return state.token === null || headers["x-sandbox-token"] === state.token;
  }

  async function* run(cmd: string[]): AsyncGenerator<string, void> {
    const [file = "", ...args] = cmd.map(here);
    const child = spawn(file, args, { cwd: root, env: { PATH: process.env.PATH ?? "/usr/bin:/bin", HOME: root } });
    const events: object[] = [];
    let wake = () => {};
    const push = (event: object) => {
      events.push(event);
      wake();
    };
    child.stdout.on("data", (data: Buffer) => push({ type: "stdout", data: there(data.toString()) }));
    child.stderr.on("data", (data: Buffer) => push({ type: "stderr", data: there(data.toString()) }));
    child.on("close", (code) =>
      push({ type: "exit", exit_code: code, signal: null, timed_out: false, duration_ms: 1 }),
    );
    for (;;) {
      const event = events.shift();
      if (event === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      yield `${JSON.stringify(event)}\n`;
      if ("exit_code" in event) return;
    }
  }

  const service = await startService((asked): Reply | undefined => {
    if (state.isDown)
      return { status: 502, headers: { "content-type": "text/html" }, body: "<html>bad gateway</html>" };
    if (asked.path === "/health") return { body: { status: "ok", protocol: 3 } };
    if (!isAllowed(asked)) return { status: 401, body: { error: "wrong token" } };
    const path = here(asked.query.get("path") ?? "");
    if (asked.path === "/v1/exec") return { body: run((asked.json as { cmd: string[] }).cmd) };
    if (asked.path === "/v1/files/read") {
      if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true)
        return { status: 404, body: { error: "no such file" } };
      const offset = Number(asked.query.get("offset") ?? 0);
      const length = Number(asked.query.get("length") ?? Number.POSITIVE_INFINITY);
      return { body: readFileSync(path).subarray(offset, offset + length) };
    }
    if (asked.path === "/v1/files/write" && asked.method === "PUT") {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, asked.bytes);
      return { body: { ok: true } };
    }
    return undefined;
  });
  const state: MachineService = {
    ...service,
    here,
    token: null,
    isDown: false,
    async close() {
      await service.close();
      rmSync(root, { recursive: true, force: true });
    },
  };
  return state;
}
