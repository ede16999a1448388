import { expect } from "chai";
import { buttonValue, isGenuine, readValue } from "../../actors/notifier/approval-value.ts";

const key = "0a".repeat(32);
const question = { session: "s1", callId: "c1", argumentsHash: "aa" };

function opens(value: string, more: Partial<typeof question> = {}, withKey = key): boolean {
  const read = readValue(value);
  return read !== null && isGenuine(withKey, { ...question, ...more }, read);
}

describe("notifier: the value of a button", () => {
  const allow = buttonValue(key, question, true);

  it("says which question it answers, and how", () => {
    expect(readValue(allow)).to.include({ session: "s1", callId: "c1", approved: true });
    expect(readValue(buttonValue(key, question, false))).to.include({ approved: false });
    expect(opens(allow)).to.equal(true);
  });

  it("opens no other session, question or arguments, and none of another key", () => {
    const others = [
      opens(allow, { session: "s2" }),
      opens(allow, { callId: "c2" }),
      opens(allow, { argumentsHash: "ab" }),
    ];
    expect([...others, opens(allow, {}, "0b".repeat(32))]).to.deep.equal([false, false, false, false]);
  });

  it("cannot be turned from a refusal into an approval", () => {
    const turned = buttonValue(key, question, false).replace("false", "true");
    expect(readValue(turned)).to.include({ approved: true });
    expect(opens(turned)).to.equal(false);
  });

  it("is not made of anything else", () => {
    const wrong = [undefined, 1, "", "{}", "[1,2,3,4]", '["s1","c1",true]', `["s1","c1",true,"${"x".repeat(3000)}"]`];
    expect(wrong.map(readValue)).to.deep.equal(wrong.map(() => null));
    expect(opens('["s1","c1",true,"short"]')).to.equal(false);
  });
});
