// `ml-intern sessions replay`: a saved session as it happened, on the screen where there is one, else as text.
import type { Writable } from "node:stream";
import { conversationPrinter } from "../../chat/line/printer.ts";
import { effective } from "../../config/layers.ts";
import { loadConfig } from "../../config/load.ts";
import { FrontError } from "../../errors.ts";
import { createOutput } from "../../headless/output.ts";
import { signalCodes } from "../../headless/result.ts";
import { fastest, speedOf } from "../../replay/pace.ts";
import { createPlayer } from "../../replay/player.ts";
import { openRecording, type Recording } from "../../replay/recording.ts";
import { factsOf } from "../../screen/term/facts.ts";
import { type Found, folderOf } from "../../sessions/find.ts";
import { neutralise } from "../../text/neutralise.ts";
import type { Style } from "../../text/style.ts";
import { frontSettings } from "../front-settings.ts";
import type { Answer } from "../small.ts";

/** What the command line says of a replay, and where it takes place. */
export interface ReplayOptions {
  /** As it was written; null: not said. */
  speed: string | null;
  plain: boolean;
  json: boolean;
  style: Style;
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  file: string | null;
  stdout: Writable;
  stderr: Writable;
}

/** Plays a session to its end, or until the person leaves. Throws a `FrontError` for what cannot be played. */
export async function replayAnswer(session: Found, options: ReplayOptions): Promise<Answer> {
  if (options.json) {
    throw new FrontError("USAGE", "A replay is to be watched, not to be parsed.", "For programs: sessions export.");
  }
  const speed = options.speed === null ? null : wantedSpeed(options.speed);
  const recording = openRecording(session);
  if (recording === null) {
    throw new FrontError(
      "SESSION_DAMAGED",
      `The journal of session ${session.id} has no beginning.`,
      `Look at ${session.dir}`,
    );
  }
  const { env, cwd, file, plain, stdout } = options;
  const isTerminal = { input: process.stdin.isTTY === true, output: "isTTY" in stdout && stdout.isTTY === true };
  if (!plain && factsOf(env, isTerminal).usable) {
    const { layers } = await loadConfig(cwd, env, file);
    const settings = frontSettings(effective(layers), env);
    const { runReplay } = await import("../../screen/replay.ts");
    const exitCode = await runReplay({ recording, speed: speed ?? 1, settings, cwd: folderOf(session.dir) ?? cwd });
    return { data: null, text: "", exitCode };
  }
  return { data: null, text: "", exitCode: await printed(recording, speed, options) };
}

function wantedSpeed(word: string): number {
  const speed = speedOf(word);
  if (speed !== null) return speed;
  throw new FrontError(
    "USAGE",
    `--speed takes a number above 0 and up to ${fastest}, not "${word}".`,
    "For example: --speed 4",
  );
}

/** Prints everything to standard output: at once, or with a speed as it happened. */
function printed(
  { events }: Recording,
  speed: number | null,
  { style, stdout, stderr }: ReplayOptions,
): Promise<number> {
  const output = createOutput(stdout, stderr);
  const printer = conversationPrinter(style, "", []);
  const print = async (text: string) => {
    if (text !== "") await output.write({ out: text, err: "" });
  };
  const wordsOf = (event: Parameters<typeof printer.event>[0]) => {
    const { out, err } = printer.event(event);
    const said = event.type === "user_message" ? `${style.bold(`› ${neutralise(event.data.content)}`)}\n` : "";
    return `${said}${out}${err}`;
  };
  return new Promise((resolve, reject) => {
    const interrupted = () => finish(signalCodes.SIGINT);
    const finish = (code: number) => {
      process.off("SIGINT", interrupted);
      output.flushed().then(() => resolve(code), reject);
    };
    process.on("SIGINT", interrupted);
    void output.deserted.then(() => finish(0));
    if (speed === null) {
      (async () => {
        for (let step = events.next(); !step.done; step = events.next()) await print(wordsOf(step.value));
      })().then(() => finish(0), reject);
      return;
    }
    const player = createPlayer({
      events,
      speed,
      // These waits are all that keeps the program going.
      after(ms, work) {
        const timer = setTimeout(work, ms);
        return () => clearTimeout(timer);
      },
      now: () => performance.now(),
      show: (due) => void print(due.map(wordsOf).join("")),
      changed: () => {
        if (player.done) finish(0);
      },
    });
  });
}
