import { readFileSync } from "node:fs";
import { expect } from "chai";
import { shippedFile } from "../../../tui/config/paths.ts";
import { themeNames } from "../../../tui/config/themes.ts";
import { FrontError } from "../../../tui/errors.ts";
import { type Rgb, rgbOf } from "../../../tui/screen/cells/colour.ts";
import { createStyles, overlay } from "../../../tui/screen/cells/style.ts";
import type { Style } from "../../../tui/screen/cells/types.ts";
import { chooseTheme, loadTheme } from "../../../tui/screen/theme/load.ts";
import { parseTheme } from "../../../tui/screen/theme/parse.ts";

/** The contrast of two colours, 1 to 21, as the web's accessibility guidelines define it. */
function contrast(a: Rgb, b: Rgb): number {
  const light = (colour: Rgb) => {
    const [red = 0, green = 0, blue = 0] = colour.map((part) => {
      const share = part / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [high = 0, low = 0] = [light(a), light(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

function stylesOf(name: string): [part: string, style: Style][] {
  const table = createStyles();
  const { series, background: _, palette: __, ...parts } = loadTheme(name, table);
  return [...Object.entries(parts), ...series.map((id, index) => [`series ${index}`, id] as const)].map(
    ([part, id]) => [part, table.style(id)],
  );
}

describe("themes", () => {
  for (const name of themeNames) {
    it(`include ${name}, whole`, () => {
      const table = createStyles();
      const theme = loadTheme(name, table);
      expect(table.style(theme.strong).bold).to.equal(true);
      expect(theme.series.length).to.be.at.least(5);
      expect(new Set(theme.series).size).to.equal(theme.series.length);
    });
  }

  for (const [name, backgrounds] of [
    ["dark", ["#000000", "#282c34"]],
    ["light", ["#ffffff", "#fdf6e3"]],
  ] as const) {
    it(`can be read: ${name}`, () => {
      for (const [part, { fg, bg }] of stylesOf(name)) {
        for (const background of bg === undefined ? backgrounds : [bg]) {
          if (fg === undefined) continue;
          const least = part === "border" ? 2 : 4.5;
          expect(contrast(rgbOf(fg), rgbOf(background)), `${part} on ${background}`).to.be.at.least(least);
        }
      }
    });
  }

  it("tell parts from each other without any colour, where there is none", () => {
    const look = ({ fg: _, bg: __, ...rest }: Style) => JSON.stringify(rest);
    const parts = new Map(stylesOf("contrast").map(([part, style]) => [part, look(style)]));
    for (const part of [
      "strong",
      "heading",
      "link",
      "user",
      "error",
      "status",
      "selection",
      "borderFocused",
      "addedWord",
    ]) {
      expect(parts.get(part), part).to.not.equal(parts.get("text"));
    }
    expect(parts.get("selection")).to.not.equal(parts.get("status"));
  });

  it("are chosen by what the terminal can show and by the user", () => {
    expect(chooseTheme({ wanted: null, background: "light", depth: 24 })).to.equal("light");
    expect(chooseTheme({ wanted: "auto", background: null, depth: 8 })).to.equal("dark");
    expect(chooseTheme({ wanted: "dark", background: "light", depth: 24 })).to.equal("dark");
    expect(chooseTheme({ wanted: null, background: "light", depth: 4 })).to.equal("contrast");
    expect(chooseTheme({ wanted: "dark", background: null, depth: 0 })).to.equal("contrast");
  });
});

describe("a theme's file", () => {
  const shipped = readFileSync(shippedFile("themes/dark.json"), "utf8");
  const fault = (change: (theme: Record<string, never>) => void) => {
    const theme = JSON.parse(shipped);
    change(theme);
    try {
      parseTheme(JSON.stringify(theme), "my.json", createStyles());
    } catch (error) {
      if (error instanceof FrontError) return `${error.code} ${error.message} ${error.hint ?? ""}`.trim();
      throw error;
    }
    return "none";
  };

  it("may name colours of its own", () => {
    const table = createStyles();
    const theme = parseTheme(shipped, "my.json", table);
    expect(table.style(theme.warn)).to.deep.equal({ fg: "#e6c07b" });
    expect(theme.palette[1]).to.equal("#f28b82");
    expect(theme.palette[0]).to.equal(undefined);
  });

  for (const [name, change, words] of [
    ["a missing part", (t) => delete t.styles.error, "THEME_INVALID my.json: styles.error is missing"],
    ["an unknown part", (t) => (t.styles.eror = {}), "styles.eror is no known key. Did you mean error?"],
    ["an unknown flag", (t) => (t.styles.ok.blink = true), "styles.ok.blink is no known key"],
    ["a flag that is none", (t) => (t.styles.ok.bold = "yes"), "styles.ok.bold must be true or false"],
    ["a colour that is none", (t) => (t.styles.ok.fg = "#12345"), 'styles.ok.fg is "#12345"'],
    ["a name that is none", (t) => (t.styles.ok.fg = "vilet"), "Did you mean violet?"],
    ["a number that is none", (t) => (t.styles.ok.bg = 16), "styles.ok.bg is 16"],
    ["no series", (t) => (t.series = []), "series must be a list"],
    ["no background", (t) => delete t.background, "background must be"],
    ["a part that is no object", (t) => (t.styles.ok = "green"), "styles.ok must be an object"],
    ["a colour named like a property of all objects", (t) => (t.styles.ok.fg = "constructor"), "styles.ok.fg is"],
    // biome-ignore lint/suspicious/noExplicitAny: a file may hold anything.
  ] as const satisfies readonly (readonly [string, (theme: any) => unknown, string])[]) {
    it(`is refused with ${name}`, () => {
      expect(fault(change)).to.contain(words);
    });
  }

  it("is refused when it is no JSON, is not there, or has no such name", () => {
    expect(() => parseTheme("{", "my.json", createStyles())).to.throw(FrontError, "my.json:1:2");
    expect(() => loadTheme("/nowhere/theme.json", createStyles())).to.throw(FrontError, "cannot be read (ENOENT)");
    expect(() => loadTheme("drak", createStyles())).to.throw(FrontError, "dark, light, contrast");
  });
});

describe("the table of styles", () => {
  it("gives equal styles one id that stays", () => {
    const table = createStyles();
    const id = table.id({ fg: 1, bold: true });
    expect(table.id({ bold: true, fg: 1, dim: false })).to.equal(id);
    expect(table.style(id)).to.deep.equal({ fg: 1, bold: true });
    expect(table.id({})).to.equal(0);
    expect(table.style(99)).to.deep.equal({});
  });

  it("puts one look on top of another", () => {
    const table = createStyles();
    const link = table.id({ fg: 4, underline: true });
    const named = overlay(table, link, { bold: true, fg: 6 });
    expect(table.style(named)).to.deep.equal({ fg: 6, underline: true, bold: true });
    expect(table.style(link)).to.deep.equal({ fg: 4, underline: true });
  });

  it("does not grow without end, and keeps room for looks", () => {
    const table = createStyles(40);
    for (let page = 0; page < 1000; page++) table.id({ underline: true, link: `https://example.org/${page}` });
    expect(table.size()).to.be.below(40);
    expect(table.style(table.id({ underline: true, link: "https://example.org/999" }))).to.deep.equal({
      underline: true,
    });
    expect(table.style(table.id({ fg: 5 }))).to.deep.equal({ fg: 5 });
    for (let colour = 0; colour < 1000; colour++) table.id({ fg: `#${colour.toString(16).padStart(6, "0")}` });
    expect(table.size()).to.equal(40);
    expect(table.id({ fg: "#abcdef" })).to.equal(0);
  });
});
