// Lists what on the Hub names a paper.
import type { Desk, Findings, Window } from "../desk.ts";
import type { Listed, Order } from "../sources/linked.ts";
import type { PapersArgs } from "../tool.ts";
import { arxivIdOf, further, paperIn, windowOf } from "./operation.ts";

/** Asks for the entries of a paper. */
export type AskLinked = (desk: Desk, arxivId: string, order: Order, window: Window) => Promise<Listed>;

/** Entries with their numbers. */
export function numbered({ lines }: Listed, offset = 0): string {
  return lines.map((line, index) => `${offset + index + 1}. ${line}`).join("\n");
}

/** Lists one kind. */
export async function listLinked(args: PapersArgs, desk: Desk, kind: string, ask: AskLinked): Promise<Findings> {
  const { id } = await arxivIdOf(desk, paperIn(args));
  const window = windowOf(args);
  const order = args.sort ?? "downloads";
  const found = await ask(desk, id, order, window);
  const head = `Hugging Face: ${kind} that name arXiv:${id}:`;
  const none = `None. Their authors may not have named the paper; search the Hub by its title.`;
  return {
    text:
      found.ids.length === 0
        ? `${head}\n${none}`
        : `${head}\n${numbered(found, window.offset)}${further(window, found.more)}`,
    data: { paper: id, ids: found.ids },
    from: ["Hugging Face"],
  };
}
