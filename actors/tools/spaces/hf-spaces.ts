// The tool for Spaces on the Hub, all but their files: its face to the model. What it does is in the files beside it,
// which are loaded when they are needed.
import { defineTool } from "../contract.ts";
import { hubHost } from "../repos/names.ts";
import { titleOf, touched } from "./declares.ts";
import { type Input, input, waitSeconds } from "./input.ts";

/** Milliseconds of the operations that answer at once, and beside what `wait` waits for reading a log. */
const briefMs = 180_000;

/** Looks after Spaces: how they run, what they write, what they run on and with. */
export const hfSpaces = defineTool<Input>({
  name: "hf_spaces",
  description: [
    "Spaces on the Hub, all but their files: stage, app URL, logs, variables, secrets, hardware.",
    "An upload or change starts one anew: wait then, until the app runs or its log says why not.",
    "A secret is named, never given: its value is the user's. Paid hardware costs while awake, after the session too: pause what is not needed.",
  ].join(" "),
  input,
  onCrash: "probe",
  settle: async (args, look) => (await import("./actions.ts")).settle(args, look),
  touches: (args, { door }) => touched(args, args.repo_id, hubHost(door)),
  title: titleOf,
  timeoutMs: (args) => (args.operation === "wait" ? waitSeconds(args) * 1_000 : 0) + briefMs,
  preview: async (args, context) => (await import("./actions.ts")).preview(args, context),
  run: async (args, context) => (await import("./actions.ts")).run(args, context),
  probe: async (args, context) => (await import("./actions.ts")).probe(args, context),
});
