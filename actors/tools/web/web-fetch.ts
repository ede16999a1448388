// The tool that reads a page of the web.
import * as z from "zod/mini";
import { oneLine } from "../cap.ts";
import { defineTool, type LookContext } from "../contract.ts";
import { ToolError } from "../errors.ts";
import { rawAddress } from "./address.ts";

/** Pages of a PDF that are read when nobody says which, and at most. */
const usualPages = 10;
const mostPages = 40;

const input = z.strictObject({
  url: z.string().check(z.describe("The address, beginning with https://.")),
  section: z.optional(z.string().check(z.describe("Read this section only: its number in the list, or its title."))),
  offset: z.optional(z.int().check(z.describe("Characters to skip, from the text's or the section's beginning."))),
  limit: z.optional(z.int().check(z.describe("Characters to show at most. Default 12000."))),
  find: z.optional(z.string().check(z.describe("Show only the paragraphs with these words."))),
  pages: z.optional(z.string().check(z.describe("Pages of a PDF, for example 3 or 3-7. Default the first 10."))),
});

type Input = z.infer<typeof input>;

/** The address that is asked: of a file's page, the file's own. Throws `BAD_ARGUMENTS`. */
function target({ url }: Input, { door }: LookContext): URL {
  const text = url.trim();
  if (!URL.canParse(text)) {
    const given = JSON.stringify(oneLine(text, 100));
    throw new ToolError("BAD_ARGUMENTS", `${given} is no address.`, "Write it whole, beginning with https://.");
  }
  return rawAddress(text, door.services.hub);
}

function rangeOf(text: string | undefined): { from: number; to: number } {
  if (text === undefined || text.trim() === "") return { from: 1, to: usualPages };
  const [, first, last = first] = /^\s*(\d{1,6})\s*(?:[-–]\s*(\d{1,6})\s*)?$/.exec(text) ?? [];
  const from = Number(first);
  const to = Number(last);
  if (from >= 1 && to >= from) return { from, to: Math.min(to, from + mostPages - 1) };
  throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(text)} is no range of pages.`, "Write 3 or 3-7.");
}

/** Reads a page of the web. */
export const webFetch = defineTool<Input>({
  name: "web_fetch",
  description: [
    "Reads one page of the web as Markdown: articles without their surroundings, JSON, Markdown, CSV and other text as they are, feeds as their entries, PDFs as the text of their pages.",
    "A long page comes as the list of its sections with sizes and its beginning; read on with section or offset, or look for words with find.",
    "Addresses of files on GitHub and the Hub give the file's own text. Only public hosts are reached, and no key goes along; for Hugging Face documentation fetch_hf_docs is better.",
    "Binary files are named with type and size, not shown. What scripts fill in is not there.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: (args, look) => [{ kind: "network", host: target(args, look).host, address: args.url.trim() }],
  title: ({ url, section, find }) =>
    `Read ${url}${find === undefined ? (section === undefined ? "" : ` § ${section}`) : ` for ${JSON.stringify(find)}`}`,
  timeoutMs: () => 90_000,

  async run(args, context) {
    const url = target(args, context);
    const range = rangeOf(args.pages);
    const { webPage } = await import("./page.ts");
    const { viewOf } = await import("../markdown/view.ts");
    const page = await webPage(url, range, context);
    const view = viewOf(page.text, args, context.outputChars - 2_000, page.isMarkdown);
    const { host } = new URL(page.url);
    const isElsewhere = page.url !== url.href || url.href !== args.url.trim();
    const from = isElsewhere ? `${page.url} (asked for: ${args.url.trim()})` : page.url;
    const head = [
      page.title === "" ? "" : `Title: ${oneLine(page.title, 200)}`,
      `Address: ${from}`,
      `Type: ${page.what}`,
    ];
    const notes = [...page.notes, ...view.notes];
    const tail = notes.length === 0 ? "" : `\n\n[${notes.join("; ")}]`;
    return {
      ok: true,
      text: `${head.filter((line) => line !== "").join("\n")}\n\n${view.text}${tail}`,
      data: { url: page.url, title: page.title, characters: view.chars, sections: view.headings },
      untrusted: host,
    };
  },
});
