// The picture in the README: runs the program, with its embedded rule-driven stand-in for a model, on Breiman's waveform
// data at a terminal of 120 by 40, and keeps the screen at a moment at which much goes on.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import settings from "../configs/demo.json" with { type: "json" };
import { createEmulator } from "../spec/screen/cells/emulator.ts";
import { hasTerminals, openPty } from "../spec/support/pty.ts";
import { waveform, waveformCsv } from "./demo/waveform.ts";

const size = { width: 120, height: 40 };
const limitMs = 60_000;
const marks = { start: "<!-- picture -->", end: "<!-- /picture -->" };
/** What the workspace is called in the picture, wherever it was. */
const shownFolder = "/home/ada/waveform";

/** Whether the screen shows candidates that are done, others that run, a curve with some points, and the plan. */
function isLively(rows: readonly string[]): boolean {
  const text = rows.join("\n");
  const dots = [...text].filter((glyph) => glyph > "\u2800" && glyph <= "\u28ff").length;
  const isUnderWay = /jobs, [23] of \d running/.test(text) && /linear seed=[4-6]/.test(text);
  return isUnderWay && /│ ✓ /.test(text) && /plan 2\/6/.test(text) && dots > 40;
}

/** The rows of the screen at that moment. */
async function shoot(folder: string): Promise<string[]> {
  const [workspace, home] = [join(folder, "waveform"), join(folder, "home")];
  for (const dir of [workspace, home]) mkdirSync(dir);
  const { rows: cases, seed } = settings.waveform;
  writeFileSync(join(workspace, "waveform.csv"), waveformCsv(waveform(cases, seed)));
  const program = join(process.cwd(), "dist/ml-intern.js");
  const command = [process.execPath, program, "--model", "offline/tabular", "--approval", "auto"];
  const pty = openPty(command, { cwd: workspace, env: { HOME: home, ML_INTERN_HOME: home }, ...size });
  const emulator = createEmulator(size.width, size.height);
  const decoder = new TextDecoder();
  pty.onOutput((bytes) => void emulator.write(decoder.decode(bytes, { stream: true })));
  emulator.onAnswer(pty.write);
  const look = () => Array.from({ length: size.height }, (_, y) => emulator.line(y).trimEnd());
  const until = async (what: string, isThere: (rows: string[]) => boolean) => {
    for (const startedAt = performance.now(); performance.now() - startedAt < limitMs; await setTimeout(30)) {
      const rows = look();
      if (isThere(rows)) return rows;
    }
    throw new Error(`There was no ${what} on the screen:\n${look().join("\n")}`);
  };
  try {
    await until("ready program", (rows) => rows.some((row) => row.includes("ready")));
    pty.write(`${settings.prompt}\r`);
    return await until("lively moment", isLively);
  } finally {
    try {
      process.kill(pty.pid(), "SIGTERM");
    } catch {
      // It has ended by itself.
    }
    await Promise.race([pty.ended, setTimeout(5_000, null, { ref: false })]);
    pty.close();
    emulator.close();
  }
}

/** The heading with another folder in it, as wide as before. */
function withFolder(row: string, folder: string): string {
  const at = row.indexOf(folder);
  if (at < 0) return row;
  const start = row.slice(0, at - 1);
  return `${start}${"─".repeat(Math.max(0, folder.length - shownFolder.length))} ${shownFolder}${row.slice(at + folder.length)}`;
}

function put(picture: string): void {
  const file = join(process.cwd(), "README.md");
  const text = readFileSync(file, "utf8");
  const [start, end] = [text.indexOf(marks.start), text.indexOf(marks.end)];
  if (start < 0 || end < start)
    throw new Error(`README.md has no place for the picture: ${marks.start} … ${marks.end}`);
  writeFileSync(
    file,
    `${text.slice(0, start + marks.start.length)}\n\n\`\`\`\n${picture}\n\`\`\`\n\n${text.slice(end)}`,
  );
}

if (!hasTerminals) throw new Error("The picture needs a terminal: install `script` (util-linux).");
const folder = mkdtempSync(join(tmpdir(), "picture-"));
try {
  const rows = await shoot(folder);
  const [head = "", ...rest] = rows;
  put([withFolder(head, join(folder, "waveform")), ...rest].join("\n"));
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
