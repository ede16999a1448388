import { expect } from "chai";
import type { Access } from "../../actors/events.ts";
import { type Args, openSpaceShop, put, type SpaceShop } from "./setting.ts";

const paid = { operation: "set_hardware", hardware: "t4-small", sleep_time: 3600 };

describe("what a Space costs", () => {
  let at: SpaceShop;
  afterEach(() => at.close());

  const spending = async (args: Args): Promise<Access | undefined> =>
    (await at.accepted(args)).touches.find(({ kind }) => kind === "spend");

  it("is said before, with what a day of it costs and who pays", async () => {
    at = await openSpaceShop();
    const call = await at.accepted(paid);
    expect(call.title).to.equal("Run the Space me/app on t4-small ($0.40/h)");
    expect(call.touches).to.deep.include({ kind: "spend", usd: 9.6, payer: "me" });
    expect(await at.preview(call)).to.equal(
      [
        "hardware t4-small, in place of cpu-basic",
        "of the Space me/app (RUNNING), which starts anew",
        "costs: t4-small: $0.40/h, $9.60 a day for as long as it is awake, also after this session, paid by me; sleeps after 1h without visitors",
      ].join("\n"),
    );
    const { text } = await at.run(call);
    expect(text).to.contain("It costs t4-small: $0.40/h, $9.60 a day").and.contain("Pause it when it is not needed.");
    expect(at.hub.writes().map(({ json }) => json)).to.deep.equal([{ flavor: "t4-small", sleepTimeSeconds: 3600 }]);
  });

  it("is unknown for one that never sleeps, and where nobody says a price", async () => {
    at = await openSpaceShop();
    const call = await at.accepted({ ...paid, sleep_time: -1 });
    expect(call.touches).to.deep.include({ kind: "spend", usd: null, payer: "me" });
    expect(await at.preview(call)).to.contain("never sleeps by itself");
    await at.run(call);
    expect(at.hub.writes().at(-1)?.json).to.deep.equal({ flavor: "t4-small", sleepTimeSeconds: -1 });
    await at.close();
    at = await openSpaceShop({
      before: ({ path }) => (path === "/api/spaces/hardware" ? { body: [{ name: "odd" }] } : undefined),
    });
    expect(await spending({ ...paid, hardware: "odd" })).to.include({ usd: null });
  });

  it("is not risked without a word of when it sleeps", async () => {
    at = await openSpaceShop();
    const { text } = await at.call({ operation: "set_hardware", hardware: "t4-small" });
    expect(text).to.contain("t4-small costs ($0.40/h) for as long as the Space is awake.").and.contain("sleep_time");
    expect(at.hub.writes()).to.deep.equal([]);
  });

  it("is nothing on free hardware, which sleeps as the Hub has it", async () => {
    at = await openSpaceShop();
    at.space.hardware = { current: "t4-small", requested: "t4-small" };
    expect(await spending({ operation: "set_hardware", hardware: "CPU-Basic" })).to.equal(undefined);
    expect((await at.call({ operation: "set_hardware", hardware: "cpu-basic", sleep_time: 60 })).text).to.contain(
      "Leave sleep_time out",
    );
    await at.call({ operation: "set_hardware", hardware: "CPU-Basic" });
    expect(at.hub.writes().map(({ json }) => json)).to.deep.equal([{ flavor: "cpu-basic" }]);
  });

  it("is asked of the Hub's live list, which is what a wrong name is answered with", async () => {
    at = await openSpaceShop();
    for (const hardware of ["h100", ""]) {
      const { ok, text } = await at.call({ operation: "set_hardware", hardware, sleep_time: 600 });
      expect(ok).to.equal(false);
      expect(text).to.contain("There is: cpu-basic free, cpu-upgrade $0.03/h, t4-small $0.40/h, a10g-small $1.00/h.");
    }
    await at.close();
    at = await openSpaceShop({
      before: ({ path }) => (path === "/api/spaces/hardware" ? { status: 404, body: {} } : undefined),
    });
    expect((await at.call(paid)).ok).to.equal(false);
    expect(at.hub.writes()).to.deep.equal([]);
  });

  describe("of paid hardware that does not run now", () => {
    for (const args of [
      { operation: "restart" },
      { operation: "set_variable", name: "A", value: "2" },
      { operation: "set_secret", name: "API_KEY" },
      { operation: "delete_variable", name: "B" },
      { operation: "delete_secret", name: "C" },
    ]) {
      it(`is declared by ${args.operation}, which may wake it`, async () => {
        at = await openSpaceShop();
        put(at.space.variables, "B", "1");
        put(at.space.secrets, "C", "1");
        at.space.hardware = { current: null, requested: "t4-small" };
        at.space.sleepTime = 600;
        for (const stage of ["SLEEPING", "PAUSED", "RUNTIME_ERROR", "STOPPED", "SOMETHING_NEW"]) {
          at.space.stage = stage;
          expect(await spending(args), stage).to.deep.equal({ kind: "spend", usd: 9.6, payer: "me" });
        }
        for (const stage of ["RUNNING", "BUILDING", "RUNNING_BUILDING"]) {
          at.space.stage = stage;
          expect(await spending(args), stage).to.equal(undefined);
        }
      });
    }
  });

  it("is declared by a longer sleep time, and not by a shorter one", async () => {
    at = await openSpaceShop();
    at.space.hardware = { current: "t4-small", requested: "t4-small" };
    at.space.sleepTime = 3600;
    expect(await spending({ operation: "set_sleep_time", sleep_time: 7200 })).to.include({ usd: 9.6 });
    expect(await spending({ operation: "set_sleep_time", sleep_time: -1 })).to.include({ usd: null });
    expect(await spending({ operation: "set_sleep_time", sleep_time: 600 })).to.equal(undefined);
    at.space.sleepTime = -1;
    expect(await spending({ operation: "set_sleep_time", sleep_time: 600 })).to.equal(undefined);
    const result = await at.call({ operation: "set_sleep_time", sleep_time: 600 });
    expect(result.text).to.contain("The Space sleeps after 10m without visitors from now on");
    expect(at.hub.writes().map(({ json }) => json)).to.deep.equal([{ seconds: 600 }]);
  });

  it("is not begun by a call that was checked while the Space still ran", async () => {
    at = await openSpaceShop();
    Object.assign(at.space, { hardware: { current: "t4-small", requested: "t4-small" }, sleepTime: 600 });
    const call = await at.accepted({ operation: "restart" });
    at.space.stage = "SLEEPING";
    const { ok, text } = await at.run(call);
    expect(ok).to.equal(false);
    expect(text).to.contain("has changed since this call was checked");
    expect(at.hub.writes()).to.deep.equal([]);
  });

  it("is not begun at a higher price, or on other hardware, than was shown", async () => {
    let hourly = 0.4;
    const list = () => [{ name: "t4-small", unitCostUSD: hourly / 60, unitLabel: "minute" }];
    at = await openSpaceShop({
      before: ({ path }) => (path === "/api/spaces/hardware" ? { body: list() } : undefined),
    });
    const call = await at.accepted(paid);
    hourly = 4;
    expect((await at.run(call)).text).to.contain("has changed since");
    hourly = 0.3;
    expect((await at.run(call)).ok).to.equal(true);
  });

  it("is not counted where the Hub has refused", async () => {
    at = await openSpaceShop({
      before: ({ path }) => (path.endsWith("/app/hardware") ? { status: 402, body: { error: "no card" } } : undefined),
    });
    const result = await at.call(paid);
    expect(result).to.include({ ok: false, costUsd: 0 });
    expect(result.text).to.contain("would have to pay for this (no card)");
  });
});
