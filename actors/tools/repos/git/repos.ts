// Repositories as wholes: made, changed, moved, copied, deleted.
import { HttpError } from "../../../http/errors.ts";
import { pause } from "../../../http/wait.ts";
import { type RepoInfo, repoInfo } from "../../../hub/info.ts";
import { apiPath, type Repo, readRepo, webPath } from "../../../hub/repo.ts";
import { grouped } from "../../cap.ts";
import type { LookContext, ToolContext } from "../../contract.ts";
import { ToolError } from "../../errors.ts";
import type { ToolResult } from "../../protocol.ts";
import { noteMade } from "../card/made-here.ts";
import { atHub, ifThere } from "../failure.ts";
import { shownRepo } from "../names.ts";
import { type Action, type Call, needed } from "./action.ts";

const there = "there";
const absent = "absent";
/** A second attempt at creating may come while the first is not over; the Hub says so, and is asked again so often. */
const attempts = 4;
const busyMs = 300;

async function infoOf(repo: Repo, { door, signal }: LookContext): Promise<RepoInfo | null> {
  return await ifThere(() => atHub(door, shownRepo(repo), () => repoInfo(door, repo, signal)));
}

async function required(repo: Repo, look: LookContext): Promise<RepoInfo> {
  return await atHub(look.door, shownRepo(repo), () => repoInfo(look.door, repo, look.signal));
}

function parts({ id }: Repo): { name: string; organization?: string } {
  const [owner = "", name] = id.split("/");
  return name === undefined ? { name: owner } : { name, organization: owner };
}

/** Sends what can clash with itself: the Hub works on one creation of a name at a time. */
async function manage(
  method: "POST" | "PUT" | "DELETE",
  below: string,
  json: object,
  repo: Repo,
  { door, signal }: ToolContext,
): Promise<void> {
  const url = `${door.services.hub}/api/${below}`;
  await atHub(door, shownRepo(repo), async () => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        (await door.expect(url, { method, json, signal })).close();
        return;
      } catch (error) {
        const isBusy = error instanceof HttpError && error.status === 409 && /conflicting operation/i.test(error.said);
        if (!isBusy || attempt >= attempts) throw error;
        await pause(attempt * busyMs, signal);
      }
    }
  });
}

function result(repo: Repo, { door }: LookContext, words: string): ToolResult {
  const url = `${door.services.hub}/${webPath(repo)}`;
  return { ok: true, text: `${words}: ${url}`, data: { repo_id: repo.id, repo_type: repo.type, url } };
}

const visibilityOf = (isPrivate: boolean | undefined) => (isPrivate === false ? "public" : "private");

const info: Action = {
  async run({ repo }, context) {
    const found = await required(repo, context);
    const lines = [
      `${shownRepo({ ...repo, id: found.id })}: ${found.isPrivate ? "private" : "public"}${found.gated === false ? "" : `, gated (${found.gated})`}${found.disabled ? ", disabled" : ""}`,
      `main is at ${found.sha}, changed ${found.lastModified || "at an unknown time"}, created ${found.createdAt || "at an unknown time"}`,
      `${grouped(found.downloads ?? 0)} downloads of late, ${grouped(found.likes ?? 0)} likes${found.sdk === null ? "" : `, sdk ${found.sdk}`}`,
      ...(found.tags.length > 0 ? [`Tags: ${found.tags.slice(0, 40).join(", ")}`] : []),
    ];
    const data = {
      repo_id: found.id,
      repo_type: repo.type,
      private: found.isPrivate,
      gated: found.gated,
      sha: found.sha,
    };
    return { ok: true, text: lines.join("\n"), untrusted: `the repository ${repo.id} on the Hub`, data };
  },
};

const create: Action = {
  async settle({ args, repo }, look) {
    if (repo.type === "space") needed(args, "space_sdk");
    if ((await infoOf(repo, look)) === null) return { pinned: absent, private: args.private !== false };
    if (args.exist_ok) return { pinned: there };
    throw new ToolError("STALE", `${shownRepo(repo)} exists already.`, "Use it, say exist_ok, or take another name.");
  },
  async run({ args, repo }, context) {
    if (args.pinned === there) return result(repo, context, `${shownRepo(repo)} exists already`);
    const sdk = args.space_sdk === undefined ? {} : { sdk: args.space_sdk };
    const json = { ...parts(repo), type: repo.type, visibility: visibilityOf(args.private), ...sdk };
    await manage("POST", "repos/create", json, repo, context);
    await noteMade(repo, context.door.services.hub, context);
    return result(repo, context, `Created ${shownRepo(repo)} (${visibilityOf(args.private)})`);
  },
  async found({ args, repo }, context) {
    if ((await infoOf(repo, context)) === null) return null;
    if (args.pinned === absent) await noteMade(repo, context.door.services.hub, context);
    return result(repo, context, `Created ${shownRepo(repo)}`);
  },
};

function fits({ args }: Call, found: RepoInfo): boolean {
  const wantedGate = args.gated === "false" ? false : args.gated;
  return (
    (args.private === undefined || args.private === found.isPrivate) &&
    (wantedGate === undefined || wantedGate === found.gated)
  );
}

const update: Action = {
  async settle(call, look) {
    const { args, repo } = call;
    if (args.private === undefined && args.gated === undefined) {
      throw new ToolError("BAD_ARGUMENTS", "update_repo needs private or gated.");
    }
    if (args.gated !== undefined && repo.type === "space") {
      throw new ToolError("BAD_ARGUMENTS", "A Space cannot be gated.", "Make it private instead.");
    }
    const found = await required(repo, look);
    if (!fits(call, found)) return {};
    throw new ToolError("STALE", `${shownRepo(repo)} is like that already.`, "There is nothing to change.");
  },
  async run(call, context) {
    const { args, repo } = call;
    const seen = args.private === undefined ? {} : { visibility: visibilityOf(args.private) };
    const gate = args.gated === undefined ? {} : { gated: args.gated === "false" ? false : args.gated };
    await manage("PUT", `${apiPath(repo)}/settings`, { ...seen, ...gate }, repo, context);
    return result(repo, context, `Changed ${shownRepo(repo)} (${Object.values({ ...seen, ...gate }).join(", ")})`);
  },
  async found(call, context) {
    const found = await infoOf(call.repo, context);
    return found !== null && fits(call, found) ? result(call.repo, context, `Changed ${shownRepo(call.repo)}`) : null;
  },
};

/** Where a repository is to go. Throws unless nothing is there yet. */
function otherOf({ args, repo }: Call, look: LookContext): Repo {
  const other = readRepo(needed(args, "to_repo"), repo.type, look.door.services.hub);
  if (other?.type === repo.type && other.id.includes("/")) return other;
  throw new ToolError("BAD_ARGUMENTS", "to_repo is no repository of the same type.", "Write owner/name.");
}

async function requireFree(repo: Repo, look: LookContext): Promise<void> {
  const found = await infoOf(repo, look);
  // The Hub answers for an old name with the repository that has it no longer.
  if (found === null || found.id !== repo.id) return;
  throw new ToolError("STALE", `${shownRepo(repo)} exists already.`, "Take another name.");
}

const move: Action = {
  async settle(call, look) {
    const other = otherOf(call, look);
    await required(call.repo, look);
    await requireFree(other, look);
    return { to_repo: other.id };
  },
  async run(call, context) {
    const { repo } = call;
    const other = otherOf(call, context);
    await manage("POST", "repos/move", { fromRepo: repo.id, toRepo: other.id, type: repo.type }, repo, context);
    return result(other, context, `Moved ${shownRepo(repo)} to ${other.id}`);
  },
  async found(call, context) {
    const other = otherOf(call, context);
    const [old, now] = [await infoOf(call.repo, context), await infoOf(other, context)];
    const isMoved = now !== null && (old === null || old.id === other.id);
    return isMoved ? result(other, context, `Moved ${shownRepo(call.repo)} to ${other.id}`) : null;
  },
};

const duplicate: Action = {
  async settle(call, look) {
    const other = otherOf(call, look);
    await required(call.repo, look);
    await requireFree(other, look);
    return { to_repo: other.id, private: call.args.private !== false };
  },
  async run(call, context) {
    const { args, repo } = call;
    const other = otherOf(call, context);
    // A Space takes its hardware along unless it is told otherwise, and the hardware its price.
    const free = repo.type === "space" ? { hardware: "cpu-basic" } : {};
    const json = { repository: other.id, visibility: visibilityOf(args.private), ...free };
    await manage("POST", `${apiPath(repo)}/duplicate`, json, other, context);
    await noteMade(other, context.door.services.hub, context);
    return result(other, context, `Copied ${shownRepo(repo)} to ${other.id} (${visibilityOf(args.private)})`);
  },
  async found(call, context) {
    const other = otherOf(call, context);
    if ((await infoOf(other, context)) === null) return null;
    await noteMade(other, context.door.services.hub, context);
    return result(other, context, `Copied ${shownRepo(call.repo)} to ${other.id}`);
  },
};

const remove: Action = {
  async settle({ repo }, look) {
    const { sha, id } = await required(repo, look);
    if (id === repo.id) return { pinned: sha };
    throw new ToolError("STALE", `${shownRepo(repo)} is called ${id} now.`, "Say which one you mean.");
  },
  async preview({ repo, args }, context) {
    const { downloads, likes, isPrivate, lastModified } = await required(repo, context);
    const facts = `${isPrivate ? "private" : "public"}, ${grouped(downloads ?? 0)} downloads of late, ${grouped(likes ?? 0)} likes`;
    const text = `delete for good  ${shownRepo(repo)}\n${facts}, changed ${lastModified}, at ${args.pinned}`;
    return { kind: "text", text };
  },
  async run({ args, repo }, context) {
    const { sha } = await required(repo, context);
    if (sha !== args.pinned) {
      const message = `${shownRepo(repo)} has changed since this call was checked; it was left alone.`;
      throw new ToolError("STALE", message, "Look again.");
    }
    await manage("DELETE", "repos/delete", { ...parts(repo), type: repo.type }, repo, context);
    return { ok: true, text: `Deleted ${shownRepo(repo)}.`, data: { repo_id: repo.id, repo_type: repo.type } };
  },
  async found({ repo }, context) {
    if ((await infoOf(repo, context)) !== null) return null;
    return { ok: true, text: `Deleted ${shownRepo(repo)}.`, data: { repo_id: repo.id, repo_type: repo.type } };
  },
};

export const repoActions = {
  repo_info: info,
  create_repo: create,
  update_repo: update,
  move_repo: move,
  duplicate_repo: duplicate,
  delete_repo: remove,
};
