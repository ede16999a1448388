import { expect } from "chai";
import { chatStream, chunk, startOpenAiServer } from "../support/openai-server.ts";
import { argsFor, request, startCaller } from "./caller.ts";

describe("llm: calls as compatible servers stream them", () => {
  const first = { id: "a", type: "function", function: { name: "bash", arguments: '{"command":' } };
  const second = { id: "b", type: "function", function: { name: "read", arguments: '{"path":"x"}' } };
  const both = [
    ["bash", { command: "ls" }],
    ["read", { path: "x" }],
  ];
  const variations: [string, object[]][] = [
    [
      "the whole call in one chunk",
      [
        chunk(
          {
            tool_calls: [
              { index: 0, ...first, function: { name: "bash", arguments: '{"command":"ls"}' } },
              { index: 1, ...second },
            ],
          },
          "tool_calls",
        ),
      ],
    ],
    [
      "no index, but ids",
      [
        chunk({ tool_calls: [first] }),
        chunk({ tool_calls: [{ id: "a", function: { arguments: '"ls"}' } }] }),
        chunk({ tool_calls: [second] }, "tool_calls"),
      ],
    ],
    [
      "index 0 for different ids",
      [
        chunk({ tool_calls: [{ index: 0, ...first }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '"ls"}' } }] }),
        chunk({ tool_calls: [{ index: 0, ...second }] }, "tool_calls"),
      ],
    ],
    [
      "the id and the name again in every piece",
      [
        chunk({ tool_calls: [{ index: 0, ...first }] }),
        chunk({ tool_calls: [{ index: 0, id: "a", function: { name: "bash", arguments: '"ls"}' } }] }),
        chunk({ tool_calls: [{ index: 1, ...second }] }, "tool_calls"),
      ],
    ],
    [
      "empty ids later",
      [
        chunk({ tool_calls: [{ index: 0, ...first }] }),
        chunk({ tool_calls: [{ index: 0, id: "", function: { name: "", arguments: '"ls"}' } }] }),
        chunk({ tool_calls: [{ index: 1, ...second }] }, "tool_calls"),
      ],
    ],
    [
      "arguments as an object",
      [
        chunk(
          {
            tool_calls: [
              { index: 0, id: "a", function: { name: "bash", arguments: { command: "ls" } } },
              { index: 1, id: "b", function: { name: "read", arguments: { path: "x" } } },
            ],
          },
          "tool_calls",
        ),
      ],
    ],
    [
      "doubled names and no ids",
      [
        chunk({ tool_calls: [{ index: 0, function: { name: "bashbash", arguments: '{"command":"ls"}' } }] }),
        chunk(
          { tool_calls: [{ index: 1, function: { name: "functions.read", arguments: '{"path":"x"}' } }] },
          "tool_calls",
        ),
      ],
    ],
    [
      "neither ids nor indexes",
      [
        chunk({ tool_calls: [{ function: { name: "bash", arguments: '{"command":"ls"}' } }] }),
        chunk({ tool_calls: [{ function: { name: "read", arguments: '{"path":"x"}' } }] }, "tool_calls"),
      ],
    ],
    [
      "finish reason stop",
      [
        chunk({ tool_calls: [{ index: 0, ...first }] }),
        chunk(
          {
            tool_calls: [
              { index: 0, function: { arguments: '"ls"}' } },
              { index: 1, ...second },
            ],
          },
          "stop",
        ),
      ],
    ],
    [
      "empty choices first, null content, no role",
      [
        { choices: [], prompt_filter_results: [] },
        chunk({ content: null, tool_calls: [{ index: 0, ...first }] }),
        chunk({
          content: null,
          tool_calls: [
            { index: 0, function: { arguments: '"ls"}' } },
            { index: 1, ...second },
          ],
        }),
        { choices: [{ finish_reason: "tool_calls" }] },
      ],
    ],
    [
      "one id for both, at different indexes",
      [
        chunk(
          {
            tool_calls: [
              { index: 0, ...first, function: { name: "bash", arguments: '{"command":"ls"}' } },
              { index: 1, ...second, id: "a" },
            ],
          },
          "tool_calls",
        ),
      ],
    ],
    [
      "one id for both, in pieces",
      [
        chunk({ tool_calls: [{ index: 0, ...first }] }),
        chunk({ tool_calls: [{ index: 0, id: "a", function: { arguments: '"ls"}' } }] }),
        chunk({ tool_calls: [{ index: 1, id: "a", function: { name: "read", arguments: "" } }] }),
        chunk({ tool_calls: [{ index: 1, id: "a", function: { arguments: '{"path":' } }] }),
        chunk({ tool_calls: [{ index: 1, function: { arguments: '"x"}' } }] }, "tool_calls"),
      ],
    ],
    [
      "one id for both, and no index",
      [
        chunk({ tool_calls: [{ id: "a", function: { name: "bash", arguments: '{"command":"ls"}' } }] }),
        chunk({ tool_calls: [{ id: "a", function: { name: "read", arguments: '{"path":"x"}' } }] }, "tool_calls"),
      ],
    ],
    [
      "each call whole once more at the end",
      [
        chunk({ tool_calls: [{ index: 0, ...first }] }),
        chunk({ tool_calls: [{ index: 0, function: { arguments: '"ls"}' } }] }),
        chunk({ tool_calls: [{ index: 1, ...second }] }),
        chunk(
          {
            tool_calls: [
              { index: 0, ...first, function: { name: "bash", arguments: '{"command":"ls"}' } },
              { index: 1, ...second },
            ],
          },
          "tool_calls",
        ),
      ],
    ],
    [
      "arguments packed twice",
      [
        chunk(
          {
            tool_calls: [
              { index: 0, id: "a", function: { name: "bash", arguments: JSON.stringify('{"command":"ls"}') } },
              { index: 1, ...second },
            ],
          },
          "tool_calls",
        ),
      ],
    ],
  ];
  for (const [name, chunks] of variations) {
    it(`understands calls with ${name}`, async () => {
      const server = await startOpenAiServer(chatStream(chunks));
      const caller = await startCaller(argsFor(server.url));
      const { reply } = await caller.ask(request("ollama/m"));
      await server.close();
      expect(reply?.calls.map((one) => [one.tool, one.arguments])).to.deep.equal(both);
      expect(new Set(reply?.calls.map((one) => one.id)).size).to.equal(2);
      expect(reply?.calls.every((one) => one.id !== "")).to.equal(true);
      expect(reply?.finish).to.equal("tool_calls");
    });
  }
});
