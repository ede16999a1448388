// The tool that reads a page of the documentation.
import * as z from "zod/mini";
import { defineTool } from "../contract.ts";
import { docAddress } from "./doc-address.ts";

const input = z.strictObject({
  url: z
    .string()
    .check(z.describe("The page: an address, or product and page as explore_hf_docs lists them (trl/sft_trainer).")),
  section: z.optional(z.string().check(z.describe("Read this section only: its number in the list, title or anchor."))),
  offset: z.optional(z.int().check(z.describe("Characters to skip, from the page's or the section's beginning."))),
  limit: z.optional(z.int().check(z.describe("Characters to show at most. Default 12000."))),
});

type Input = z.infer<typeof input>;

/** Reads a page of the documentation. */
export const fetchDocs = defineTool<Input>({
  name: "fetch_hf_docs",
  description: [
    "Reads a page of the Hugging Face or Gradio documentation as Markdown.",
    "A long page comes as the list of its sections with sizes and its beginning; read on with section or offset. An address with #anchor gives that section.",
    "Pages elsewhere are for web_fetch.",
  ].join(" "),
  input,
  onCrash: "pure",
  touches: ({ url }, { door }) => {
    const { services } = door;
    return [{ kind: "network", host: new URL(services[docAddress(url, services).at]).host }];
  },
  title: ({ url, section }) => `Read the documentation: ${url}${section === undefined ? "" : ` § ${section}`}`,
  timeoutMs: () => 90_000,

  async run(args, context) {
    const address = docAddress(args.url, context.door.services);
    const { docPage } = await import("./doc-page.ts");
    const { viewOf } = await import("../markdown/view.ts");
    const page = await docPage(address, context);
    const section = args.section ?? (address.anchor === "" ? undefined : address.anchor);
    const view = viewOf(page.text, { ...args, section }, context.outputChars - 2_000);
    const stale = page.staleSince === null ? [] : [`a copy of ${new Date(page.staleSince).toISOString().slice(0, 10)}`];
    const cut = page.isCut ? ["the page is larger than what was read of it"] : [];
    const notes = [...view.notes, ...cut, ...stale];
    const tail = notes.length === 0 ? "" : `\n\n[${notes.join("; ")}]`;
    return {
      ok: true,
      text: `Address: ${page.url}\n\n${view.text}${tail}`,
      data: { url: page.url, characters: view.chars, sections: view.headings },
      untrusted: `documentation, ${new URL(page.url).host}`,
    };
  },
});
