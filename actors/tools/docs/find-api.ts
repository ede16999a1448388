// The tool that looks up the Hub's HTTP API.
import * as z from "zod/mini";
import { defineTool } from "../contract.ts";
import { ToolError } from "../errors.ts";
import type { ApiFound, ApiQuery } from "./api-index.ts";
import type { ApiOperation } from "./api-operation.ts";

/** Operations that are shown whole, and in one line each. */
const mostWhole = 6;
const mostListed = 60;
const freshMs = 24 * 3_600_000;
const searchMs = 20_000;

const input = z.strictObject({
  query: z.optional(z.string().check(z.describe("What the call is to do, or its method and path."))),
  tag: z.optional(
    z.string().check(z.describe("A part of the API, for example repos, jobs, datasets. Alone: its calls.")),
  ),
  offset: z._default(z.int(), 0).check(z.describe("Results to skip.")),
  get: z.optional(
    z.string().check(z.describe("Instead: a path to ask with GET, for example /api/models?author=ada&limit=5.")),
  ),
});

type Input = z.infer<typeof input>;

/** Looks up calls of the Hub's API. */
export const findApi = defineTool<Input>({
  name: "find_hf_api",
  description: [
    "Looks up the HTTP API of the Hugging Face Hub: method, path, parameters, body, answer, paging, and an example with curl.",
    "Give query, tag, or both; the example carries no token. With get it asks the API, as the user, what changes nothing. For what no other tool and no function of huggingface_hub does.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (_, { door }) => [{ kind: "network", host: new URL(door.services.hub).host }],
  title: ({ query, tag, get }) =>
    get !== undefined
      ? `Ask the Hub: GET ${get}`
      : `Look up the Hub's API: ${[query, tag].filter((word) => word !== undefined).join(", ")}`,
  timeoutMs: () => 120_000,

  async run(args, context) {
    if (args.get !== undefined) return (await import("./api-answer.ts")).askApi(args.get.trim(), context);
    const query = args.query?.trim() ?? "";
    const tag = args.tag?.trim() ?? "";
    if (query === "" && tag === "") {
      const hint = 'For example query "create a repository", or tag "repos".';
      throw new ToolError("BAD_ARGUMENTS", "Neither query nor tag says anything.", hint);
    }
    const { prepared } = await import("./prepared.ts");
    const { hub } = context.door.services;
    const sources = [`${hub}/.well-known/openapi.json`];
    const recipe = { name: "hub-api", sources, mostBytes: 32 << 20, freshMs, maker: "makeApiIndex", version: 1 };
    const index = await prepared(recipe, context);
    const offset = Math.max(0, args.offset);
    const limit = query === "" ? mostListed : mostWhole;
    const question: ApiQuery = { file: index.file, query, tag, offset, limit };
    const found = await context.pool<ApiFound>("searchApi", question, searchMs);
    if (tag !== "" && found.tag === null) {
      throw new ToolError(
        "NOT_FOUND",
        `The API has no part ${JSON.stringify(tag)}.`,
        `There are: ${found.tags.join(", ")}.`,
      );
    }
    const { operations, total } = found;
    const shown = operations.map(query === "" ? lineOf : wholeOf);
    const left = total - offset - operations.length;
    const date = new Date(index.at).toISOString().slice(0, 10);
    const notes = [
      ...(left > 0 ? [`${left} more with offset ${offset + operations.length}`] : []),
      ...(query === "" ? ["for one of them whole, give its method and path as query"] : []),
      ...(index.isStale ? [`as of ${date}; it could not be brought up to date`] : []),
    ];
    const data = { total, operations: operations.map(({ method, path, summary }) => ({ method, path, summary })) };
    const what = [query === "" ? "" : JSON.stringify(query), found.tag === null ? "" : `tag ${found.tag}`].filter(
      (part) => part !== "",
    );
    if (operations.length === 0) {
      const text = `No call for ${what.join(", ")}. Use other words${tag === "" ? "" : ", or leave tag out"}.`;
      return { ok: true, text, data };
    }
    const head = `Calls for ${what.join(", ")} (${operations.length < total ? `${offset + 1} to ${offset + operations.length} of ` : ""}${total}):`;
    const text = [head, ...shown].join(query === "" ? "\n" : "\n\n");
    return {
      ok: true,
      text: notes.length === 0 ? text : `${text}\n\n[${notes.join("; ")}]`,
      data,
      untrusted: `the API's description, ${new URL(hub).host}`,
    };
  },
});

function lineOf({ method, path, summary }: ApiOperation): string {
  return `${method} ${path}${summary === "" ? "" : `: ${summary}`}`;
}

/** Query parameters that are described; of more, the names. */
const mostParameters = 15;

function wholeOf(operation: ApiOperation): string {
  const { about, summary, tags, parameters, body, answer, paging, needsToken, curl } = operation;
  const described = parameters.slice(0, mostParameters).map(({ name, in: place, required, type, about: words }) => {
    return `  ${name} (${place}${required ? ", required" : ""}): ${type}${words === "" ? "" : `. ${words}`}`;
  });
  const others = parameters.slice(mostParameters).map(({ name }) => name);
  const lines = [
    lineOf(operation),
    about === summary ? "" : about,
    tags.length === 0 ? "" : `Tag: ${tags.join(", ")}`,
    described.length === 0 ? "" : `Parameters:\n${described.join("\n")}`,
    others.length === 0 ? "" : `  and: ${others.join(", ")}`,
    body === "" ? "" : `Body: ${body}`,
    answer === "" ? "" : `Answer: ${answer}`,
    paging === "" ? "" : `Pages: ${paging}`,
    needsToken ? "Needs a token." : "",
    `Example: ${curl}`,
  ];
  return lines.filter((line) => line !== "").join("\n");
}
