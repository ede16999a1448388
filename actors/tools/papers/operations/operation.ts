// What all operations on papers share: the shape of one, and how their arguments are read.
import { ToolError } from "../../errors.ts";
import type { Desk, Findings, Window } from "../desk.ts";
import { type PaperId, requirePaperId, scholarId, shownId } from "../ids.ts";
import type { Paper } from "../paper.ts";
import { onePaper } from "../sources/scholar.ts";
import type { PapersArgs } from "../tool.ts";

/** An operation. */
export type Operation = (args: PapersArgs, desk: Desk) => Promise<Findings>;

const usualLimit = 10;
const mostEntries = 50;

/** The part of a list that is asked for; what is out of bounds is brought into them. */
export function windowOf({ limit = usualLimit, offset = 0 }: Pick<PapersArgs, "limit" | "offset">): Window {
  return { limit: Math.min(Math.max(limit, 1), mostEntries), offset: Math.max(offset, 0) };
}

/** A parameter that the operation cannot do without. */
export function required(args: PapersArgs, name: "query" | "arxiv_id", what: string): string {
  const value = args[name]?.trim() ?? "";
  if (value !== "") return value;
  throw new ToolError("BAD_ARGUMENTS", `${args.operation} needs ${name}: ${what}.`);
}

/** The paper that the call is about. */
export function paperIn(args: PapersArgs): PaperId {
  return requirePaperId(required(args, "arxiv_id", "the paper's arXiv id, DOI, CorpusId or address"));
}

/** Papers in a list of names with commas, or line ends, between them. */
export function papersIn(list: string | undefined, parameter: string): PaperId[] {
  const names = (list ?? "").split(/[,\n]+/).map((name) => name.trim());
  return names
    .filter((name) => name !== "")
    .map((name) => requirePaperId(name.replace(/^[["']+|[\]"']+$/g, ""), parameter));
}

/** The paper's id at the arXiv. Another catalogue's is looked up. Throws `NOT_FOUND` where it has none. */
export async function arxivIdOf(desk: Desk, paper: PaperId): Promise<Extract<PaperId, { kind: "arxiv" }>> {
  if (paper.kind === "arxiv") return paper;
  const found = await onePaper(desk, scholarId(paper));
  if (found.arxiv !== null) return { kind: "arxiv", id: found.arxiv, version: null };
  throw new ToolError(
    "NOT_FOUND",
    `${shownId(paper)} is not on the arXiv, as far as Semantic Scholar knows.`,
    "paper_details says what else is known of it.",
  );
}

/** The line that says how to go on with a list, or nothing. */
export function further({ offset, limit }: Window, more: boolean): string {
  return more ? `\n[More: go on with offset ${offset + limit}.]` : "";
}

/** The names of papers, for screens and scripts. */
export function namesOf(papers: readonly Paper[]): string[] {
  return papers.map(({ arxiv, doi, corpus, scholar }) => arxiv ?? doi ?? corpus ?? scholar ?? "");
}
