// A stand-in for GitHub's API over repositories that a spec describes: contents, trees, blobs, search, refs, moves, and
// where a repository has `talk`, what is said and changed in it.
import { createHash } from "node:crypto";
import { type FakeTalk, searchIssues, talkReply } from "./github-talk.ts";
import { type Asked, type Reply, type Service, startService } from "./service.ts";

/** A repository of the stand-in. */
export interface FakeRepo {
  /** Content by path. `{ link }` is a symbolic link, `{ module }` a submodule. */
  files: Record<string, string | Uint8Array | { link: string } | { module: string }>;
  branch?: string;
  /** Branches and tags beside it. */
  refs?: string[];
  /** Fields of its description. */
  about?: Record<string, unknown>;
  /** The list of all files at once is cut off, as that of a very large repository; so is that of these folders. */
  cutTrees?: string[];
  /** Its issues, pull requests, commits and releases, which change as they are written to. */
  talk?: FakeTalk;
}

export interface FakeGitHub {
  /** By full name. */
  repos: Record<string, FakeRepo>;
  /** Old names, each with the new one. */
  moved?: Record<string, string>;
  /** Answers before anything else does. */
  before?: (asked: Asked, index: number) => Reply | undefined;
}

/** Bytes up to which the contents come with the answer. */
const inlineBytes = 1024 * 1024;
const missing: Reply = {
  status: 404,
  body: { message: "Not Found", documentation_url: "https://docs.github.com/rest", status: "404" },
};

const shaOf = (content: string | Uint8Array) => createHash("sha1").update(content).digest("hex");
const isText = (content: FakeRepo["files"][string]): content is string | Uint8Array =>
  typeof content === "string" || content instanceof Uint8Array;

function describe(name: string, { branch = "main", about = {} }: FakeRepo, id: number): Record<string, unknown> {
  const [owner = ""] = name.split("/");
  return {
    id,
    full_name: name,
    name: name.split("/")[1],
    owner: { login: owner },
    default_branch: branch,
    description: null,
    stargazers_count: 0,
    forks_count: 0,
    language: "Python",
    topics: [],
    archived: false,
    fork: false,
    private: false,
    visibility: "public",
    has_issues: true,
    pushed_at: "2026-01-02T03:04:05Z",
    ...about,
  };
}

/** Starts it. */
export function startGitHub({ repos, moved = {}, before }: FakeGitHub): Promise<Service> {
  const names = Object.keys(repos);
  const repoOf = (name: string) => repos[name];

  function contents(name: string, repo: FakeRepo, path: string, url: string, ref: string): Reply {
    const entry = (full: string, content: FakeRepo["files"][string] | null): Record<string, unknown> => {
      const base = { name: full.split("/").at(-1), path: full, html_url: `${url}/${name}/blob/${ref}/${full}` };
      if (content === null)
        return { ...base, type: "dir", size: 0, sha: shaOf(full), html_url: `${url}/${name}/tree/${ref}/${full}` };
      if (!isText(content)) {
        return "link" in content
          ? { ...base, type: "symlink", target: content.link, size: 9, sha: shaOf(full) }
          : { ...base, type: "submodule", submodule_git_url: content.module, sha: shaOf(full), size: 0 };
      }
      return { ...base, type: "file", size: Buffer.byteLength(content), sha: shaOf(content), download_url: "x" };
    };
    const found = repo.files[path];
    if (found !== undefined) {
      const described = entry(path, found);
      if (!isText(found)) return { body: described };
      const isInline = Buffer.byteLength(found) <= inlineBytes;
      const content = isInline
        ? (Buffer.from(found)
            .toString("base64")
            .match(/.{1,60}/g)
            ?.join("\n") ?? "")
        : "";
      return {
        body: { ...described, encoding: isInline ? "base64" : "none", content },
        headers: { etag: `"${shaOf(found)}"` },
      };
    }
    const prefix = path === "" ? "" : `${path}/`;
    const children = new Map<string, Record<string, unknown>>();
    for (const [full, content] of Object.entries(repo.files)) {
      if (!full.startsWith(prefix)) continue;
      const [first = "", ...rest] = full.slice(prefix.length).split("/");
      const child = entry(prefix + first, rest.length > 0 ? null : content);
      // In a folder's list a submodule is called a file, and leads to a tree.
      const listed =
        child.type === "submodule" ? { ...child, type: "file", download_url: null, git_url: "x/git/trees/1" } : child;
      children.set(first, listed);
    }
    return children.size === 0 ? missing : { body: [...children.values()] };
  }

  function tree(repo: FakeRepo, sha: string, isDeep: boolean): Reply {
    const folder = sha.startsWith("tree:") ? `${Buffer.from(sha.slice(5), "hex").toString()}/` : "";
    const inside = Object.entries(repo.files).filter(([path]) => path.startsWith(folder));
    const isCut = isDeep && repo.cutTrees?.includes(folder) === true;
    const entries = new Map<string, Record<string, unknown>>();
    for (const [full, content] of isCut ? inside.slice(0, 1) : inside) {
      const path = full.slice(folder.length);
      const parts = path.split("/");
      for (let depth = 1; depth < parts.length; depth += 1) {
        const dir = parts.slice(0, depth).join("/");
        if (!isDeep && depth > 1) break;
        entries.set(dir, {
          path: dir,
          type: "tree",
          mode: "040000",
          sha: `tree:${Buffer.from(folder + dir).toString("hex")}`,
        });
      }
      if (!isDeep && parts.length > 1) continue;
      const isModule = !isText(content) && "module" in content;
      const size = isText(content) ? { size: Buffer.byteLength(content) } : {};
      entries.set(path, { path, mode: "100644", type: isModule ? "commit" : "blob", sha: shaOf(full), ...size });
    }
    return { body: { sha, tree: [...entries.values()], truncated: isCut } };
  }

  function inRepo(asked: Asked, name: string, repo: FakeRepo, rest: string, url: string): Reply | undefined {
    const branch = repo.branch ?? "main";
    const refs = [branch, "HEAD", ...(repo.refs ?? [])];
    const hasRef = (ref: string) => refs.includes(ref) || ref.startsWith("tree:");
    if (rest === "") return { body: describe(name, repo, names.indexOf(name)), headers: { etag: `"${name}"` } };
    const spoken = repo.talk === undefined ? undefined : talkReply(placeOf(name, repo, repo.talk), asked, rest);
    if (spoken !== undefined) return spoken;
    const [, kind = "", last = ""] =
      /^\/(contents|git\/trees|git\/blobs|commits|branches|tags)\/?(.*)$/.exec(rest) ?? [];
    const argument = decodeURIComponent(last);
    switch (kind) {
      case "contents": {
        const ref = asked.query.get("ref") ?? branch;
        return hasRef(ref) ? contents(name, repo, argument, url, ref) : missing;
      }
      case "git/trees":
        return hasRef(argument) ? tree(repo, argument, asked.query.get("recursive") === "1") : missing;
      case "git/blobs": {
        const found = Object.values(repo.files)
          .filter(isText)
          .find((content) => shaOf(content) === argument);
        return found === undefined ? missing : { body: found };
      }
      case "commits":
        return hasRef(argument)
          ? { body: { sha: "c0ffee" } }
          : { status: 422, body: { message: `No commit found for SHA: ${argument}` } };
      case "branches":
        return { body: [branch].map((ref) => ({ name: ref })) };
      case "tags":
        return { body: (repo.refs ?? []).map((ref) => ({ name: ref })) };
      default:
        return undefined;
    }
  }

  function search({ query }: Asked): Reply {
    const q = query.get("q") ?? "";
    const owner = /(?:user|org):(\S+)/.exec(q)?.[1];
    if (owner !== undefined && !names.some((name) => name.startsWith(`${owner}/`))) {
      const message = "Validation Failed: The listed users and repositories cannot be searched";
      return { status: 422, body: { message, errors: [{ resource: "Search", field: "q", code: "invalid" }] } };
    }
    const words = q.split(/\s+/).filter((word) => word !== "" && !word.includes(":"));
    const found = names
      .filter(
        (name) =>
          (owner === undefined ? true : name.startsWith(`${owner}/`)) && words.every((word) => name.includes(word)),
      )
      .map((name, index) => describe(name, repoOf(name) ?? { files: {} }, index));
    const key = { stars: "stargazers_count", forks: "forks_count" }[query.get("sort") ?? ""] ?? "pushed_at";
    found.sort((a, b) => (Number(b[key]) - Number(a[key])) * (query.get("order") === "asc" ? -1 : 1));
    const size = Number(query.get("per_page") ?? 30);
    const start = (Number(query.get("page") ?? 1) - 1) * size;
    return { body: { total_count: found.length, incomplete_results: false, items: found.slice(start, start + size) } };
  }

  const placeOf = (name: string, { about }: FakeRepo, talk: FakeTalk) => ({
    url,
    name,
    talk,
    hasIssues: about?.has_issues !== false,
  });

  let url = "";
  const started = startService((asked, index) => {
    const reply = answer(asked, index);
    const etag = typeof reply === "object" ? reply.headers?.etag : undefined;
    return etag !== undefined && asked.headers["if-none-match"] === etag ? { status: 304, headers: { etag } } : reply;
  });
  function answer(asked: Asked, index: number): Reply | undefined {
    const first = before?.(asked, index);
    if (first !== undefined) return first;
    if (asked.path === "/search/repositories") return search(asked);
    if (asked.path === "/search/issues") {
      return searchIssues(
        Object.entries(repos).map(([name, repo]) => placeOf(name, repo, repo.talk ?? {})),
        asked,
      );
    }
    const byId = /^\/repositories\/(\d+)(.*)$/.exec(asked.path);
    const [, owner = "", repo = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(asked.path) ?? [];
    const name = byId === null ? `${owner}/${repo}` : (names[Number(byId[1])] ?? "");
    const now = moved[name];
    if (now !== undefined) {
      const location = `${url}/repositories/${names.indexOf(now)}${rest}${asked.query.size > 0 ? `?${asked.query}` : ""}`;
      return { status: 301, headers: { location }, body: { message: "Moved Permanently", url: location } };
    }
    const found = repoOf(name);
    if (found === undefined) return owner === "" ? undefined : missing;
    return inRepo(asked, name, found, byId === null ? rest : (byId[2] ?? ""), url);
  }
  return started.then((service) => {
    url = service.url;
    return service;
  });
}
