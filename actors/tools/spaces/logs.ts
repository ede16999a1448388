// `logs`: the end of what a Space has written while it was built, or while it ran.
import { getRuntime } from "../../hub/spaces/client.ts";
import { isAtRest } from "../../hub/spaces/types.ts";
import { grouped } from "../cap.ts";
import { type Read, reachOf } from "./action.ts";
import { atSpace } from "./failure.ts";
import { readTail, type TailEnd } from "./log-tail.ts";

const usualLines = 200;
const mostLines = 5_000;

/** What is said of the end of the reading. */
const ends: Record<TailEnd, string> = {
  ended: "the log is at its end",
  silent: "it was silent then",
  writing: "it is being written on",
  cut: "the connection broke off then",
};

export const logs: Read = async (call, context) => {
  const { args, id } = call;
  const { kind = "run" } = args;
  const { stage } = await atSpace(context, id, () => getRuntime(reachOf(call, context, context.log)));
  const isOver = isAtRest(stage);
  const count = Math.min(Math.max(args.tail ?? usualLines, 1), mostLines);
  const { lines, end, file } = await readTail(call, { kind, count, isOver }, context);
  const why = isOver ? `the Space is ${stage}, nothing more comes` : ends[end];
  const where = file === null ? "" : ` All that was read is in ${file}.`;
  const head = `Space ${id}: ${stage}. The newest ${grouped(lines.length)} lines of its ${kind} log (${why}).${where}`;
  return {
    ok: true,
    text: `${head}\n${lines.join("\n") || "(it holds nothing)"}`,
    data: { repo_id: id, stage, kind, lines: lines.length, end },
    untrusted: `the log of the Space ${id}`,
  };
};
