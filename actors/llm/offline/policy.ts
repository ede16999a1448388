// The policy: what to say and do next, as a pure function of the conversation and the tools on offer.
import type { Message } from "../protocol.ts";
import { choose, report, testOnce, trainAll, writeDesign } from "./experimenting.ts";
import { look, profileTable, writeProgram } from "./looking.ts";
import { Ending, planCutAt } from "./moves.ts";
import type { Program } from "./program.ts";
import { type Next, replay, type Script } from "./script.ts";
import { readConversation, type Situation, type Task } from "./task.ts";
import { help, introduction } from "./words.ts";

/** Tools without which nothing can be done. */
const needed = ["bash", "write"];

/** The whole work on a table, from the first look to the report. */
function* experiment(task: Task, program: Program): Script<string> {
  let stage = 0;
  try {
    const places = yield* look(task, program);
    yield* writeProgram(places, program);
    stage = 1;
    const profile = yield* profileTable(task, places);
    const design = yield* writeDesign(places, profile);
    stage = 2;
    const trained = yield* trainAll(places);
    stage = 3;
    const verdict = yield* choose(places, design, trained);
    stage = 4;
    const test = yield* testOnce(places, verdict);
    stage = 5;
    return yield* report(places, { profile, design, ...trained, verdict, test, folder: places.folder });
  } catch (error) {
    if (!(error instanceof Ending)) throw error;
    yield { say: "I cannot go on, so I close the plan.", plan: planCutAt(stage), actions: [] };
    return error.message;
  }
}

/** The answer to what is no task. */
function answer({ lastAnswer, newest }: Situation): string {
  if (lastAnswer === null) return help;
  const again = `For another target of \`${newest?.table}\` say: again with target NAME`;
  return `${help}\n\n${again}\n\nMy last answer was:\n\n${lastAnswer}`;
}

/** The next reply. */
export function decide(messages: readonly Message[], tools: readonly string[], program: Program): Next {
  const situation = readConversation(messages);
  const offered = new Set(tools);
  const missing = needed.filter((name) => !offered.has(name));
  const { task, outcomes } = situation;
  const next =
    task === null
      ? { text: answer(situation), calls: [] }
      : missing.length > 0
        ? {
            text: `I cannot work on \`${task.table}\`: the tools ${missing.join(" and ")} are not on offer.`,
            calls: [],
          }
        : replay(experiment(task, program), { prefix: `tab-${task.key}-`, outcomes, tools: offered });
  const introduced = messages.some((message) => message.role === "assistant" && message.text.startsWith(introduction));
  return introduced ? next : { ...next, text: `${introduction}\n\n${next.text}` };
}
