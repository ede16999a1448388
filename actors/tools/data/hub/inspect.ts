// The inspection of a data set on the Hub: by the viewer where it can, by the repository's own files where it cannot.
import type { Json } from "../../../events.ts";
import { HttpError } from "../../../http/errors.ts";
import { type Repo, readRepo, webPath } from "../../../hub/repo.ts";
import type { ToolContext } from "../../contract.ts";
import { describeError, ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { renderReport } from "../render.ts";
import { type RepoFacts, repoFacts } from "./facts.ts";
import { matchingRows } from "./matching.ts";
import { auditRepo } from "./repo-audit.ts";
import { chosen, splitsIn } from "./splits.ts";
import { type Asking, askViewer, type ViewerFailure, viewerFailure } from "./viewer.ts";
import { auditSplit } from "./viewer-audit.ts";

/** What to inspect. */
export interface HubQuery {
  dataset: string;
  config?: string | undefined;
  split?: string | undefined;
  offset: number;
  length: number;
  query?: string | undefined;
  where?: string | undefined;
}

/** What was found, as text and as data. */
export type Found = Required<Pick<ToolResult, "text" | "data">>;

/**
 * Inspects it. That it was not found is never a success. Throws `ToolError` for a name that is none; every other failure
 * is a result, for its words may be those of the data set.
 */
export async function inspectOnHub(query: HubQuery, context: ToolContext): Promise<ToolResult> {
  const repo = repoOf(query.dataset, context.door.services.hub);
  const untrusted = `the data set ${repo.id} on the Hub`;
  let staleSince: number | null = null;
  const asking: Asking = {
    door: context.door,
    signal: context.signal,
    onWait: context.log,
    onStale: (since) => {
      staleSince = Math.min(since, staleSince ?? since);
    },
  };
  try {
    const found = await inspect(repo, query, context, asking);
    const date = staleSince === null ? null : new Date(staleSince).toISOString();
    const kept = date === null ? "" : `Not all could be asked anew: parts of this were fetched ${date}.\n`;
    return { ok: true, ...found, text: `${kept}${found.text}`, untrusted };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof ToolError)) throw error;
    return { ok: false, text: describeError(error), untrusted };
  }
}

async function inspect(asked: Repo, query: HubQuery, context: ToolContext, asking: Asking): Promise<Found> {
  const [facts, first] = await Promise.all([settled(repoFacts(asked, asking)), settled(askSplits(asked, asking))]);
  context.signal.throwIfAborted();
  const known = facts.ok ? facts.value : null;
  const repo: Repo = known === null ? asked : { ...asked, id: known.id };
  const splits = first.ok || repo.id === asked.id ? first : await settled(askSplits(repo, asking));

  if (splits.ok) {
    const found = splitsIn(splits.value);
    if (found.splits.length > 0) {
      const of = { dataset: repo.id, ...chosen(found.splits, { config: query.config, split: query.split }, repo.id) };
      if (query.query !== undefined || query.where !== undefined) {
        return matchingRows(of, query, asking);
      }
      const lines = known?.lines ?? [`The Hub said nothing of its repository: ${messageOf(facts)}`];
      const report = await auditSplit(of, found, query, lines, asking);
      if (report !== null) return { text: renderReport(report), data: report as unknown as Json };
    }
  }
  const why = splits.ok && splitsIn(splits.value).splits.length > 0 ? knowsNoRows : whyNoViewer(splits);
  if (why.refusal === "no_access") throw noAccess(repo, facts, context, why);
  if (known === null && !facts.ok && facts.error instanceof ToolError) throw facts.error;
  if (query.query !== undefined || query.where !== undefined) {
    throw new ToolError("SYSTEM", `${repo.id} cannot be searched: ${why.message}`, why.hint);
  }
  const report = await auditRepo(repo, query, why, known?.lines ?? [], asking);
  return { text: renderReport(report), data: report as unknown as Json };
}

type Settled<T> = { ok: true; value: T } | { ok: false; error: unknown };

async function settled<T>(work: Promise<T>): Promise<Settled<T>> {
  return work.then(
    (value) => ({ ok: true, value }),
    (error: unknown) => ({ ok: false, error }),
  );
}

function messageOf(outcome: Settled<unknown>): string {
  return outcome.ok ? "" : outcome.error instanceof Error ? outcome.error.message : String(outcome.error);
}

function repoOf(dataset: string, hub: string): Repo {
  const repo = readRepo(dataset, "dataset", hub);
  if (repo === null) {
    const hint = /^[./~]|\.(csv|tsv|jsonl?|parquet)$/i.test(dataset)
      ? "A local file or folder goes into path."
      : "Write owner/name, as in its address on the Hub.";
    throw new ToolError("BAD_ARGUMENTS", `${JSON.stringify(dataset)} is no name of a data set on the Hub.`, hint);
  }
  if (repo.type !== "dataset") throw new ToolError("BAD_ARGUMENTS", `${dataset} is a ${repo.type}, not a data set.`);
  return repo;
}

function askSplits({ id }: Repo, asking: Asking): Promise<Record<string, unknown>> {
  return askViewer(asking, "splits", { dataset: id });
}

/** The viewer names splits, and nothing that is in them. */
const knowsNoRows: ViewerFailure = {
  refusal: "not_computed",
  code: "",
  message: "The viewer knows its splits, but neither its columns nor its rows.",
  hint: "Ask again later.",
};

/** Why the viewer shows nothing. */
function whyNoViewer(splits: Settled<Record<string, unknown>>): ViewerFailure {
  if (!splits.ok) {
    if (splits.error instanceof HttpError) return viewerFailure(splits.error);
    throw splits.error;
  }
  const { pending, broken } = splitsIn(splits.value);
  if (pending.length > 0) {
    const message = `The viewer is still converting it (${pending.slice(0, 5).join(", ")}).`;
    return { refusal: "converting", code: "", message, hint: "Ask again in a few minutes." };
  }
  const said = broken.length === 0 ? "." : `: ${broken.slice(0, 3).join("; ")}.`;
  return {
    refusal: "broken_data",
    code: "",
    message: `The viewer found no splits in it${said}`,
    hint: "Look at its files.",
  };
}

/** The viewer says "not there or no access" of all of these; the Hub knows which it is. */
function noAccess(repo: Repo, facts: Settled<RepoFacts>, { door }: ToolContext, why: ViewerFailure): ToolError {
  const { hub } = door.services;
  const page = `${hub}/${webPath(repo)}`;
  const login = door.has("hub") ? "" : ` and set HF_TOKEN (${hub}/settings/tokens)`;
  if (!facts.ok) {
    return facts.error instanceof ToolError
      ? facts.error
      : new ToolError("FORBIDDEN", `${repo.id}: ${why.message}`, why.hint);
  }
  if (facts.value.gated !== null) {
    const message = `${repo.id} is gated, and ${door.has("hub") ? "this token has no access" : "there is no token"}.`;
    return new ToolError("FORBIDDEN", message, `The user has to ask for access at ${page}${login}.`);
  }
  if (facts.value.isDisabled)
    return new ToolError("FORBIDDEN", `${repo.id} was disabled by the Hub.`, "Use another one.");
  if (facts.value.isPrivate) {
    return new ToolError(
      "FORBIDDEN",
      `${repo.id} is private, and the viewer may not read it.`,
      "Load it in a script and look at it there.",
    );
  }
  return new ToolError("NOT_FOUND", `The viewer does not know ${repo.id} yet: ${why.message}`, `See ${page}.`);
}
