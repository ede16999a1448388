// A stand-in for the Hugging Face Hub that keeps what is sent to it: repositories with files, branches, tags, pull
// requests and discussions, commits in their three steps with an object store at another address, and the Hub's ways
// of refusing. Answers can be put in the way of it one by one.

import {
  commit,
  commits,
  type FilesSetting,
  lfsBatch,
  pathsInfo,
  preupload,
  refusal,
  resolve,
  tree,
} from "./hub/files.ts";
import { space, spaceInfo, spaceMachines, spaceVerbs } from "./hub/spaces.ts";
import { commitAt, commitOn, type FakeFile, type FakeRepo, type FakeType, fileOf } from "./hub/state.ts";
import { type Storage, startStorage } from "./hub/storage.ts";
import { branch, refs, tag, discussions as talk } from "./hub/talk.ts";
import { type Asked, type Reply, type Service, startService } from "./service.ts";

export interface HubOptions {
  /** The one token that is accepted. */
  token?: string;
  /** Who it belongs to. */
  user?: string;
  orgs?: readonly string[];
  /** What the token may do. */
  role?: "read" | "write" | "fineGrained";
  /** Rows of a page of a file listing, and of discussions. */
  pageSize?: number;
  lfsFrom?: number;
  partBytes?: number;
  /** Answers before the stand-in does: faults, or what it does not know. `index` counts requests of method and path. */
  before?: (asked: Asked, index: number) => Reply | undefined | Promise<Reply | undefined>;
}

export interface HubService extends Service {
  readonly token: string;
  readonly user: string;
  /** Repositories by type and id, for example `model me/m`. */
  readonly repos: Map<string, FakeRepo>;
  readonly storage: Storage;
  /** Makes a repository with these files in its first commit. */
  add(type: FakeType, id: string, files?: Record<string, string | Buffer>, more?: Partial<FakeRepo>): FakeRepo;
  /** The text of a file on a branch, or null. */
  textOf(type: FakeType, id: string, path: string, revision?: string): string | null;
  /** Requests that change something. */
  writes(): Asked[];
}

const verbs = new Set([
  ..."tree paths-info commits refs branch tag discussions preupload commit revision settings duplicate resolve raw".split(
    " ",
  ),
  ...spaceVerbs,
]);

interface Address {
  repo: { type: FakeType; id: string };
  verb: string;
  rest: string[];
}

/** `/api/models/owner/name/verb/...`, or the same without `/api` and with the type of a web address. */
function addressOf(path: string): Address | null {
  const parts = path.slice(1).split("/").map(decodeURIComponent);
  const isApi = parts[0] === "api";
  if (isApi) parts.shift();
  const typed = ["models", "datasets", "spaces"].indexOf(parts[0] ?? "");
  if (typed >= 0) parts.shift();
  else if (isApi) return null;
  const type = (["model", "dataset", "space"] as const)[Math.max(0, typed)] ?? "model";
  if (parts[0] === undefined || parts[0] === "") return null;
  const single = parts[1] === undefined || verbs.has(parts[1]);
  const id = single ? parts[0] : `${parts[0]}/${parts[1]}`;
  const [verb = "", ...rest] = parts.slice(single ? 1 : 2);
  return { repo: { type, id: id.replace(/\.git$/, "") }, verb, rest };
}

export async function startHub(options: HubOptions = {}): Promise<HubService> {
  const { token = "hf_spectoken0000000000000000000000000000", user = "me", orgs = [], role = "write" } = options;
  const repos = new Map<string, FakeRepo>();
  const storage = await startStorage();
  const setting: FilesSetting = {
    url: "",
    storage,
    user,
    pageSize: options.pageSize ?? 1000,
    lfsFrom: options.lfsFrom ?? 10 << 20,
    partBytes: options.partBytes ?? 64 << 20,
  };
  const keyOf = (type: string, id: string) => `${type} ${id}`;
  const owns = (id: string) => [user, ...orgs].includes(id.split("/")[0] ?? "");

  function add(
    type: FakeType,
    id: string,
    files: Record<string, string | Buffer> = {},
    more: Partial<FakeRepo> = {},
  ): FakeRepo {
    const entries = Object.entries(files).map(([path, content]): [string, FakeFile] => {
      const bytes = Buffer.from(content);
      return [path, fileOf(bytes, bytes.length >= setting.lfsFrom || bytes.subarray(0, 512).includes(0))];
    });
    const all = new Map<string, FakeFile>([[".gitattributes", fileOf("*.bin filter=lfs\n")], ...entries]);
    const first = commitOn(null, all, { title: "initial commit", author: user });
    const repo: FakeRepo = {
      type,
      id,
      private: false,
      gated: false,
      sdk: type === "space" ? "gradio" : null,
      createdAt: new Date().toISOString(),
      branches: new Map([["main", first]]),
      tags: new Map(),
      discussions: [],
      ...more,
    };
    repos.set(keyOf(type, id), repo);
    return repo;
  }

  /** Who asks, or the refusal of a token that is none. */
  function asker(asked: Asked): "owner" | "nobody" | Reply {
    const { authorization } = asked.headers;
    if (authorization === undefined) return "nobody";
    if (authorization === `Bearer ${token}`) return "owner";
    return refusal(401, "", "Invalid credentials in Authorization header");
  }

  function whoami(): Reply {
    const auth = {
      type: "access_token",
      accessToken: { displayName: "spec", role, createdAt: "2026-01-01T00:00:00Z" },
    };
    const named = orgs.map((name) => ({ type: "org", id: `id-${name}`, name, canPay: false, roleInOrg: "admin" }));
    return {
      body: { type: "user", id: "u1", name: user, fullname: user, isPro: false, canPay: true, orgs: named, auth },
    };
  }

  function manage(asked: Asked, action: string): Reply {
    const given = (asked.json ?? {}) as Record<string, unknown> & { type?: FakeType };
    const { type = "model", name, organization } = given;
    const id = `${String(organization ?? user)}/${String(name)}`;
    if (action === "create") {
      if (!owns(id)) return { status: 403, body: { error: `You don't have the rights to create a ${type} under it` } };
      if (repos.has(keyOf(type, id))) {
        return { status: 409, body: { error: `You already created this ${type} repo`, url: `${setting.url}/${id}` } };
      }
      if (type === "space" && given.sdk === undefined) return { status: 400, body: { error: "sdk is required" } };
      const isPrivate = given.visibility === "private" || given.private === true;
      add(type, id, {}, { private: isPrivate, ...(given.sdk === undefined ? {} : { sdk: String(given.sdk) }) });
      return { body: { url: `${setting.url}/${type === "model" ? "" : `${type}s/`}${id}`, name: id, id: "x" } };
    }
    if (action === "delete") {
      if (!repos.has(keyOf(type, id))) return refusal(404, "RepoNotFound", "Repository not found");
      if (!owns(id)) return { status: 403, body: { error: "Forbidden" } };
      repos.delete(keyOf(type, id));
      return { body: null };
    }
    if (action === "move") {
      const { fromRepo, toRepo } = given as unknown as { fromRepo: string; toRepo: string };
      const found = repos.get(keyOf(type, fromRepo));
      if (found === undefined) return refusal(404, "RepoNotFound", "Repository not found");
      if (!owns(fromRepo) || !owns(toRepo)) return { status: 403, body: { error: "Forbidden" } };
      if (repos.has(keyOf(type, toRepo))) return { status: 409, body: { error: "exists" } };
      repos.delete(keyOf(type, fromRepo));
      repos.set(keyOf(type, toRepo), { ...found, id: toRepo });
      return { body: null };
    }
    return { status: 404, body: { error: "no such action" } };
  }

  function info(repo: FakeRepo, rest: string[]): Reply {
    const head = commitAt(repo, rest[0] ?? "main");
    if (head === null) return refusal(404, "RevisionNotFound", `Invalid rev id: ${rest[0]}`);
    const siblings = [...head.files.keys()].map((rfilename) => ({ rfilename }));
    const { id, gated, sdk, createdAt } = repo;
    const named = { _id: "x", id, modelId: id, author: id.split("/")[0], sha: head.oid, lastModified: head.date };
    return {
      body: {
        ...named,
        private: repo.private,
        gated,
        disabled: false,
        downloads: 3,
        likes: 1,
        tags: [],
        createdAt,
        siblings,
        ...(sdk === null ? {} : { sdk }),
        ...(repo.type === "space" ? spaceInfo(repo) : {}),
      },
    };
  }

  function change(asked: Asked, repo: FakeRepo, verb: string): Reply {
    const given = (asked.json ?? {}) as Record<string, unknown>;
    if (verb === "settings") {
      if (given.visibility !== undefined) repo.private = given.visibility === "private";
      if (given.private !== undefined) repo.private = given.private === true;
      if (given.gated !== undefined) repo.gated = given.gated as FakeRepo["gated"];
      return { body: { private: repo.private, gated: repo.gated } };
    }
    const id = String(given.repository);
    if (!owns(id)) return { status: 403, body: { error: "Forbidden" } };
    if (repos.has(keyOf(repo.type, id))) return { status: 409, body: { error: "exists" } };
    const copy: FakeRepo = {
      ...repo,
      id,
      private: given.visibility !== "public",
      branches: new Map(repo.branches),
      discussions: [],
    };
    repos.set(keyOf(repo.type, id), copy);
    return { body: { url: `${setting.url}/${id}` } };
  }

  /** Why a request to a repository is refused, or null. */
  function barred(
    asked: Asked,
    repo: FakeRepo | undefined,
    who: "owner" | "nobody",
    verb: string,
    id: string,
  ): Reply | null {
    const isHidden = repo === undefined || (repo.private && !(who === "owner" && owns(repo.id)));
    if (isHidden) {
      const status = who === "nobody" ? 401 : 404;
      return refusal(status, "RepoNotFound", "Repository not found");
    }
    const readsFiles = verb === "resolve" || verb === "raw";
    if (repo.gated !== false && readsFiles && !(who === "owner" && owns(id))) {
      return refusal(403, "GatedRepo", `Access to ${id} is restricted`);
    }
    const isOwners = verb === "secrets" || verb === "logs";
    if (isOwners && !(who === "owner" && owns(id))) return { status: 403, body: { error: "Forbidden" } };
    const isRead = asked.method === "GET" || verb === "paths-info";
    if (isRead) return null;
    if (who === "nobody") return { status: 401, body: { error: "Unauthorized" } };
    const openToAll = verb === "discussions" || asked.query.get("create_pr") === "1" || verb === "duplicate";
    if (role === "read" || !(owns(id) || openToAll)) {
      return { status: 403, body: { error: "Forbidden: you must have write access" } };
    }
    return null;
  }

  function answer(asked: Asked): Reply | undefined {
    const who = asker(asked);
    if (who !== "owner" && who !== "nobody") return who;
    if (asked.path === "/api/whoami-v2")
      return who === "owner" ? whoami() : { status: 401, body: { error: "Unauthorized" } };
    const managed = /^\/api\/repos\/(\w+)$/.exec(asked.path)?.[1];
    if (managed !== undefined) {
      if (who === "nobody") return { status: 401, body: { error: "Unauthorized" } };
      return role === "read" ? { status: 403, body: { error: "Forbidden" } } : manage(asked, managed);
    }
    if (asked.path === "/api/spaces/hardware") return { body: spaceMachines };
    const address = addressOf(asked.path);
    if (address === null) return undefined;
    const { verb, rest } = address;
    const repo = repos.get(keyOf(address.repo.type, address.repo.id));
    const bar = barred(asked, repo, who, verb, address.repo.id);
    if (bar !== null || repo === undefined) return bar ?? undefined;
    switch (verb) {
      case "":
      case "revision":
        return info(repo, rest);
      case "tree":
        return tree(asked, repo, rest, setting);
      case "paths-info":
        return pathsInfo(asked, repo, rest);
      case "commits":
        return commits(asked, repo, rest);
      case "resolve":
      case "raw":
        return resolve(asked, repo, rest, setting);
      case "preupload":
        return preupload(asked, setting);
      case "info":
        return lfsBatch(asked, setting);
      case "commit":
        return commit(asked, repo, rest, setting);
      case "refs":
        return refs(asked, repo);
      case "branch":
        return branch(asked, repo, rest);
      case "tag":
        return tag(asked, repo, rest);
      case "discussions":
        return talk(asked, repo, rest, user, setting.pageSize);
      case "settings":
      case "duplicate":
        return change(asked, repo, verb);
      default:
        return space(asked, repo, verb, rest);
    }
  }

  const service = await startService(async (asked, index) => (await options.before?.(asked, index)) ?? answer(asked));
  setting.url = service.url;
  return {
    ...service,
    token,
    user,
    repos,
    storage,
    add,
    textOf(type, id, path, revision = "main") {
      const repo = repos.get(keyOf(type, id));
      return (repo && commitAt(repo, revision)?.files.get(path)?.content?.toString("utf8")) ?? null;
    },
    writes: () => service.asked.filter(({ method }) => method !== "GET" && method !== "HEAD"),
    async close() {
      await service.close();
      await storage.close();
    },
  };
}
