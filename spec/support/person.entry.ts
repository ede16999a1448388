// A front with a person behind it who answers each question at once, whether it is put now or was put to an earlier
// process: yes, but no to calls whose id begins with "no". PERSON_CONFIG holds settings as JSON; with the arguments
// `--resume ID` the session is taken up again, otherwise they are what the person says.
import { realpathSync } from "node:fs";
import type { DurableEvents } from "../../actors/events.ts";
import { start } from "../../actors/root/start.ts";
import { effective } from "../../tui/config/layers.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { startOptions } from "../../tui/config/options.ts";
import { homeFolder, stateFolder } from "../../tui/config/paths.ts";
import { policyRules } from "../../tui/config/policy.ts";

const { env } = process;
const [first = "", id = ""] = process.argv.slice(2);
const resumes = first === "--resume";
const values = JSON.parse(env.PERSON_CONFIG ?? "{}") as Record<string, string>;
const config = effective([shippedConfig(), { source: "person", values }]);
const cwd = realpathSync(process.cwd());
const home = realpathSync(homeFolder(env));
const { rules } = await policyRules(config, { workspace: cwd, home });
const agent = await start(
  startOptions(config, {
    cwd,
    stateDir: stateFolder(env),
    session: resumes ? { kind: "resume", id } : { kind: "new" },
    model: values.model_name ?? "",
    env,
    createdBy: "person",
    mode: "interactive",
    home,
    policy: rules,
  }),
);

async function answer(ids: readonly string[]): Promise<void> {
  const approvals = ids.map((tool_call_id) => {
    const approved = !tool_call_id.startsWith("no");
    return { tool_call_id, approved, ...(approved ? {} : { feedback: "Not this one." }) };
  });
  if (approvals.length > 0) await agent.operate({ type: "exec_approval", approvals });
}

const events = agent.bus.subscribe({ from: agent.firstSeq });
if (resumes) {
  const waiting = agent.state.turn?.calls.filter((call) => call.status === "approval") ?? [];
  const nothingToDo = agent.state.turn === null && agent.state.queue.length === 0;
  await agent.operate({ type: "resume" });
  await answer(waiting.map((call) => call.id));
  if (nothingToDo) await leave();
} else {
  await agent.operate({ type: "user_input", text: first });
}
for await (const { type, data } of events) {
  if (type === "approval_required") {
    await answer((data as DurableEvents["approval_required"]).tools.map((call) => call.tool_call_id));
  }
  if (["turn_complete", "error", "interrupted", "session_terminated"].includes(type)) break;
}
await leave();

async function leave(): Promise<never> {
  await agent.stop("done");
  process.exit(0);
}
