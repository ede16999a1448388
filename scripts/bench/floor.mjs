// The floor that the agent is measured against: the least code that does the same job. One conversation with a
// chat-completions server, streamed; each tool call runs through `bash -c`; no session, no isolation, no screen.
import { spawn } from "node:child_process";

const [base, prompt] = process.argv.slice(2);
const messages = [{ role: "user", content: prompt }];
const tools = [
  {
    type: "function",
    function: { name: "bash", parameters: { type: "object", properties: { command: { type: "string" } } } },
  },
];

async function* deltas(response) {
  let rest = "";
  for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (line.startsWith("data: {")) yield JSON.parse(line.slice(6)).choices[0]?.delta ?? {};
    }
  }
}

for (;;) {
  const response = await fetch(`${base}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "bench", messages, tools, stream: true }),
  });
  const reply = { role: "assistant", content: "", tool_calls: [] };
  for await (const delta of deltas(response)) {
    reply.content += delta.content ?? "";
    for (const { index, id, function: f } of delta.tool_calls ?? []) {
      reply.tool_calls[index] ??= { id, type: "function", function: { name: f.name, arguments: "" } };
      reply.tool_calls[index].function.arguments += f.arguments ?? "";
    }
  }
  if (reply.tool_calls.length === 0) {
    process.stdout.write(`${reply.content}\n`);
    break;
  }
  messages.push(reply);
  for (const call of reply.tool_calls) {
    const child = spawn("bash", ["-c", JSON.parse(call.function.arguments).command]);
    let output = "";
    for await (const chunk of child.stdout) output += chunk;
    messages.push({ role: "tool", tool_call_id: call.id, content: output });
  }
}
