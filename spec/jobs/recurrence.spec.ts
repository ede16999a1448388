import { expect } from "chai";
import { knownRecurrence, recurrenceOf } from "../../actors/tools/jobs/recurrence.ts";
import { recurringCost, runCost } from "../../actors/tools/jobs/recurring-cost.ts";

describe("how often a schedule runs", () => {
  const rows: [schedule: string, aDay: number, aMonth: number, isDaily: boolean][] = [
    ["@hourly", 24, 744, true],
    ["@daily", 1, 31, true],
    ["@weekly", 1, 5, false],
    ["@monthly", 1, 1, false],
    ["@yearly", 1, 1, false],
    ["@annually", 1, 1, false],
    ["*/5 * * * *", 288, 8_928, true],
    ["0,30 9-17 * * 1-5", 18, 414, false],
    ["0 9 * * 1", 1, 5, false],
    ["0 9 * * 7", 1, 5, false],
    ["0 9 * * 0", 1, 5, false],
    ["0 0 29 2 *", 1, 1, false],
    ["0 0 31 * *", 1, 1, false],
    ["0 0 L * *", 1, 1, false],
    // Either the day of the month or that of the week, where both are given.
    ["0 0 1 * 1", 1, 6, false],
    ["0 0 1-31 * *", 1, 31, true],
  ];
  for (const [schedule, aDay, aMonth, isDaily] of rows) {
    it(`is counted for ${schedule}`, () => {
      expect(recurrenceOf(schedule)).to.deep.equal({ aDay, aMonth, isDaily });
    });
  }

  it("is refused for what is none, and not known for one of the Hub's that we cannot read", () => {
    for (const schedule of ["often", "* * * *", "0 0 0 * * *", "61 * * * *", ""]) {
      expect(() => recurrenceOf(schedule), schedule).to.throw("is no schedule");
      expect(knownRecurrence(schedule)).to.equal(null);
    }
  });
});

describe("what a schedule costs", () => {
  it("is that of a run, of a day and of the month with most runs", () => {
    expect(recurringCost(recurrenceOf("@hourly"), 0.75)).to.equal(
      "up to $0.75 a run, $18.00 a day, $558.00 a month (744 runs)",
    );
    expect(recurringCost(recurrenceOf("0 9 * * 1"), 0.005)).to.equal("up to $0.005 a run, $0.025 a month (5 runs)");
    expect(recurringCost(recurrenceOf("@monthly"), 2)).to.equal("up to $2.00 a run, $2.00 a month (1 run)");
  });

  it("says what is not known", () => {
    expect(recurringCost(recurrenceOf("@daily"), null)).to.equal("an unknown price a run, up to 31 runs a month");
    expect(recurringCost(null, 1)).to.equal("up to $1.00 a run, nobody knows how often");
    expect([runCost(null, 1), runCost(60, null), runCost(3_600, 1.5)]).to.deep.equal([null, null, 1.5]);
  });
});
