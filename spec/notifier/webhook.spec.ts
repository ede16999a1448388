import { expect } from "chai";
import { fails } from "../support/sse.ts";
import { startWebhookServer, type WebhookServer } from "../support/webhook-server.ts";
import { message, type Setting, startNotifier, webhook } from "./setting.ts";

describe("notifier: webhook", () => {
  let server: WebhookServer;
  let setting: Setting;

  async function begin(script: Parameters<typeof startWebhookServer>[0] = [], token: string | null = null) {
    server = await startWebhookServer(script);
    setting = await startNotifier({ team: webhook(server.hook, token) });
  }

  afterEach(async () => {
    await setting.system.stop();
    await server.close();
    expect(server.unexpected).to.deep.equal([]);
  });

  it("posts a small JSON with a key, and a token only where there is one", async () => {
    await begin();
    const metadata = { model: "m" };
    const sent = await setting.send(message("**It** works.", { title: "Done", metadata, key: "k" }));
    expect(sent).to.deep.equal({ sent: { destination: "team", provider: "webhook", externalId: null, attempts: 1 } });
    const [request] = server.requests;
    expect(request?.body).to.deep.equal({
      text: "[INFO] Done\n\n**It** works.\n\nmodel: m",
      severity: "info",
      title: "Done",
      body: "**It** works.",
      metadata: { model: "m" },
      key: "s1/k",
    });
    expect(request?.headers).to.include({
      "idempotency-key": "s1/k",
      "content-type": "application/json; charset=utf-8",
    });
    expect(request?.headers).not.to.have.property("authorization");
  });

  it("sends the token as a bearer", async () => {
    await begin([], "t0ken");
    await setting.send(message("x"));
    expect(server.requests[0]?.headers.authorization).to.equal("Bearer t0ken");
  });

  it("tries again under the same key after 429 and 5xx", async () => {
    await begin([fails(429, "x", { "retry-after": "0" }), fails(502, "x")]);
    expect(await setting.send(message("x"))).to.have.nested.property("sent.attempts", 3);
    expect(new Set(server.requests.map(({ headers }) => headers["idempotency-key"]))).to.have.property("size", 1);
  });

  it("follows no redirect, so that message and token stay with the address that was configured", async () => {
    const other = await startWebhookServer();
    await begin([fails(307, "", { location: other.hook })], "t0ken");
    expect(await setting.send(message("x"))).to.include({ code: "NOTIFY_REFUSED" });
    expect(other.requests).to.have.length(0);
    await other.close();
  });

  for (const [status, code] of [
    [401, "NOTIFY_UNAUTHORIZED"],
    [403, "NOTIFY_FORBIDDEN"],
    [404, "NOTIFY_REFUSED"],
  ] as const) {
    it(`does not try again after ${status}, and keeps the address to itself`, async () => {
      await begin([fails(status, "no")]);
      const outcome = await setting.send(message("x"));
      expect(outcome).to.include({ code });
      expect(JSON.stringify(outcome)).to.include("127.0.0.1").and.not.include("s3cret");
      expect(server.requests).to.have.length(1);
    });
  }
});
