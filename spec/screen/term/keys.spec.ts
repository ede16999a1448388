import { expect } from "chai";
import { chord, chordLabel, chordsOf, parseChord, withAlt } from "../../../tui/screen/term/keys.ts";
import { decodeAll, keysIn } from "./decoding.ts";

const esc = "\u001b";

describe("keys as terminals send them", () => {
  const table: Readonly<Record<string, string>> = {
    "\r": "enter",
    "\n": "ctrl+j",
    "\t": "tab",
    "\u007f": "backspace",
    "\u0008": "ctrl+h",
    "\u0000": "ctrl+space",
    "\u0003": "ctrl+c",
    "\u001c": "ctrl+\\",
    "\u001f": "ctrl+_",
    [`${esc}\r`]: "alt+enter",
    [`${esc}\u007f`]: "alt+backspace",
    [`${esc}\u0001`]: "ctrl+alt+a",
    [`${esc}b`]: "alt+b",
    [`${esc}B`]: "alt+shift+b",
    [`${esc}.`]: "alt+.",
    [`${esc}?`]: "alt+?",
    [`${esc}ö`]: "alt+ö",
    [`${esc}[A`]: "up",
    [`${esc}OA`]: "up",
    [`${esc}[1;2A`]: "shift+up",
    [`${esc}[1;3A`]: "alt+up",
    [`${esc}[1;5D`]: "ctrl+left",
    [`${esc}[1;8H`]: "ctrl+alt+shift+home",
    [`${esc}[1;9C`]: "super+right",
    [`${esc}[1;5:2C`]: "ctrl+right",
    [`${esc}${esc}[A`]: "alt+up",
    [`${esc}OP`]: "f1",
    [`${esc}[[B`]: "f2",
    [`${esc}[1;2P`]: "shift+f1",
    [`${esc}[1;5R`]: "ctrl+f3",
    [`${esc}[20~`]: "f9",
    [`${esc}[24;5~`]: "ctrl+f12",
    [`${esc}[3~`]: "delete",
    [`${esc}[6;5~`]: "ctrl+pagedown",
    [`${esc}[Z`]: "shift+tab",
    [`${esc}[7~`]: "home",
    [`${esc}[5^`]: "ctrl+pageup",
    [`${esc}[5$`]: "shift+pageup",
    [`${esc}[a`]: "shift+up",
    [`${esc}Od`]: "ctrl+left",
    [`${esc}OM`]: "enter",
    [`${esc}[27u`]: "escape",
    [`${esc}[13;2u`]: "shift+enter",
    [`${esc}[13;3u`]: "alt+enter",
    [`${esc}[106;5u`]: "ctrl+j",
    [`${esc}[105;5u`]: "ctrl+i",
    [`${esc}[9;5u`]: "ctrl+tab",
    [`${esc}[127;3u`]: "alt+backspace",
    [`${esc}[32;5u`]: "ctrl+space",
    [`${esc}[97:65;6u`]: "ctrl+shift+a",
    [`${esc}[47:63;4u`]: "alt+?",
    [`${esc}[47;5u`]: "ctrl+/",
    [`${esc}[45:95;6u`]: "ctrl+_",
    [`${esc}[1089::99;5u`]: "ctrl+c",
    [`${esc}[1092:1060:97;6u`]: "ctrl+shift+ф",
    [`${esc}[57414u`]: "enter",
    [`${esc}[57376u`]: "f13",
    [`${esc}[57421;5u`]: "ctrl+pageup",
    [`${esc}[27;2;13~`]: "shift+enter",
    [`${esc}[27;5;9~`]: "ctrl+tab",
    [`${esc}[27;6;65~`]: "ctrl+shift+a",
    [`${esc}[27;4;63~`]: "alt+?",
  };
  it("have one name each, however they are sent", () => {
    for (const [bytes, expected] of Object.entries(table)) {
      expect(keysIn(bytes), JSON.stringify(bytes)).to.deep.equal([expected]);
    }
  });

  it("types what keys with codes of their own type", () => {
    const bytes = `${esc}[97u${esc}[97;2u${esc}[49:33;2u${esc}[97;65u${esc}[57400u${esc}[229;;229u${esc}Oq${esc}[32;2u`;
    expect(keysIn(bytes)).to.deep.equal(['"aA!A1å1 "']);
  });

  it("passes over keys let go of, modifiers alone, and codes that name nothing", () => {
    const nothing = [
      "[97;1:3u",
      "[57441;2u",
      "[1;1:3A",
      "[1114112;5u",
      "[55296u",
      "[3u",
      "[99999999999u",
      "[150~",
      "[q",
    ];
    for (const sequence of nothing) expect(keysIn(esc + sequence), sequence).to.deep.equal([]);
  });
});

describe("names of chords", () => {
  it("puts what people write into the one form", () => {
    const table: Readonly<Record<string, string | null>> = {
      "Ctrl+P": "ctrl+p",
      "alt+ctrl+Delete": "ctrl+alt+delete",
      "control+shift+A": "ctrl+shift+a",
      "option+Return": "alt+enter",
      G: "shift+g",
      g: "g",
      "?": "?",
      "shift+?": "?",
      "+": "+",
      "ctrl++": "ctrl++",
      PgUp: "pageup",
      esc: "escape",
      F12: "f12",
      " ": null,
      "": null,
      "ctrl+": null,
      "ctrl+ctrl+a": null,
      "hyper+a": null,
      f36: null,
      nonsense: null,
      "\u0007": null,
    };
    for (const [written, expected] of Object.entries(table)) expect(parseChord(written), written).to.equal(expected);
  });

  it("reads its own form back, and labels it", () => {
    const keys = ["a", "é", "?", "+", "1", "space", "enter", "f2", "pageup", "ф"];
    for (const key of keys) {
      for (let bits = 0; bits < 16; bits++) {
        const held = { shift: !!(bits & 1), alt: !!(bits & 2), ctrl: !!(bits & 4), super: !!(bits & 8) };
        const name = chord(key, held);
        expect(parseChord(name), name).to.equal(name);
        expect(parseChord(chordLabel(name)), chordLabel(name)).to.equal(name);
        expect(withAlt(name), name).to.equal(chord(key, { ...held, alt: true }));
      }
    }
    expect(["ctrl+p", "shift+g", "pageup", "alt+enter", "?", "f2"].map(chordLabel)).to.deep.equal([
      "Ctrl+P",
      "G",
      "PgUp",
      "Alt+Enter",
      "?",
      "F2",
    ]);
  });

  it("names each character that is typed as its key", () => {
    expect(chordsOf("gG ?中")).to.deep.equal(["g", "shift+g", "space", "?", "中"]);
  });
});

describe("the mouse, focus and size", () => {
  it("knows buttons, the wheel, drags and modifiers", () => {
    const [press, release, wheel, drag, move, held] = decodeAll(
      `${esc}[<0;10;5M${esc}[<0;10;5m${esc}[<65;1;1M${esc}[<34;3;4M${esc}[<35;3;4M${esc}[<28;1;1M`,
    );
    const plain = { type: "mouse", shift: false, alt: false, ctrl: false };
    expect(press).to.deep.equal({ ...plain, action: "press", button: "left", x: 9, y: 4 });
    expect(release).to.deep.equal({ ...plain, action: "release", button: "left", x: 9, y: 4 });
    expect(wheel).to.deep.equal({ ...plain, action: "wheel-down", button: null, x: 0, y: 0 });
    expect(drag).to.deep.equal({ ...plain, action: "drag", button: "right", x: 2, y: 3 });
    expect(move).to.deep.equal({ ...plain, action: "move", button: null, x: 2, y: 3 });
    expect(held).to.include({ shift: true, alt: true, ctrl: true });
  });

  it("loses no key that shares a read with a report", () => {
    expect(keysIn(`a${esc}[<64;1;1Mb\r${esc}[Ic`)).to.deep.equal(['"a"', "mouse", '"b"', "enter", "focus", '"c"']);
  });

  it("swallows the old form of reports whole, whatever bytes it holds", () => {
    expect(decodeAll(Buffer.from([0x1b, 0x5b, 0x4d, 0x20, 0xe9, 0xc3, 0x78]))).to.deep.equal([
      { type: "mouse", action: "press", button: "left", x: 200, y: 162, shift: false, alt: false, ctrl: false },
      { type: "text", text: "x" },
    ]);
  });

  it("knows focus and size", () => {
    expect(decodeAll(`${esc}[I${esc}[O${esc}[48;24;80;480;800t${esc}[8;30;100t`)).to.deep.equal([
      { type: "focus", focused: true },
      { type: "focus", focused: false },
      { type: "resize", columns: 80, rows: 24 },
      { type: "resize", columns: 100, rows: 30 },
    ]);
    expect(keysIn(`${esc}[48;0;0t${esc}[48;99999;80t`)).to.deep.equal(["reply", "reply"]);
  });
});
