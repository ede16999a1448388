// Every operation by its name, and what is done alike for all that write: they are settled with who can read it and
// what is there, done once, and looked for after a crash.
import type { Preview } from "../../../events.ts";
import { HttpError } from "../../../http/errors.ts";
import { asText } from "../../../shape.ts";
import type { LookContext, Tool, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import { makeOnce } from "../../once.ts";
import { fromOutside } from "../../outside.ts";
import type { ToolResult } from "../../protocol.ts";
import { refuseSecretText } from "../../repos/files/secrets.ts";
import { limitsWithout } from "../client.ts";
import { notesOf, openDesk } from "../desk.ts";
import { githubFailure, refusedBy } from "../failure.ts";
import { fullName, readPlace } from "../names.ts";
import { type AnyDesk, at, type Made, needed, type Place, type Read, repoIn, type Write } from "./action.ts";
import { readAddress } from "./address.ts";
import { commits } from "./commits.ts";
import { createPull } from "./create-pull.ts";
import { diff } from "./diff.ts";
import { get } from "./get.ts";
import { type Input, isReading, type Reading, type Settled, type Writing } from "./input.ts";
import { newMark } from "./mark.ts";
import { releases } from "./releases.ts";
import { search } from "./search.ts";
import { comment, createIssue, setState } from "./writes.ts";

const reads: Record<Reading, Read> = { search, get, diff, commits, releases };
const writes: Record<Writing, Write> = {
  create_issue: createIssue,
  comment,
  create_pull: createPull,
  set_state: setState,
};

/** Milliseconds for which what is read is taken not to have changed; then one asks again, which costs nothing if it has not. */
const freshMs = 30_000;

/** The arguments with what an address in place of the repository says beside it. Throws `BAD_ARGUMENTS`. */
function placed({ settled: _, ...args }: Input): Input {
  if (args.repo === undefined || args.repo.trim() === "") {
    if (args.operation === "search") return { ...args, repo: undefined };
    needed(args, "repo");
  }
  const given = Object.entries(args).filter(([, value]) => value !== undefined);
  const { repo, ...said } = readAddress(args.repo ?? "");
  return { ...said, ...(Object.fromEntries(given) as Input), repo };
}

/** Looks at what is there, and fills in what the call is checked against. */
export async function settle(given: Input, look: LookContext): Promise<Input> {
  const args = placed(given);
  if (isReading(args.operation)) return args;
  if (!look.door.has("github")) {
    const hint = "The user can set GITHUB_TOKEN. Reading works without it.";
    throw new ToolError("FORBIDDEN", "There is no token for GitHub, so nothing can be written there.", hint);
  }
  for (const name of ["title", "body"] as const) refuseSecretText(`the ${name}`, args[name] ?? "", look.secrets);
  const desk = openDesk(look, null);
  const { place, now } = await placeOf(args, desk);
  const named = { ...args, repo: fullName(place.repo) };
  const own = await writes[args.operation].settle(named, desk, place);
  const settled: Settled = { visibility: place.visibility, before: "", at: now, mark: newMark(), ...own.settled };
  return { ...named, ...own.args, settled };
}

/** The repository that is written to, under the name that it has now, and GitHub's time. Throws a `ToolError`. */
async function placeOf(args: Input, desk: AnyDesk): Promise<{ place: Place; now: string }> {
  const asked = repoIn(args);
  const { data, headers } = await desk.about(`the repository ${fullName(asked)}`, () =>
    desk.github.rest.repos.get(at(asked)),
  );
  const repo = readPlace(asText(data.full_name)) ?? asked;
  if (data.archived === true) {
    throw new ToolError("UNAVAILABLE", `${fullName(repo)} is archived: nothing can be written there.`);
  }
  const { visibility } = data;
  const date = Date.parse(asText(headers.date));
  const now = new Date(Number.isNaN(date) ? Date.now() - 3_600_000 : date).toISOString().replace(/\.\d+/, "");
  return {
    now,
    place: {
      repo,
      visibility:
        visibility === "private" || visibility === "internal" ? visibility : data.private ? "private" : "public",
      defaultBranch: asText(data.default_branch),
      hasIssues: data.has_issues !== false,
    },
  };
}

/** What a person reads before they approve: the exact text, and what it is about. */
export async function preview(args: Input): Promise<Preview | null> {
  if (isReading(args.operation)) return null;
  const { visibility = "public", shown = [] } = args.settled ?? {};
  const readers = visibility === "public" ? "for everybody to read" : `for all who see the ${visibility} repository`;
  const number = args.number === undefined ? "" : `#${args.number}`;
  const head = [`${args.repo}${number}, in your name, ${readers}`, ...shown];
  return { kind: "text", text: `${head.join("\n")}\n\n${writes[args.operation].shown(args)}` };
}

/** Does it. */
export function run(args: Input, context: ToolContext): Promise<ToolResult> {
  const source = args.repo === undefined ? "github.com" : `github.com/${args.repo}`;
  const { operation } = args;
  return fromOutside(source, context.signal, async () => {
    if (!isReading(operation)) return write(args, writes[operation], context);
    const desk = openDesk(context, freshMs);
    desk.note(limitsWithout(context.door));
    const result = await reads[operation](args, desk);
    return { ...result, text: `${result.text}${notesOf(desk)}`, untrusted: source };
  });
}

async function write(args: Input, own: Write, context: ToolContext): Promise<ToolResult> {
  const desk = openDesk(context, null);
  const repo = repoIn(args);
  const subject = `${fullName(repo)}${args.number === undefined ? "" : `#${args.number}`}`;
  await own.recheck?.(args, desk, repo);
  try {
    const making = {
      service: "GitHub",
      words: { done: `did ${args.operation} in ${subject}`, look: args.number === undefined ? "search" : "get" },
      find: () => own.found(args, desk, repo),
      make: () => own.send(args, desk, repo),
      isOpen,
    };
    return written(args, own, await makeOnce(making, context));
  } catch (error) {
    context.signal.throwIfAborted();
    throw githubFailure(error, subject, true);
  }
}

/** Whether a failure leaves open what was done: no answer came, or GitHub broke off in the middle. */
function isOpen(error: unknown): boolean {
  for (let inner = error; inner instanceof Error; inner = inner.cause) {
    if (inner instanceof HttpError) return inner.status === null || inner.status >= 500;
  }
  const refused = refusedBy(error);
  return refused === null ? false : refused.status >= 500;
}

function written(args: Input, own: Write, made: Made): ToolResult {
  const data = { repo: args.repo ?? "", number: made.number, url: made.url, operation: args.operation };
  return { ok: true, text: `${own.done(args, made)}: ${made.url}`, data };
}

/** Looks for the effect of a call that was interrupted. */
export async function probe(args: Input, context: ToolContext): ReturnType<NonNullable<Tool<Input>["probe"]>> {
  if (isReading(args.operation)) return { state: "not_done" };
  const own = writes[args.operation];
  const made = await own.found(args, openDesk(context, null), repoIn(args));
  if (made === null) return { state: "not_done" };
  const done = written(args, own, made);
  return { state: "done", result: { ...done, text: `${done.text}\n(found complete after an interruption)` } };
}
