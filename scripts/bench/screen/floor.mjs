// The floor that the screen is measured against: the least that puts blessed's screen on a terminal and echoes keys. No
// agent, no transcript, no editor.
import { PassThrough } from "node:stream";
import blessed from "blessed";

const screen = blessed.screen({
  input: new PassThrough(),
  output: process.stdout,
  terminal: "xterm-256color",
  forceUnicode: true,
  smartCSR: false,
});
blessed.box({ parent: screen, width: "100%", height: "100%", content: "Enter" });
screen.render();
process.stdin.setRawMode(true);
process.stdin.on("data", (key) => process.stdout.write(`\u001b[?2026h${key}\u001b[?2026l`));
