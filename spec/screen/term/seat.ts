// A program at a terminal: shows what it gets, and ends in every way that programs do. Its arguments: a file to log to.
import { appendFileSync } from "node:fs";
import { constants } from "node:os";
import { takeTerminal } from "../../../tui/screen/term/terminal.ts";

const log = (line: string) => appendFileSync(process.argv[2] ?? "/dev/null", `${line}\n`);
let isPouring = false;
let count = 0;
/** Frames that the terminal was behind for, one after the other. */
let skipped = 0;
const show = (text: string) => terminal.frame(() => `\u001b[?2026h\u001b[H${text}\u001b[K\u001b[?2026l`);

const terminal = takeTerminal({
  input: process.stdin,
  output: process.stdout,
  env: process.env,
  mouse: true,
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  onEvent(event) {
    log(`event ${JSON.stringify(event)}`);
    if (event.type === "text" && event.text === "q") end(0, "bye\n");
    if (event.type === "text" && event.text === "t") throw new Error("thrown");
    if (event.type === "text" && event.text === "f" && !isPouring) {
      isPouring = true;
      setInterval(pour, 5);
    }
    if (event.type === "key" && event.chord === "ctrl+z") void terminal.suspend();
    if (event.type === "text") show(`got ${event.text}`);
  },
  onCaps: (caps) => log(`caps ${JSON.stringify(caps)}`),
  onReady: () => log("ready"),
  onResumed: () => {
    log("resumed");
    show("resumed");
  },
  onGone: () => log("gone"),
});

/** As much as a busy screen. The lag of the loop is logged where it is more than noise. */
let pouredAt = performance.now();
function pour(): void {
  const now = performance.now();
  if (now - pouredAt > 1_000) log(`stall ${now - pouredAt}`);
  pouredAt = now;
  count += 1;
  skipped = show(`${count}`.repeat(4_000).slice(0, 16_000)) ? 0 : skipped + 1;
  log(`skipped ${skipped}`);
}

function end(code: number, words = ""): void {
  const startedAt = performance.now();
  const restored = terminal.leave();
  log(`left ${restored} ${performance.now() - startedAt}`);
  if (restored === "written") process.stdout.write(words);
  process.exit(code);
}

for (const name of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) {
  process.on(name, () => end(128 + constants.signals[name]));
}
process.on("uncaughtException", () => end(1));
log(`pid ${process.pid}`);
show("hello");
