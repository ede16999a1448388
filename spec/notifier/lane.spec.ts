import { expect } from "chai";
import { createLane, type Waiting } from "../../actors/notifier/lane.ts";

describe("the messages to one destination", () => {
  /** A message that is under way until the spec ends it. */
  function held(name: string, begun: string[], isExpendable = false) {
    let finish: (arrived: boolean) => void = () => undefined;
    const waiting: Waiting = {
      isExpendable,
      run: (missed) => {
        begun.push(missed === 0 ? name : `${name}, ${missed} missed`);
        return new Promise((resolve) => {
          finish = resolve;
        });
      },
      drop: () => begun.push(`${name} dropped`),
    };
    return { waiting, finish: (arrived: boolean) => finish(arrived) };
  }
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it("begin one after the other, and what is missed is told until somebody has heard of it", async () => {
    const begun: string[] = [];
    const lane = createLane(1);
    const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => held(name, begun, true));
    for (const one of [a, b, c]) expect(one && lane.push(one.waiting)).to.equal(true);
    a?.finish(true);
    await turn();
    if (d) lane.push(d.waiting);
    c?.finish(false);
    await turn();
    expect(begun).to.deep.equal(["a", "b dropped", "c, 1 missed", "d, 1 missed"]);
  });

  it("leave their room to others when they are taken back, and cannot be once they have begun", () => {
    const begun: string[] = [];
    const lane = createLane(1);
    const [a, b, c] = ["a", "b", "c"].map((name) => held(name, begun).waiting);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three were made");
    expect([lane.push(a), lane.push(b), lane.push(c)]).to.deep.equal([true, true, false]);
    expect([lane.remove(a), lane.remove(b), lane.remove(b)]).to.deep.equal([false, true, false]);
    expect(lane.push(c)).to.equal(true);
    expect(begun).to.deep.equal(["a"]);
  });

  it("do not give way to an automatic one", () => {
    const begun: string[] = [];
    const lane = createLane(1);
    lane.push(held("a", begun).waiting);
    lane.push(held("b", begun).waiting);
    expect(lane.push(held("c", begun, true).waiting)).to.equal(true);
    expect(begun).to.deep.equal(["a", "c dropped"]);
  });
});
