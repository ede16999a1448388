// A terminal to look at: what the bytes of frames come to.
import unicode from "@xterm/addon-unicode11";
import headless, { type IBufferCell } from "@xterm/headless";

/** Which table of widths the terminal goes by; they disagree on emoji. */
export type Widths = "6" | "11";

/** A terminal of a size. */
export interface Emulator {
  /** Resolves when the terminal has taken it all in. */
  write(data: string): Promise<void>;
  /** Every cell: its characters, width, colours and flags. */
  cells(): string[][];
  /** Row `y` as text, without blanks at its end. */
  line(y: number): string;
  cell(x: number, y: number): IBufferCell;
  caret(): { x: number; y: number };
  /** What the terminal did or answered beside showing cells: titles, bells, replies. */
  effects: string[];
  /** Hands on what the terminal answers when it is asked. */
  onAnswer(take: (bytes: string) => void): void;
  resize(width: number, height: number): void;
  close(): void;
}

export function createEmulator(width: number, height: number, widths: Widths = "11"): Emulator {
  const terminal = new headless.Terminal({ cols: width, rows: height, allowProposedApi: true, scrollback: 50 });
  if (widths === "11") {
    terminal.loadAddon(new unicode.Unicode11Addon());
    terminal.unicode.activeVersion = "11";
  }
  const effects: string[] = [];
  terminal.onTitleChange((title) => effects.push(`title ${title}`));
  terminal.onBell(() => effects.push("bell"));
  terminal.onData((data) => effects.push(`reply ${JSON.stringify(data)}`));
  terminal.onScroll(() => effects.push("scroll"));
  for (const code of [0, 1, 2, 4, 7, 9, 10, 11, 12, 50, 52, 104, 133, 777, 1337]) {
    terminal.parser.registerOscHandler(code, () => {
      effects.push(`osc ${code}`);
      return false;
    });
  }
  const cell = (x: number, y: number) => {
    const found = terminal.buffer.active.getLine(y)?.getCell(x);
    if (found === undefined) throw new Error(`no cell at ${x},${y}`);
    return found;
  };
  return {
    write: (data) => new Promise((resolve) => terminal.write(data, resolve)),
    cells: () =>
      Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => describeCell(cell(x, y)))),
    line: (y) => terminal.buffer.active.getLine(y)?.translateToString(true) ?? "",
    cell,
    caret: () => ({ x: terminal.buffer.active.cursorX, y: terminal.buffer.active.cursorY }),
    effects,
    onAnswer: (take) => void terminal.onData(take),
    resize: (columns, rows) => terminal.resize(columns, rows),
    close: () => terminal.dispose(),
  };
}

function describeCell(cell: IBufferCell): string {
  const flags = [
    cell.isBold(),
    cell.isDim(),
    cell.isItalic(),
    cell.isUnderline(),
    cell.isInverse(),
    cell.isStrikethrough(),
  ].map((flag) => (flag === 0 ? "-" : "x"));
  const fg = `${cell.getFgColorMode()}:${cell.getFgColor()}`;
  const bg = `${cell.getBgColorMode()}:${cell.getBgColor()}`;
  return `${cell.getChars() || " "}/${cell.getWidth()}/${fg}/${bg}/${flags.join("")}`;
}
