import { expect } from "chai";
import type { Access } from "../../actors/events.ts";
import { type Args, key, openSpaceShop, put, type SpaceShop } from "./setting.ts";

const variable = { operation: "set_variable", name: "MODEL", value: "small" };
const secret = { operation: "set_secret", name: "TOKEN", secret: "API_KEY" };

describe("a change of a Space", () => {
  let at: SpaceShop;
  afterEach(() => at.close());

  /** What the Hub was asked to change. */
  const sent = () => at.hub.writes().map(({ method, path, json }) => [method, path.replace("/api/spaces/", ""), json]);

  it("sets and deletes variables, and says that the Space starts anew", async () => {
    at = await openSpaceShop();
    const { ok, text } = await at.call(variable);
    expect(ok, text).to.equal(true);
    expect(text).to.contain("Set the variable MODEL").and.contain("starts anew");
    expect(at.space.variables.get("MODEL")?.value).to.equal("small");
    expect((await at.call(variable)).text).to.contain("has that value already");
    expect((await at.call({ operation: "delete_variable", name: "MODEL" })).ok).to.equal(true);
    expect(at.space.variables.size).to.equal(0);
    expect((await at.call({ operation: "delete_variable", name: "MODEL" })).text).to.contain("no variable MODEL");
    expect(sent()).to.deep.equal([
      ["POST", "me/app/variables", { key: "MODEL", value: "small" }],
      ["DELETE", "me/app/variables", { key: "MODEL" }],
    ]);
  });

  it("gives a secret by the name that the user permits, and its value to the Hub alone", async () => {
    at = await openSpaceShop();
    const prepared = await at.accepted(secret);
    const result = await at.run(prepared);
    expect(result.ok, result.text).to.equal(true);
    expect(at.space.secrets.get("TOKEN")?.value).to.equal(key);
    expect(await at.preview(prepared)).to.contain("TOKEN = your API_KEY");
    expect(JSON.stringify([prepared, result, at.shop.logs])).to.not.contain(key);
    expect((await at.call({ operation: "delete_secret", name: "TOKEN" })).ok).to.equal(true);
    expect(at.space.secrets.size).to.equal(0);
  });

  it("gives the user's token where it is named, and says what that means", async () => {
    at = await openSpaceShop();
    const prepared = await at.accepted({ operation: "set_secret", name: "HF_TOKEN" });
    expect(prepared.title).to.equal("Give the Space me/app your HF_TOKEN as its secret HF_TOKEN");
    expect(await at.preview(prepared))
      .to.contain("It is your token")
      .and.contain("can act as you");
    await at.run(prepared);
    expect(at.space.secrets.get("HF_TOKEN")?.value).to.equal(at.hub.token);
  });

  for (const [what, args, words] of [
    ["a secret that the user does not permit", { ...secret, secret: "PATH" }, 'let no Space have "PATH"'],
    ["the value of a secret", { ...secret, value: "x" }, "is not given in a call"],
    ["a variable without a value", { operation: "set_variable", name: "A" }, "needs value"],
    ["a variable without a name", { operation: "set_variable", value: "A" }, "needs name"],
    ["a name that is none", { ...variable, name: "A B" }, "is no name of a variable"],
    ["a sleep time that is none", { operation: "set_sleep_time", sleep_time: 0 }, "0 is no sleep time"],
    ["a sleep time of free hardware", { operation: "set_sleep_time", sleep_time: 600 }, "The Hub decides when"],
    ["an operation that there is not", { operation: "explode" }, "operation"],
  ] as [string, Args, string][]) {
    it(`refuses ${what}`, async () => {
      at = await openSpaceShop();
      const { ok, text } = await at.call(args);
      expect(ok).to.equal(false);
      expect(text).to.contain(words);
      expect(at.hub.writes()).to.deep.equal([]);
    });
  }

  it("puts no secret into a variable, which all can read", async () => {
    at = await openSpaceShop();
    const value = "hf_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789";
    const { text } = await at.call({ ...variable, value });
    expect(text).to.contain("what looks like a secret in the value of MODEL").and.not.contain(value);
    expect(at.hub.writes()).to.deep.equal([]);
  });

  it("restarts, builds anew, and pauses", async () => {
    at = await openSpaceShop();
    expect((await at.call({ operation: "restart" })).text).to.contain("Restarted");
    expect((await at.call({ operation: "restart", factory: true })).text).to.contain("with an image built anew");
    expect(at.hub.writes().map(({ query }) => query.get("factory"))).to.deep.equal([null, "true"]);
    expect((await at.call({ operation: "pause" })).text).to.contain("costs nothing until it is restarted");
    expect(at.space.stage).to.equal("PAUSED");
    expect((await at.call({ operation: "pause" })).text).to.contain("is paused already");
  });

  it("leaves alone what has changed since it was shown", async () => {
    at = await openSpaceShop();
    put(at.space.variables, "MODEL", "old");
    put(at.space.secrets, "TOKEN", "old");
    at.space.hardware = { current: "t4-small", requested: "t4-small" };
    const calls = [
      await at.accepted(variable),
      await at.accepted({ operation: "delete_variable", name: "MODEL" }),
      await at.accepted(secret),
      await at.accepted({ operation: "delete_secret", name: "TOKEN" }),
      await at.accepted({ operation: "set_hardware", hardware: "cpu-basic" }),
      await at.accepted({ operation: "set_sleep_time", sleep_time: 600 }),
    ];
    put(at.space.variables, "MODEL", "another's");
    at.space.secrets.set("TOKEN", { value: "another's", updatedAt: "2026-02-02T00:00:00.000Z" });
    at.space.hardware.requested = "a10g-small";
    for (const call of calls) {
      const { ok, text } = await at.run(call);
      expect([ok, text.includes("has changed since this call was checked")], `${call.title}: ${text}`).to.deep.equal([
        false,
        true,
      ]);
    }
    expect(at.hub.writes()).to.deep.equal([]);
  });

  it("finds after a crash whether it happened, for each operation", async () => {
    at = await openSpaceShop();
    for (const [args, stage] of [
      [variable, "RUNNING"],
      [{ operation: "delete_variable", name: "MODEL" }, "RUNNING"],
      [secret, "RUNNING"],
      [{ operation: "delete_secret", name: "TOKEN" }, "RUNNING"],
      [{ operation: "set_hardware", hardware: "t4-small", sleep_time: 3600 }, "RUNNING"],
      [{ operation: "set_sleep_time", sleep_time: 600 }, "RUNNING"],
      [{ operation: "pause" }, "RUNNING"],
      [{ operation: "restart" }, "PAUSED"],
    ] as [Args, string][]) {
      Object.assign(at.space, { stage, next: [] });
      const call = await at.accepted(args);
      const name = String(args.operation);
      expect((await at.probe(call)).state, `before ${name}`).to.equal("not_done");
      const result = await at.run(call);
      expect(result.ok, result.text).to.equal(true);
      const found = await at.probe(call);
      expect(found.state, `after ${name}`).to.equal("done");
      if (found.state === "done") expect(found.result.data).to.deep.equal(result.data);
    }
  });

  it("does not pretend to know whether one that runs was restarted", async () => {
    at = await openSpaceShop();
    const call = await at.accepted({ operation: "restart" });
    expect((await at.probe(call)).state).to.equal("unknown");
    at.space.stage = "APP_STARTING";
    expect((await at.probe(call)).state).to.equal("done");
    const look = await at.accepted({ operation: "info" });
    expect((await at.probe(look)).state).to.equal("not_done");
  });

  it("declares what it touches, so that the policy judges it", async () => {
    at = await openSpaceShop();
    put(at.space.variables, "A", "1");
    put(at.space.secrets, "B", "1");
    const touches = async (args: Args) =>
      (await at.accepted(args)).touches.map((access: Access) =>
        access.kind === "publish" || access.kind === "delete"
          ? `${access.kind} ${access.what} ${access.target}`
          : access.kind,
      );
    for (const [args, expected] of [
      [{ operation: "info" }, ["network"]],
      [{ operation: "logs" }, ["network"]],
      [{ operation: "wait" }, ["network"]],
      [variable, ["publish other me/app"]],
      [secret, ["publish other me/app"]],
      [{ operation: "delete_variable", name: "A" }, ["delete variable me/app"]],
      [{ operation: "delete_secret", name: "B" }, ["delete secret me/app"]],
      [{ operation: "set_hardware", hardware: "t4-small", sleep_time: 600 }, ["publish other me/app", "spend"]],
      [{ operation: "restart" }, ["publish other me/app"]],
      [{ operation: "pause" }, ["publish other me/app"]],
    ] as [Args, string[]][]) {
      expect(await touches(args), JSON.stringify(args)).to.deep.equal(expected);
    }
    expect(at.hub.writes()).to.deep.equal([]);
  });

  it("needs a token, and passes over what a model notes in the program's place", async () => {
    at = await openSpaceShop({ anonymous: true });
    expect((await at.call({ operation: "pause" })).text).to.contain("no token for the Hub");
    await at.close();
    at = await openSpaceShop();
    const forged = { ...variable, settled: { before: "forged", charge: { usd_per_hour: 0 } } };
    expect((await at.accepted(forged)).arguments).to.deep.include({ settled: { before: "absent", stage: "RUNNING" } });
  });

  for (const [what, status, words] of [
    ["a bad token", 401, "does not accept the token"],
    ["payment", 402, "would have to pay for this (no plan). Nothing was changed. Paid hardware needs a way to pay"],
    ["a missing right", 403, "does not permit it"],
    ["a Space that is not there", 404, "does not exist"],
    ["a clash", 409, "does not do that as the Space stands"],
    ["too many requests", 429, "limits requests"],
    ["a failure", 500, "failed (500)"],
  ] as const) {
    it(`says what the Hub means by ${what}`, async () => {
      const later = { "retry-after": "600" };
      const error = status === 401 ? "Invalid credentials" : "no plan";
      at = await openSpaceShop({
        before: ({ method }) =>
          method === "POST" ? { status, headers: status === 429 ? later : {}, body: { error } } : undefined,
      });
      const { ok, text } = await at.call({ operation: "restart" });
      expect(ok).to.equal(false);
      expect(text).to.contain(words);
    });
  }

  it("sends what may be sent twice again after a failure, and a restart once", async () => {
    at = await openSpaceShop({
      before: ({ method }, index) => (method === "POST" && index === 0 ? { status: 502, body: {} } : undefined),
    });
    expect((await at.call(variable)).ok).to.equal(true);
    expect((await at.call({ operation: "restart" })).ok).to.equal(false);
    expect(sent().map(([, path]) => path)).to.deep.equal(["me/app/variables", "me/app/variables", "me/app/restart"]);
  });
});
