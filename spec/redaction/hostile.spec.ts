import { expect } from "chai";
import { createRedactor } from "../../actors/redaction/redactor.ts";
import { seeded } from "../support/journal.ts";

/** Pieces of what the patterns look for, in orders that make a careless one start over and over. */
const pieces = [
  "a",
  "hf_",
  "sk-",
  "sk-proj-",
  "-sk",
  "eyJ",
  "eyJaaaaaaaaaa.",
  "_eyJ",
  "://",
  "://a:",
  ":",
  "-----BEGIN PRIVATE KEY-----",
  `-----BEGIN PRIVATE KEY-----\n${"a".repeat(64)}\n`,
  "-----BEGIN ",
  "token",
  "token=",
  'token="',
  "token: a[",
  "_token",
  "password: ",
  "api_key",
  "secret_",
  "Authorization: ",
  "Bearer ",
  "Bearer a",
  "\\",
  '\\\\\\\\"',
  " ",
  "\n",
  "--token ",
  "xoxb-",
  "hooks.slack.com/services/",
  "password=a.",
];

describe("redaction of hostile text", function () {
  this.timeout(60_000);
  const redactor = createRedactor({ secrets: ["aaaaaaaaab", "token=token=x"] });

  // What takes quadratic time would take hours for this.
  const chars = 1_000_000;
  for (const piece of pieces) {
    it(`takes linear time for a text of ${JSON.stringify(piece.slice(0, 40))}`, () => {
      const startedAt = performance.now();
      redactor.text(piece.repeat(Math.ceil(chars / piece.length)));
      expect(performance.now() - startedAt).to.be.below(4_000);
    });
  }

  for (const beginning of ["-----BEGIN PRIVATE KEY-----\n", "hf_", "sk-proj-", "HF_TOKEN=", 'token="'] as const) {
    it(`takes a run without an end behind ${JSON.stringify(beginning)}`, () => {
      const left = redactor.text(beginning + "a1B".repeat(3_000_000));
      expect(left).to.contain("[redacted");
    });
  }

  it("takes no more per character for a long text of mixed pieces than for a short one", () => {
    const next = seeded(5);
    const mixed = Array.from({ length: 200_000 }, () => pieces[Math.floor(next() * pieces.length)] ?? "").join("");
    const timed = (text: string) => {
      const startedAt = performance.now();
      redactor.text(text);
      return performance.now() - startedAt;
    };
    const tenth = Math.floor(mixed.length / 10);
    timed(mixed.slice(0, tenth));
    const short = Array.from({ length: 10 }, (_, n) => timed(mixed.slice(n * tenth, (n + 1) * tenth)));
    const sum = short.reduce((a, b) => a + b, 0);
    expect(timed(mixed)).to.be.below(sum * 4 + 500);
  });

  it("changes nothing more when it is done again", () => {
    const next = seeded(11);
    const extra = [
      `hf_${"aB3x".repeat(9)}`,
      "P4ssw0rd!",
      "=",
      '": "',
      "[redacted secret]",
      "]",
      "\n- name: X_TOKEN\n  value: ",
    ];
    const all = [...pieces, ...extra];
    for (let round = 0; round < 3_000; round += 1) {
      const text = Array.from({ length: 12 }, () => all[Math.floor(next() * all.length)] ?? "").join("");
      const once = redactor.text(text);
      expect(redactor.text(once), JSON.stringify(text)).to.equal(once);
    }
  });
});
