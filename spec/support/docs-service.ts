// A scripted stand-in for the documentation side of the Hub: the list of products, both searches, the pages as
// Markdown, the lists of pages, and the description of the API. Gradio's documentation is on it as well.
import type { Asked, Reply, Script } from "./service.ts";

/** What can be different from how it usually is. */
export interface DocsServiceOptions {
  /** Answers before anything else does; undefined: as usual. */
  before?: (asked: Asked, index: number) => Reply | undefined | Promise<Reply | undefined>;
  /** Pages of trl in its one text, beside the few that are there. */
  pages?: number;
}

export const products = [
  { id: "hub", url: "/docs/hub", category: "Hub" },
  { id: "trl", url: "/docs/trl", category: "Libraries" },
  { id: "peft", url: "/docs/peft", category: "Libraries" },
  { id: "huggingface_hub", url: "/docs/huggingface_hub", category: "Libraries" },
  { id: "optimum", url: "/docs/optimum", category: "Libraries" },
  { id: "optimum-neuron", url: "/docs/optimum-neuron", category: "Libraries" },
  { id: "text-generation-inference", url: "/docs/text-generation-inference", category: "Inference" },
  { id: "llm-course", url: "/learn/llm-course", category: "Courses" },
  { id: "mcp-course", url: "/learn/mcp-course", category: "Courses" },
];

/** A page as the Hub gives it: headings with the anchors behind them. */
export const sftPage = `# SFT Trainer

Supervised fine-tuning is the first step.

## Quick start

\`\`\`python
# a comment, no heading
trainer = SFTTrainer(model="Qwen/Qwen3-0.6B", train_dataset=dataset)
\`\`\`

## Packing

Packing puts several examples into one sequence; set \`packing=True\` in SFTConfig.

### Packing strategies

The strategies are bfd and wrapped.

## SFTTrainer[[trl.SFTTrainer]]

The class itself. Parameter \`max_length\` cuts sequences. ${"It has many parameters. ".repeat(10)}
`;

const hub = "https://huggingface.co";

/** The trl documentation in one text. */
export function trlInOne(pages = 0): string {
  const more = Array.from(
    { length: pages },
    (_, n) =>
      `### Page ${n}\n${hub}/docs/trl/v1.2.0/more/page_${n}.md\n\n# Page ${n}\n\nText number ${n} of the zebra${n} kind.\n`,
  );
  const dpo =
    "# DPO Trainer\n\nDirect preference optimization needs columns prompt, chosen and rejected.\n\n## Loss types\n\nThe losses are sigmoid and ipo.\n";
  return [
    `### SFT Trainer\n${hub}/docs/trl/v1.2.0/sft_trainer.md\n\n${sftPage}`,
    `### DPO Trainer\n${hub}/docs/trl/v1.2.0/dpo_trainer.md\n\n${dpo}`,
    ...more,
  ].join("\n");
}

/** The list of trl's pages. */
export function trlList(pages = 0): string {
  const entries = [
    "[TRL](index.md)",
    "[SFT Trainer](sft_trainer.md)",
    "[DPO Trainer](dpo_trainer.md)",
    "[Judges](judges/all.md)",
  ];
  const more = Array.from({ length: pages }, (_, n) => `[Page ${n}](more/page_${n}.md)`);
  return `# TRL\n\n## Docs\n\n${[...entries, ...more].map((entry) => `- ${entry.replace("](", `](${hub}/docs/trl/v1.2.0/`)}`).join("\n")}\n`;
}

export const gradioText = `# Gradio

Build demos.

## Textbox

A gradio.Textbox shows text; placeholder is shown while it is empty.

## Blocks

Layouts are made with gr.Blocks and gr.Row.
`;

/** What the search by meaning answers for anything about packing. */
export const meaningHits = [
  {
    text: "Packing puts several <b>examples</b> into one sequence.",
    product: "trl",
    heading1: "SFT Trainer",
    heading2: "Packing",
    source_page_url: `${hub}/docs/trl/v1.2.0/en/sft_trainer#packing`,
    source_page_title: "SFT Trainer",
  },
  {
    text: "Padding free collation.",
    product: "transformers",
    heading1: "Data collator",
    source_page_url: `${hub}/docs/transformers/main_classes/data_collator`,
    source_page_title: "Data Collator",
  },
];

export const wordHits = {
  hits: [
    {
      url: `${hub}/docs/trl/sft_trainer#packing`,
      hierarchy_lvl0: "SFT Trainer",
      hierarchy_lvl1: "Packing",
      hierarchy_lvl2: null,
      content: "set <em>packing</em>=True",
    },
    {
      url: "/docs/trl/reducing_memory_usage#packing",
      hierarchy_lvl0: "Reducing Memory Usage",
      hierarchy_lvl1: "Packing",
      content: "",
    },
    { url: 7, hierarchy_lvl0: {} },
  ],
};

/** A description of an API with all that makes such documents hard to read. */
export function openApi(fillers = 0): object {
  const filler = Object.fromEntries(
    Array.from({ length: fillers }, (_, n) => [
      `/api/filler/${n}`,
      { get: { tags: ["fillers"], operationId: `filler${n}`, summary: `Filler number ${n}`, responses: {} } },
    ]),
  );
  return {
    openapi: "3.1.0",
    info: { title: "Hub API" },
    paths: {
      "/api/repos/create": {
        post: {
          tags: ["repos"],
          operationId: "createRepo",
          summary: "Create a repository",
          description: "Create a <b>new</b> repository\u001b[31m.",
          security: [{ bearer: [] }],
          requestBody: { content: { "application/json": { schema: { $ref: "#/components/schemas/NewRepo" } } } },
          responses: {
            "200": {
              content: {
                "application/json": {
                  schema: { type: "object", properties: { url: { type: "string" } }, required: ["url"] },
                },
              },
            },
          },
        },
      },
      "/api/models/{namespace}/{repo}/tree/{rev}/{path}": {
        parameters: [{ $ref: "#/components/parameters/Namespace" }],
        get: {
          tags: ["models"],
          operationId: "listTree",
          summary: "List the content of a repository folder",
          parameters: [
            { name: "rev", in: "path", required: true, schema: { type: "string" }, example: "main" },
            { name: "recursive", in: "query", schema: { type: "boolean" }, description: "Go into folders" },
            { name: "kind", in: "query", required: true, schema: { enum: ["all", "files"] } },
            { name: "cursor", in: "query", schema: { type: "string" } },
          ],
          responses: {
            "200": {
              headers: { Link: {} },
              content: {
                "application/json": { schema: { type: "array", items: { $ref: "#/components/schemas/Node" } } },
              },
            },
          },
        },
      },
      ...filler,
    },
    components: {
      parameters: { Namespace: { name: "namespace", in: "path", required: true, schema: { type: "string" } } },
      schemas: {
        NewRepo: {
          type: "object",
          required: ["name"],
          properties: {
            name: { type: "string", example: "my-model" },
            type: { enum: ["model", "dataset", "space"] },
            private: { type: "boolean" },
          },
        },
        Node: {
          type: "object",
          properties: {
            path: { type: "string" },
            children: { type: "array", items: { $ref: "#/components/schemas/Node" } },
          },
        },
      },
    },
  };
}

const markdown = { "content-type": "text/markdown; charset=utf-8" };

/** The script of the service. */
export function docsScript({ before, pages = 0 }: DocsServiceOptions = {}): Script {
  const texts: Record<string, string> = {
    "/docs/trl/llms.txt": trlList(pages),
    "/docs/trl/llms-full.txt": trlInOne(pages),
    "/docs/peft/llms.txt": `# PEFT\n\n## Docs\n\n- [LoRA](${hub}/docs/peft/package_reference/lora.md): Low-rank adapters\n`,
    "/docs/trl/sft_trainer.md": sftPage,
    "/docs/trl/index.md": "# TRL\n\nA library to train language models.\n",
    "/learn/llm-course/chapter1/1.md": "# Introduction\n\nWelcome to the course.\n",
    "/llms.txt": gradioText,
  };
  return async (asked, index) => {
    const own = await before?.(asked, index);
    if (own !== undefined) return own;
    const { path, query } = asked;
    if (path === "/api/docs") return { body: products };
    if (path === "/api/docs/search") {
      const product = query.get("product");
      return { body: meaningHits.filter((hit) => product === null || hit.product === product) };
    }
    if (path === "/api/docs/search/full-text") return { body: wordHits };
    if (path === "/.well-known/openapi.json") {
      return asked.headers["if-none-match"] === '"api1"'
        ? { status: 304 }
        : { headers: { etag: '"api1"' }, body: openApi() };
    }
    const text = texts[path];
    if (text === undefined) return { status: 404, body: "" };
    const etag = `"${text.length}"`;
    if (asked.headers["if-none-match"] === etag) return { status: 304 };
    return { headers: { ...markdown, etag }, body: text };
  };
}
