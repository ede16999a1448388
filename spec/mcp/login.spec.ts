import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { codeOf } from "../../runtime/index.ts";
import { type HttpServer, serverOf, startHttpServer } from "../support/mcp-servers.ts";
import { holdServers, type Setting } from "./setting.ts";

describe("mcp: logins at servers", function () {
  this.timeout(30_000);

  const made: { close(): Promise<void> }[] = [];
  let setting: Setting;

  async function hold(url: string, headers: Record<string, string> = {}): Promise<void> {
    setting = await holdServers([serverOf("web", { kind: "guess", url, headers })]);
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

  /** A server that is its own authorization server. */
  async function startGuarded(slowMs = 0) {
    const tokens: URLSearchParams[] = [];
    let origin = "";
    /** The access token that the server takes at present. */
    const valid = { token: "access-1" };
    const server: HttpServer = await startHttpServer({
      tools: [{ name: "read" }],
      async before(request, response, body) {
        const url = new URL(request.url ?? "/", origin);
        const json = (body: object) => {
          response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
          return true;
        };
        switch (url.pathname) {
          case "/.well-known/oauth-protected-resource/mcp":
            return json({ resource: `${origin}/mcp`, authorization_servers: [origin] });
          case "/.well-known/oauth-authorization-server":
            await new Promise((resolve) => setTimeout(resolve, slowMs));
            return json({
              issuer: origin,
              authorization_endpoint: `${origin}/authorize`,
              token_endpoint: `${origin}/token`,
              registration_endpoint: `${origin}/register`,
              response_types_supported: ["code"],
              code_challenge_methods_supported: ["S256"],
            });
          case "/register":
            return json({ ...(JSON.parse(body) as object), client_id: "client-1" });
          case "/token":
            tokens.push(new URLSearchParams(body));
            if (valid.token === "none") {
              response.writeHead(400, { "content-type": "application/json" }).end('{"error":"invalid_grant"}');
              return true;
            }
            return json({
              access_token: `access-${tokens.length}`,
              token_type: "Bearer",
              expires_in: 3600,
              refresh_token: "refresh-1",
            });
        }
        if (request.headers.authorization === `Bearer ${valid.token}`) return false;
        response.writeHead(401, {
          "www-authenticate": `Bearer resource_metadata="${origin}/.well-known/oauth-protected-resource/mcp"`,
        });
        response.end();
        return true;
      },
    });
    made.push(server);
    origin = new URL(server.url).origin;
    return { server, tokens, valid };
  }

  it("are kept for the user alone, and used from then on", async () => {
    const { server, tokens } = await startGuarded(300);
    await hold(server.url);
    expect((await look()).trouble?.code).to.equal("MCP_LOGIN");
    const opened: string[] = [];
    const login = setting.actor.ask(
      "login",
      { server: "web" },
      {
        deadlineMs: 20_000,
        onProgress: (update) => {
          const asked = new URL((update as { url: string }).url);
          opened.push(asked.pathname);
          const back = new URL(asked.searchParams.get("redirect_uri") ?? "");
          void (async () => {
            const wrong = new URL(back);
            wrong.search = new URLSearchParams({ code: "stolen", state: "guessed" }).toString();
            expect((await fetch(wrong)).status).to.equal(404);
            back.search = new URLSearchParams({
              code: "code-1",
              state: asked.searchParams.get("state") ?? "",
            }).toString();
            expect((await fetch(back)).status).to.equal(200);
          })();
        },
      },
    );
    expect(await login).to.equal(null);
    expect(opened).to.deep.equal(["/authorize"]);
    expect(tokens[0]?.get("code")).to.equal("code-1");
    expect(tokens[0]?.get("code_verifier")).to.have.length.above(20);
    const { state } = await look();
    expect(state).to.equal("ready");
    expect((await setting.call("mcp__web__read")).ok).to.equal(true);
    const file = readdirSync(setting.dir).find((name) => name.endsWith(".login.json")) ?? "";
    expect(statSync(join(setting.dir, file)).mode & 0o777).to.equal(0o600);
    expect(readFileSync(join(setting.dir, file), "utf8")).to.contain("access-1");
  });

  it("are renewed without anybody, and needed again when that is refused", async () => {
    const { server, tokens, valid } = await startGuarded();
    await hold(server.url);
    await setting.actor.ask(
      "login",
      { server: "web" },
      {
        deadlineMs: 20_000,
        onProgress: (update) => {
          const asked = new URL((update as { url: string }).url);
          const back = new URL(asked.searchParams.get("redirect_uri") ?? "");
          back.search = new URLSearchParams({ code: "c", state: asked.searchParams.get("state") ?? "" }).toString();
          void fetch(back);
        },
      },
    );
    valid.token = "access-2";
    expect((await setting.call("mcp__web__read")).ok).to.equal(true);
    expect(tokens.map((form) => form.get("grant_type"))).to.deep.equal(["authorization_code", "refresh_token"]);
    expect(tokens[1]?.get("refresh_token")).to.equal("refresh-1");
    valid.token = "none";
    expect(await codeIn(setting.call("mcp__web__read"))).to.equal("MCP_LOGIN");
    expect(readdirSync(setting.dir).filter((name) => name.endsWith(".login.json"))).to.deep.equal([]);
  });

  it("are not waited for when nobody comes back", async () => {
    const { server } = await startGuarded();
    await hold(server.url);
    const control = new AbortController();
    const login = setting.actor.ask(
      "login",
      { server: "web" },
      { deadlineMs: 20_000, signal: control.signal, onProgress: () => control.abort() },
    );
    expect(await codeIn(login)).to.equal("CANCELLED");
    expect((await look(true)).trouble?.code).to.equal("MCP_LOGIN");
  });

  it("that are refused say so", async () => {
    const { server } = await startGuarded();
    await hold(server.url);
    const login = setting.actor.ask(
      "login",
      { server: "web" },
      {
        deadlineMs: 20_000,
        onProgress: (update) => {
          const asked = new URL((update as { url: string }).url);
          const back = new URL(asked.searchParams.get("redirect_uri") ?? "");
          back.search = new URLSearchParams({
            error: "access_denied",
            state: asked.searchParams.get("state") ?? "",
          }).toString();
          void fetch(back);
        },
      },
    );
    const error = await login.then(
      () => null,
      (reason: unknown) => reason as Error,
    );
    expect(error?.message).to.contain("access_denied");
  });

  it("are not offered where the config brings an authorization", async () => {
    await hold("http://127.0.0.1:1/mcp", { authorization: "Bearer x" });
    expect(await codeIn(setting.actor.ask("login", { server: "web" }, { deadlineMs: 5_000 }))).to.equal("MCP_LOGIN");
  });
});
