import { expect } from "chai";
import { createDecoder } from "../../../tui/screen/term/decoder.ts";
import { randomFrom } from "../../support/random.ts";
import { decodeAll, decodeChunks, keysIn } from "./decoding.ts";

const esc = "\u001b";

/** What terminals send, of every kind, with half and broken sequences between. */
const corpus: readonly (string | Uint8Array)[] = [
  "hello",
  "Grüße, 中文, 🤗 👩‍💻 e\u0301",
  "\r\n\t\u007f\u0008\u0000\u0001\u001a\u001c\u001f",
  `${esc}[A${esc}[1;5C${esc}OD${esc}OP${esc}[15~${esc}[3;3~${esc}[Z${esc}[1;2R`,
  `${esc}${esc}[A${esc}${esc}OB${esc}${esc}${esc}[C`,
  `${esc}a${esc}A${esc}é${esc}🤗${esc}\r${esc}\u007f${esc}.`,
  `${esc}[[A${esc}[[E${esc}[a${esc}Oa${esc}[5$${esc}[5^${esc}[5@`,
  `${esc}[97;5u${esc}[1089::99;5u${esc}[47:63;4u${esc}[13;2u${esc}[97;1:3u${esc}[97;2;65u${esc}[57399u`,
  `${esc}[27;5;13~${esc}[27;6;65~${esc}[27;2;13~`,
  `${esc}[200~line one\r\nline two ${esc}[31mred${esc}[0m ${esc}[201 ${esc}[20 ${esc}[200~ \u0003 中🤗${esc}[201~`,
  `${esc}[200~${esc}[201~after`,
  `${esc}[<0;10;5M${esc}[<0;10;5m${esc}[<64;1;1M${esc}[<35;150;7M${esc}[M !!${esc}[<0;1M`,
  `${esc}[I${esc}[O`,
  `${esc}]11;rgb:1e1e/1e1e/2e2e${esc}\\${esc}]11;rgb:ff/ff/ff\u0007${esc}[?62;4c${esc}[?2026;2$y`,
  `${esc}P>|kitty(0.32.2)${esc}\\${esc}[?5u${esc}[>1;10;0c${esc}[24;80R${esc}[0n${esc}[?997;1n`,
  `${esc}[48;24;80;480;800t${esc}[8;30;100t${esc}_Gi=1;OK${esc}\\`,
  `${esc}]11;cut${esc}[A${esc}P1\u0018x${esc}[1;\u0003y${esc}[\u0003${esc}]${esc}[B`,
  `${esc}[${"1".repeat(1_500)}mz${esc}]${"x".repeat(1_500)}${esc}\\q${esc}]${"y".repeat(1_500)}${esc}[Cw`,
  Uint8Array.of(0xff, 0x41, 0xc3, 0x28, 0xe4, 0xb8, 0x1b, 0x5b, 0x41, 0xf0, 0x9f, 0x98, 0x42, 0xed, 0xa0, 0x80, 0x9b),
  Uint8Array.of(0x1b, 0x5b, 0x4d, 0x20, 0xc3, 0xa9, 0x6b, 0x1b, 0xf0, 0x9f, 0x1b, 0x5b, 0x42, 0x1b, 0xe4),
];

describe("the decoder", function () {
  this.timeout(20_000);

  it("makes the same of bytes however they are cut into reads", () => {
    const seed = 20_260_714;
    const random = randomFrom(seed);
    for (let run = 0; run < 2_000; run++) {
      const picked = Array.from({ length: 1 + Math.floor(random() * 8) }, () => {
        return Buffer.from(corpus[Math.floor(random() * corpus.length)] ?? "");
      });
      const bytes = Buffer.concat(picked);
      const whole = decodeChunks([bytes]);
      const chunks: Buffer[] = [];
      const mean = run % 10 === 0 ? 2 : 1 + random() * 40;
      for (let at = 0; at < bytes.length; ) {
        const size = 1 + Math.floor(random() * mean);
        chunks.push(bytes.subarray(at, at + size));
        at += size;
      }
      const cut = decodeChunks(chunks);
      // Comparing text first is quicker by far; the difference is shown where there is one.
      if (JSON.stringify(cut) !== JSON.stringify(whole)) {
        expect(cut, `seed ${seed}, run ${run}`).to.deep.equal(whole);
      }
    }
  });

  it("makes the same of every part of the corpus byte by byte", () => {
    for (const part of corpus) {
      const bytes = Buffer.from(part);
      const single = Array.from(bytes, (byte) => Uint8Array.of(byte));
      expect(decodeChunks(single), JSON.stringify(part).slice(0, 60)).to.deep.equal(decodeAll(bytes));
    }
  });

  it("takes any bytes, and hands on no control character as text or in a chord", () => {
    const seed = 4_711;
    const random = randomFrom(seed);
    const pieces = [
      esc,
      "[",
      "]",
      "O",
      "P",
      ";",
      ":",
      "?",
      "<",
      "~",
      "u",
      "M",
      "$",
      "200~",
      "201~",
      "\u0007",
      "9",
      "é",
    ];
    for (let run = 0; run < 2_000; run++) {
      const bytes = Buffer.concat(
        Array.from({ length: 60 }, () =>
          random() < 0.8
            ? Buffer.from(pieces[Math.floor(random() * pieces.length)] ?? "")
            : Buffer.of(Math.floor(random() * 256)),
        ),
      );
      for (const event of decodeAll(bytes)) {
        if (event.type === "text") expect(event.text, `seed ${seed}, run ${run}`).to.match(/^\P{Cc}+$/u);
        if (event.type === "key") expect(event.chord, `seed ${seed}, run ${run}`).to.match(/^\P{Cc}+$/u);
      }
    }
  });

  it("never makes a key or a text of an answer of the terminal", () => {
    const answers = [
      `${esc}]10;rgb:0000/0000/0000\u0007`,
      `${esc}]11;rgba:0/0/0/f${esc}\\`,
      `${esc}]4;1;rgb:ff/00/00${esc}\\`,
      `${esc}]52;c;aGVsbG8=${esc}\\`,
      `${esc}[?1;2c`,
      `${esc}[>41;354;0c`,
      `${esc}[?2026;0$y`,
      `${esc}[4;2$y`,
      `${esc}[?0u`,
      `${esc}[12;34R`,
      `${esc}[?12;34R`,
      `${esc}[0n`,
      `${esc}P>|tmux 3.3a${esc}\\`,
      `${esc}P1+r524742=38${esc}\\`,
      `${esc}P!|7E565445${esc}\\`,
      `${esc}_Gi=31;OK${esc}\\`,
      `${esc}[?997;2n`,
      `${esc}[4;600;800t`,
    ];
    for (const answer of answers) {
      const types = decodeAll(answer).map(({ type }) => type);
      expect(types, JSON.stringify(answer)).to.deep.equal(["reply"]);
      const late = createDecoder();
      late.push(Buffer.from(answer.slice(0, 3)));
      late.flush();
      const rest = late.push(Buffer.from(answer.slice(3))).map(({ type }) => type);
      expect(rest, `late: ${JSON.stringify(answer)}`).to.deep.equal(["reply"]);
    }
  });

  it("does not wait for ever for the end of a string that has none", () => {
    const decoder = createDecoder();
    expect(decoder.push(Buffer.from(`${esc}]52;c;${"A".repeat(1_000_000)}`))).to.deep.equal([]);
    expect(decoder.waiting).to.equal("sequence");
    expect(decoder.flush()).to.deep.equal([]);
    expect(decoder.push(Buffer.from("x"))).to.deep.equal([{ type: "text", text: "x" }]);
  });
});

describe("the decoder and time", () => {
  it("takes a lone ESC for the key only when nothing follows", () => {
    const decoder = createDecoder();
    expect(decoder.push(Buffer.from(esc))).to.deep.equal([]);
    expect(decoder.waiting).to.equal("key");
    expect(decoder.flush()).to.deep.equal([{ type: "key", chord: "escape" }]);
    expect(decoder.waiting).to.equal(null);
    expect(decoder.push(Buffer.from("[")), "typed afterwards").to.deep.equal([{ type: "text", text: "[" }]);
  });

  it("takes two for the key twice, and an introducer for its key with alt", () => {
    expect(keysIn(esc + esc)).to.deep.equal(["escape", "escape"]);
    expect(keysIn(`${esc}[`)).to.deep.equal(["alt+["]);
    expect(keysIn(`${esc}]`)).to.deep.equal(["alt+]"]);
    expect(keysIn(`${esc}O`)).to.deep.equal(["alt+shift+o"]);
  });

  it("drops what is half a sequence", () => {
    expect(keysIn(`${esc}[1;5`)).to.deep.equal([]);
    expect(keysIn(`${esc}]11;rgb:`)).to.deep.equal([]);
  });

  it("still knows a report whose beginning came too early", () => {
    const decoder = createDecoder();
    for (const beginning of [esc, `${esc}[`, `${esc}[<35;1`]) {
      decoder.push(Buffer.from(beginning));
      decoder.flush();
      const rest = `${esc}[<35;150;7M`.slice(beginning.length);
      const [event] = decoder.push(Buffer.from(rest));
      expect(event, JSON.stringify(beginning)).to.include({ type: "mouse", x: 149, y: 6 });
    }
  });

  it("lets a person out of a paste whose end was lost", () => {
    const decoder = createDecoder();
    decoder.push(Buffer.from(`${esc}[200~half`));
    expect(decoder.waiting).to.equal("paste");
    expect(decoder.push(Buffer.from("\u0003")), "in the flow it is part of the paste").to.deep.equal([]);
    expect(decoder.flush()).to.deep.equal([]);
    expect(decoder.push(Buffer.from("\u0003"))).to.deep.equal([
      { type: "paste", text: "half", dropped: 0 },
      { type: "key", chord: "ctrl+c" },
    ]);
  });
});
