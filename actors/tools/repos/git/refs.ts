// Branches, tags and commits.

import type { Door } from "../../../http/types.ts";
import { commitsOf } from "../../../hub/commits.ts";
import { apiPath, type Repo, revisionPart } from "../../../hub/repo.ts";
import { asObject, asObjects, asText } from "../../../shape.ts";
import { oneLine } from "../../cap.ts";
import type { LookContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { atHub } from "../failure.ts";
import { headOf } from "../files/plan.ts";
import { shownRepo } from "../names.ts";
import { type Action, type Call, needed } from "./action.ts";

const pageCommits = 30;

/** A branch, a tag or a pull request, and the commit that it is at. */
interface Ref {
  name: string;
  ref: string;
  commit: string;
}

interface Refs {
  branches: Ref[];
  tags: Ref[];
  pulls: Ref[];
}

async function refsOf(door: Door, repo: Repo, signal: AbortSignal): Promise<Refs> {
  const url = `${door.services.hub}/api/${apiPath(repo)}/refs?include_prs=1`;
  const body = await atHub(door, shownRepo(repo), async () =>
    asObject(await (await door.expect(url, { signal })).json()),
  );
  const read = (list: unknown): Ref[] =>
    asObjects(list).map((row) => ({ name: asText(row.name), ref: asText(row.ref), commit: asText(row.targetCommit) }));
  return { branches: read(body?.branches), tags: read(body?.tags), pulls: read(body?.pullRequests) };
}

type Kind = "branch" | "tag";
const listOf = (refs: Refs, kind: Kind): Ref[] => (kind === "branch" ? refs.branches : refs.tags);

async function refNamed({ args, repo }: Call, kind: Kind, look: LookContext): Promise<Ref | undefined> {
  const name = needed(args, kind);
  const refs = await refsOf(look.door, repo, look.signal);
  return listOf(refs, kind).find((ref) => ref.name === name);
}

function done({ args, repo }: Call, kind: Kind, what: string, commit: string): ToolResult {
  const name = needed(args, kind);
  const text = `${what} the ${kind} ${oneLine(name, 120)} of ${shownRepo(repo)}${commit === "" ? "" : ` at ${commit}`}.`;
  return { ok: true, text, data: { repo_id: repo.id, repo_type: repo.type, [kind]: name, commit } };
}

const there = "there";

/** Creates a branch or a tag. The commit that it will point at is settled before. */
function create(kind: Kind): Action {
  return {
    async settle(call, look) {
      const known = await refNamed(call, kind, look);
      if (known === undefined) return { pinned: await headOf(call.repo, call.args.revision, look) };
      if (call.args.exist_ok) return { pinned: there };
      const name = oneLine(needed(call.args, kind), 120);
      throw new ToolError(
        "STALE",
        `${shownRepo(call.repo)} has a ${kind} ${name} already.`,
        "Use it, or another name.",
      );
    },
    async run(call, { door, signal }) {
      const { args, repo } = call;
      const pinned = args.pinned ?? "";
      if (pinned === there) return done(call, kind, "There is already", "");
      const name = needed(args, kind);
      const base = `${door.services.hub}/api/${apiPath(repo)}`;
      const [url, json] =
        kind === "branch"
          ? [`${base}/branch/${revisionPart(name)}`, { startingPoint: pinned }]
          : [
              `${base}/tag/${revisionPart(pinned)}`,
              { tag: name, ...(args.description === undefined ? {} : { message: args.description }) },
            ];
      (await atHub(door, `the ${kind} ${name}`, () => door.expect(url, { method: "POST", json, signal }))).close();
      return done(call, kind, "Created", pinned);
    },
    async found(call, context) {
      const known = await refNamed(call, kind, context);
      return known === undefined ? null : done(call, kind, "Created", known.commit);
    },
  };
}

/** Deletes a branch or a tag; not one that has moved since it was looked at. */
function remove(kind: Kind): Action {
  return {
    async settle(call, look) {
      const known = await refNamed(call, kind, look);
      if (known !== undefined) return { pinned: known.commit };
      const name = oneLine(needed(call.args, kind), 120);
      throw new ToolError("NOT_FOUND", `${shownRepo(call.repo)} has no ${kind} ${name}.`, "See list_refs.");
    },
    async preview({ args }) {
      return { kind: "text", text: `delete  ${kind} ${oneLine(needed(args, kind), 120)}  (at ${args.pinned ?? "?"})` };
    },
    async run(call, context) {
      const { args, repo } = call;
      const { door, signal } = context;
      const known = await refNamed(call, kind, context);
      if (known !== undefined && known.commit !== args.pinned) {
        throw new ToolError(
          "STALE",
          `The ${kind} has moved since this call was checked; it was left alone.`,
          "Look again.",
        );
      }
      const name = needed(args, kind);
      const url = `${door.services.hub}/api/${apiPath(repo)}/${kind}/${revisionPart(name)}`;
      (await atHub(door, `the ${kind} ${name}`, () => door.expect(url, { method: "DELETE", signal }))).close();
      return done(call, kind, "Deleted", args.pinned ?? "");
    },
    async found(call, context) {
      const known = await refNamed(call, kind, context);
      return known === undefined ? done(call, kind, "Deleted", call.args.pinned ?? "") : null;
    },
  };
}

const listRefs: Action = {
  async run({ repo }, { door, signal }) {
    const { branches, tags, pulls } = await refsOf(door, repo, signal);
    const lines = (title: string, refs: Ref[]) =>
      refs.length === 0
        ? []
        : [
            `${title}:`,
            ...refs.map(({ name, ref, commit }) => `  ${oneLine(name || ref, 200)}  ${commit.slice(0, 12)}`),
          ];
    const text = [...lines("Branches", branches), ...lines("Tags", tags), ...lines("Pull requests", pulls)].join("\n");
    const data = {
      repo_id: repo.id,
      branches: branches.map(plain),
      tags: tags.map(plain),
      pull_requests: pulls.map(plain),
    };
    return {
      ok: true,
      text: text || `${shownRepo(repo)} has no branches.`,
      untrusted: `the repository ${repo.id} on the Hub`,
      data,
    };
  },
};

const plain = ({ name, ref, commit }: Ref) => ({ name, ref, commit });

const listCommits: Action = {
  async run({ args, repo }, { door, signal }) {
    const from = Math.max(1, args.offset ?? 1);
    // The Hub counts in pages: the one that holds the entry, and what of it comes before is left out.
    const number = Math.floor((from - 1) / pageCommits);
    const page = { number, limit: pageCommits };
    const all = await atHub(door, shownRepo(repo), () => commitsOf(door, repo, args.revision, page, signal));
    const shown = all.slice((from - 1) % pageCommits);
    const lines = shown.map(
      ({ oid, title, date, authors }) =>
        `${oid.slice(0, 12)}  ${date.slice(0, 16)}  ${oneLine(authors.join(", "), 60)}  ${oneLine(title, 160)}`,
    );
    const next = number * pageCommits + all.length + 1;
    if (all.length === pageCommits) lines.push(`[perhaps more; go on with offset=${next}]`);
    return {
      ok: true,
      text: lines.join("\n") || "There are no more commits.",
      untrusted: `the repository ${repo.id} on the Hub`,
      data: {
        repo_id: repo.id,
        revision: args.revision,
        commits: shown.map(({ oid, title, date }) => ({ oid, title, date })),
      },
    };
  },
};

export const refActions = {
  list_refs: listRefs,
  list_commits: listCommits,
  create_branch: create("branch"),
  delete_branch: remove("branch"),
  create_tag: create("tag"),
  delete_tag: remove("tag"),
};
