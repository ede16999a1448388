import { expect } from "chai";
import { localZone, utcOffset } from "../../actors/root/prompt/zone.ts";

describe("the time zone of a session", () => {
  const winter = Date.UTC(2026, 0, 15);
  const summer = Date.UTC(2026, 6, 15);
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.TZ;
  });
  afterEach(() => {
    if (before === undefined) delete process.env.TZ;
    else process.env.TZ = before;
  });

  for (const [zone, inWinter, inSummer] of [
    ["Europe/Paris", 60, 120],
    [":America/New_York", -300, -240],
    ["Asia/Kathmandu", 345, 345],
    ["UTC", 0, 0],
  ] as const) {
    it(`is ${zone} with the offset of that day`, () => {
      process.env.TZ = zone;
      const time_zone = zone.replace(":", "");
      expect(localZone(winter)).to.deep.equal({ time_zone, utc_offset_minutes: inWinter });
      expect(localZone(summer)).to.deep.equal({ time_zone, utc_offset_minutes: inSummer });
    });
  }

  it("is told by its offset where it has no name", () => {
    process.env.TZ = "<+03>-3";
    const { time_zone, utc_offset_minutes } = localZone(winter);
    expect(time_zone).to.equal(utc_offset_minutes === 0 ? "UTC" : "UTC+03:00");
  });

  it("does not take a name from outside the database", () => {
    for (const name of ["foo/bar", "../../../etc/passwd", "", "\n"]) {
      process.env.TZ = name;
      expect(localZone(winter), JSON.stringify(name)).to.deep.equal({ time_zone: "UTC", utc_offset_minutes: 0 });
    }
  });

  it("is the machine's own when no variable says otherwise", () => {
    delete process.env.TZ;
    expect(localZone(winter).time_zone).to.match(/^[A-Z][\w+-]*(\/[\w+-]+)*$|^UTC[+-]/);
  });

  it("is written with hours and minutes", () => {
    expect([0, 90, -210, 840].map(utcOffset)).to.deep.equal(["UTC+00:00", "UTC+01:30", "UTC-03:30", "UTC+14:00"]);
  });
});
