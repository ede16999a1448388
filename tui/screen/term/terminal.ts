// The terminal as the screen holds it: entered, asked, read, written, stopped and left. Every way out of the program goes
// through `leave`.
import { askTerminal } from "./caps.ts";
import type { InputEvent } from "./events.ts";
import { factsOf } from "./facts.ts";
import { readInput } from "./input.ts";
import { abortSequence, createModes, modesFor } from "./modes.ts";
import { type Restored, restoreLimitMs, restoreThrough } from "./restore.ts";
import { stopGroup } from "./stop.ts";
import type { Terminal, TerminalSetup } from "./types.ts";
import { createWriter } from "./writer.ts";

/** Takes the terminal: raw, on its alternate screen. Job control is taken care of until it is left. */
export function takeTerminal(setup: TerminalSetup): Terminal {
  const { input, output, after } = setup;
  const facts = factsOf(setup.env, { input: input.isTTY === true, output: output.isTTY === true });
  const modes = createModes(modesFor(facts, setup.mouse));
  const writer = createWriter(output, { onReady: setup.onReady, onGone: setup.onGone });
  let left: Restored | null = null;
  let stopping = false;
  let releasing = false;
  const isOurs = () => modes.entered && !releasing;

  setRaw(true);
  // Asked before entering, which changes one of the modes that are asked about.
  const asking = askTerminal(facts, (questions) => void writer.send(questions), after);
  let { caps } = asking;
  const stopReading = readInput(input, after, take);
  input.resume();
  writer.send(modes.enter());

  function take(event: InputEvent): void {
    if (event.type !== "reply") {
      if (modes.entered) setup.onEvent(event);
      return;
    }
    const known = asking.take(event.reply);
    if (known === caps) return;
    caps = known;
    modes.rememberWheel(caps.wheelSendsArrows === true);
    setup.onCaps(caps);
  }

  function onResize(): void {
    const { columns, rows } = output;
    if (columns !== undefined && rows !== undefined) setup.onEvent({ type: "resize", columns, rows });
  }

  function setRaw(raw: boolean): void {
    try {
      input.setRawMode(raw);
    } catch {
      // The terminal is gone, as whoever writes or reads will be told.
    }
  }

  /** The last text goes past what the stream still holds, and cuts off what it had begun. */
  function giveBack(last: boolean): Restored {
    const text = modes.leave();
    if (text === "") return "written";
    const whole = writer.behind ? abortSequence + text : text;
    const restored = writer.gone ? "gone" : restoreThrough(output.fd ?? 1, whole, last);
    // The helper may be in the middle of a write, for which a change of the line discipline would wait. Node undoes raw
    // mode at the end of the process, without waiting.
    if (restored !== "delegated") setRaw(false);
    return restored;
  }

  async function release(): Promise<void> {
    if (!isOurs()) return;
    releasing = true;
    // Else the rest of a frame would come after the modes are off.
    await writer.drained(restoreLimitMs);
    if (left !== null) return;
    giveBack(false);
    releasing = false;
    input.pause();
  }

  function reclaim(): void {
    if (modes.entered || left !== null) return;
    setRaw(true);
    input.resume();
    writer.send(modes.enter());
    setup.onResumed();
  }

  async function suspend(): Promise<void> {
    if (stopping || left !== null) return;
    stopping = true;
    // Another program may have the terminal, and stop with us: then it keeps it.
    const wasOurs = isOurs();
    await release();
    process.off("SIGTSTP", onStop);
    await stopGroup(after);
    stopping = false;
    if (left !== null) return;
    process.on("SIGTSTP", onStop);
    if (wasOurs) reclaim();
  }

  const onStop = () => void suspend();
  /** Stopped by a signal that cannot be caught: something else had the terminal meanwhile. */
  const onContinue = () => {
    if (stopping || !modes.entered) return;
    setRaw(false);
    setRaw(true);
    writer.send(modes.renew());
    setup.onResumed();
  };

  output.on("resize", onResize);
  process.on("SIGTSTP", onStop);
  process.on("SIGCONT", onContinue);

  return {
    get caps() {
      return caps;
    },
    get mouse() {
      return modes.mouse;
    },
    get held() {
      return isOurs();
    },
    get skipped() {
      return writer.skipped;
    },
    answered: asking.done,
    settled: asking.settled,
    frame: (make) => isOurs() && writer.frame(make),
    send: (text) => isOurs() && writer.send(text),
    setMouse(on) {
      const text = modes.setMouse(on);
      if (text !== "") writer.send(text);
    },
    release,
    reclaim,
    suspend,
    leave() {
      if (left !== null) return left;
      left = giveBack(true);
      process.off("SIGTSTP", onStop);
      process.off("SIGCONT", onContinue);
      output.off("resize", onResize);
      stopReading();
      input.pause();
      writer.close();
      return left;
    },
  };
}
