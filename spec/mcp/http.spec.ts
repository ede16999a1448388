import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect } from "chai";
import type { McpServer } from "../../actors/mcp/protocol.ts";
import { fetchFor } from "../../actors/mcp/transport/http.ts";
import { codeOf } from "../../runtime/index.ts";
import { type HttpScript, type HttpServer, serverOf, startHttpServer } from "../support/mcp-servers.ts";
import { startService } from "../support/service.ts";
import { argsFor, holdServers, type Setting, type SettingOptions } from "./setting.ts";

const read = { name: "read", description: "Reads." };

describe("mcp: servers with an address", function () {
  this.timeout(30_000);

  const made: { close(): Promise<void> }[] = [];
  let setting: Setting;

  async function start(script: Partial<HttpScript> = {}): Promise<HttpServer> {
    const server = await startHttpServer({ tools: [read], ...script });
    made.push(server);
    return server;
  }
  async function hold(
    url: string,
    more: Partial<McpServer> & { headers?: Record<string, string> } = {},
    options: SettingOptions = {},
  ) {
    const { headers = {}, ...rest } = more;
    setting = await holdServers([serverOf("web", { kind: "guess", url, headers }, rest)], options);
  }
  const look = (fresh = false) => setting.actor.ask("look", { server: "web", fresh }, { deadlineMs: 20_000 });
  const codeIn = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) => codeOf(error),
    );

  afterEach(async () => {
    await setting.close();
    await Promise.all(made.splice(0).map((each) => each.close()));
  });

  it("are spoken to over streamable HTTP, with their own headers and no key of the program's", async () => {
    const server = await start({
      call: (_, args) => ({ content: [{ type: "text", text: JSON.stringify(args) }], structuredContent: { n: 1 } }),
    });
    await hold(
      server.url,
      { headers: { "X-Own": "mine" } },
      { hubToken: "hf_secret", services: { hub: new URL(server.url).origin } },
    );
    expect((await look()).state).to.equal("ready");
    expect(await setting.call("mcp__web__read", { a: 1 })).to.deep.include({
      ok: true,
      text: '{"a":1}',
      data: { n: 1 },
    });
    for (const { headers } of server.asked) {
      expect(headers).to.include({ "x-own": "mine" });
      expect(JSON.stringify(headers)).not.to.contain("hf_secret");
      expect(headers["user-agent"]).to.equal("ml-intern/9.9 agent/ml-intern");
    }
  });

  it("get the Hub's token when they came with the program and are at the Hub's own address, and nowhere else", async () => {
    const server = await start();
    await hold(server.url, { shipped: true }, { hubToken: "hf_secret", services: { hub: new URL(server.url).origin } });
    await look();
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).to.deep.equal(
      new Set(["Bearer hf_secret"]),
    );
    await setting.close();
    const other = await start();
    await hold(other.url, { shipped: true }, { hubToken: "hf_secret", services: { hub: new URL(server.url).origin } });
    await look();
    expect(other.asked.length).to.be.above(0);
    expect(other.asked.every(({ headers }) => headers.authorization === undefined)).to.equal(true);
  });

  it("keep an authorization of their own, token or no token", async () => {
    const server = await start();
    const services = { hub: new URL(server.url).origin };
    await hold(
      server.url,
      { shipped: true, headers: { Authorization: "Bearer mine" } },
      { hubToken: "hf_secret", services },
    );
    await look();
    expect(new Set(server.asked.map(({ headers }) => headers.authorization))).to.deep.equal(new Set(["Bearer mine"]));
  });

  it("cannot send a request with its headers on to another host", async () => {
    const thief = await startService(() => ({ status: 200, body: {} }));
    made.push(thief);
    for (const status of [301, 302, 303, 307, 308]) {
      const server = await start({
        before(_, response) {
          response.writeHead(status, { location: `${thief.url}/mcp` }).end();
          return true;
        },
      });
      await hold(server.url, { headers: { "X-Own": "mine", Authorization: "Bearer mine" } });
      const { state, trouble } = await look();
      expect(state).to.equal("failed");
      expect(trouble?.code).to.equal("MCP_UNAVAILABLE");
      await setting.close();
    }
    expect(thief.asked).to.deep.equal([]);
  });

  it("that answer 401 say how to log in", async () => {
    const server = await start({
      before(_, response) {
        response.writeHead(401, { "www-authenticate": "Bearer" }).end();
        return true;
      },
    });
    await hold(server.url);
    const { trouble } = await look();
    expect(trouble).to.deep.include({ code: "MCP_LOGIN" });
    expect(trouble?.hint).to.contain("ml-intern mcp login web");
    expect(server.asked.filter(({ path }) => path.includes("well-known"))).to.deep.equal([]);
  });

  it("that never answer fail after their limit, and those that are not there at once", async () => {
    const server = await start({ before: () => true });
    await hold(server.url, { startMs: 500 });
    expect((await look()).trouble?.message).to.contain("did not get ready");
    await setting.close();
    await hold("http://127.0.0.1:1/mcp");
    expect((await look()).trouble?.message).to.contain("Cannot reach 127.0.0.1:1");
  });

  it("that answer with fifty megabytes, as JSON or as events, fail that call, and can be asked again", async () => {
    const big = "x".repeat(50_000_000);
    let asEvents = false;
    const server = await start({
      call: (name) => ({ content: [{ type: "text", text: name === "read" ? big : "small" }] }),
      tools: [read, { name: "small" }],
      before(_, response, body) {
        if (!asEvents || !body.includes("tools/call")) return false;
        const message = JSON.parse(body) as { id?: number };
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(
          `data: ${JSON.stringify({ jsonrpc: "2.0", id: message.id, result: { content: [{ type: "text", text: big }] } })}\n\n`,
        );
        return true;
      },
    });
    await hold(server.url);
    await look();
    expect(await codeIn(setting.call("mcp__web__read"))).to.equal("MCP_TOO_LARGE");
    asEvents = true;
    expect(await codeIn(setting.call("mcp__web__read"))).to.equal("MCP_TOO_LARGE");
    asEvents = false;
    expect((await setting.call("mcp__web__small")).text).to.equal("small");
  });

  it("that have forgotten a session are asked once more, and not for ever", async () => {
    let refused = 0;
    const server = await start({
      async before(request, response) {
        if (request.method !== "POST" || refused !== 1) return false;
        refused += 1;
        response.writeHead(404).end();
        return true;
      },
    });
    await hold(server.url);
    await look();
    refused = 1;
    expect((await setting.call("mcp__web__read")).ok).to.equal(true);
    expect(refused).to.equal(2);
  });

  it("that show a page where their stream should be, or end it at once, are not asked for it for ever", async () => {
    const page = await startService(({ query }) => ({
      headers: { "content-type": query.has("page") ? "text/html" : "text/event-stream" },
      body: query.has("page") ? "<p>Welcome</p>" : ": nothing\n\n",
    }));
    made.push(page);
    const server = serverOf("web", { kind: "http", url: `${page.url}/mcp`, headers: {} });
    const ask = (url: string, fetchIt: ReturnType<typeof fetchFor>) =>
      fetchIt(url, { method: "GET", headers: { accept: "text/event-stream" } }).then(({ status }) => status);
    const make = () =>
      fetchFor({
        server: server as never,
        args: argsFor([server]),
        signal: new AbortController().signal,
        refuse: () => undefined,
      });
    expect(await ask(`${page.url}/mcp?page`, make())).to.equal(405);
    const again = make();
    const statuses: number[] = [];
    for (let count = 0; count < 25; count += 1) statuses.push(await ask(`${page.url}/mcp`, again));
    expect(statuses.filter((status) => status === 200)).to.have.length(20);
    expect(statuses.slice(20)).to.deep.equal([405, 405, 405, 405, 405]);
    await hold("http://127.0.0.1:1/mcp");
  });

  it("that know the older transport only are spoken to over that", async () => {
    const { url, close } = await startOldServer();
    made.push({ close });
    await hold(`${url}/mcp`);
    expect((await look()).state).to.equal("ready");
    expect((await setting.call("mcp__web__old")).text).to.equal("over SSE");
  });
});

/** A server of the protocol's first transport: a stream of events, and posts beside it. */
async function startOldServer(): Promise<{ url: string; close(): Promise<void> }> {
  let say: (message: object) => void = () => undefined;
  const answers: Record<string, object> = {
    initialize: {
      protocolVersion: "2024-11-05",
      capabilities: { tools: {} },
      serverInfo: { name: "old", version: "1" },
    },
    "tools/list": { tools: [{ name: "old", inputSchema: { type: "object" } }] },
    "tools/call": { content: [{ type: "text", text: "over SSE" }] },
  };
  const server: Server = createServer((request, response) => {
    void (async () => {
      if (request.url === "/mcp" && request.method === "GET") {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write("event: endpoint\ndata: /messages\n\n");
        say = (message) => response.write(`data: ${JSON.stringify(message)}\n\n`);
        return;
      }
      if (request.url !== "/messages") {
        response.writeHead(405).end();
        return;
      }
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece as Buffer);
      response.writeHead(202).end();
      const { id, method = "" } = JSON.parse(Buffer.concat(pieces).toString()) as { id?: number; method?: string };
      if (id !== undefined) say({ jsonrpc: "2.0", id, result: answers[method] ?? {} });
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
