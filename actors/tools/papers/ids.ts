// How papers are named: every form that people, pages and models write, read into one.
import { ToolError } from "../errors.ts";

/** A paper's name in one of the catalogues. `version` is that of the arXiv, null for the newest. */
export type PaperId =
  | { kind: "arxiv"; id: string; version: number | null }
  | { kind: "doi"; id: string }
  | { kind: "corpus"; id: string }
  | { kind: "scholar"; id: string };

/** The two schemes of the arXiv: since April 2007, and before (`archive/yymmnnn`, perhaps with a subject class). */
const arxivName = /^(\d{4}\.\d{4,5}|[a-z-]+(?:\.[a-z]{2})?\/\d{7})(?:v(\d{1,3}))?$/i;
const doi = /^10\.\d{4,9}\/[^\s"<>]{1,200}$/;
const arxivDoi = /^10\.48550\/arxiv\.(.+)$/i;
const scholarSha = /^[0-9a-f]{40}$/i;

/** What a model wrote for a paper, or null where it is no name of one. */
export function readPaperId(text: string): PaperId | null {
  const given = text.trim().replace(/^<(.*)>$/, "$1");
  if (given === "" || given.length > 500) return null;
  const bare = given.replace(/^(https?:\/\/)?(www\.)?/i, "");
  const isAddress = /^https?:\/\//i.test(given) || /^[a-z0-9.-]+\.[a-z]{2,}\//i.test(bare);
  return nameOf(given) ?? (isAddress ? fromAddress(bare) : null);
}

function nameOf(text: string): PaperId | null {
  const [, scheme = "", rest = text] = /^(arxiv|doi|corpusid|s2)\s*:\s*(.+)$/i.exec(text) ?? [];
  switch (scheme.toLowerCase()) {
    case "doi":
      return fromDoi(rest);
    case "corpusid":
      return /^\d{1,12}$/.test(rest) ? { kind: "corpus", id: rest } : null;
    case "s2":
      return fromSha(rest);
    case "arxiv":
      return fromArxiv(rest);
    default:
      return fromArxiv(text) ?? fromDoi(text) ?? fromSha(text);
  }
}

function fromArxiv(text: string): PaperId | null {
  // A class in brackets often follows: "2401.00001 [cs.CL]".
  const match = arxivName.exec(text.replace(/\s*\[[\w.-]+\]$/, ""));
  if (match === null) return null;
  const [, name = "", version] = match;
  const id = name.includes("/") ? oldName(name) : name;
  return { kind: "arxiv", id, version: version === undefined ? null : Number(version) };
}

/** The archive in small letters, without the subject class, which is no part of the name proper. */
function oldName(name: string): string {
  const [archive = "", number = ""] = name.split("/");
  return `${archive.toLowerCase().replace(/\.[a-z]{2}$/, "")}/${number}`;
}

function fromDoi(text: string): PaperId | null {
  if (!doi.test(text)) return null;
  const own = arxivDoi.exec(text)?.[1];
  return own === undefined ? { kind: "doi", id: text } : fromArxiv(own);
}

function fromSha(text: string): PaperId | null {
  return scholarSha.test(text) ? { kind: "scholar", id: text.toLowerCase() } : null;
}

/** An address without scheme and `www.`, of a site that is known to lead to papers. */
function fromAddress(bare: string): PaperId | null {
  const [host = "", ...rest] = (bare.split(/[?#]/)[0] ?? "").split("/");
  const path = decoded(rest.join("/")).replace(/\/+$/, "");
  const name = host.toLowerCase();
  if (name === "doi.org" || name === "dx.doi.org") return fromDoi(path);
  if (/(^|\.)arxiv\.org$|^ar5iv\.org$|(^|\.)alphaxiv\.org$/.test(name)) {
    const [, id = ""] = /^(?:abs|pdf|html|src|e-print|format|overview|papers)\/(.+?)(?:\.pdf|\.md)?$/i.exec(path) ?? [];
    return fromArxiv(id);
  }
  if (name === "huggingface.co" || name === "hf.co") {
    return fromArxiv(/^(?:api\/)?papers\/([^/]+?)(?:\.md)?$/.exec(path)?.[1] ?? "");
  }
  if (/(^|\.)semanticscholar\.org$/.test(name)) {
    const [, last = ""] = /^(?:paper|arxiv|graph\/v1\/paper)\/(?:.*\/)?([^/]+)$/i.exec(path) ?? [];
    return nameOf(last) ?? nameOf(path);
  }
  return null;
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** The paper that a text names. Throws `BAD_ARGUMENTS` with the forms that are understood. */
export function requirePaperId(text: string, parameter = "arxiv_id"): PaperId {
  const id = readPaperId(text);
  if (id !== null) return id;
  throw new ToolError(
    "BAD_ARGUMENTS",
    `${parameter}: ${JSON.stringify(text.slice(0, 100))} names no paper.`,
    "Write an arXiv id (2401.12345, 2401.12345v2, cs/0112017), a paper's address, DOI:10.…, CorpusId:… or find it first with search.",
  );
}

/** The id with its version, as the arXiv writes it. */
export function arxivPath({ id, version }: Extract<PaperId, { kind: "arxiv" }>): string {
  return version === null ? id : `${id}v${version}`;
}

/** The id as Semantic Scholar takes it, without a version, which it does not know. */
export function scholarId(paper: PaperId): string {
  switch (paper.kind) {
    case "arxiv":
      return `ARXIV:${paper.id}`;
    case "doi":
      return `DOI:${paper.id}`;
    case "corpus":
      return `CorpusId:${paper.id}`;
    case "scholar":
      return paper.id;
  }
}

/** The id as people read it. */
export function shownId(paper: PaperId): string {
  return paper.kind === "arxiv" ? `arXiv:${arxivPath(paper)}` : paper.kind === "scholar" ? paper.id : scholarId(paper);
}
