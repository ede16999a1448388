// The stand-in's answers about files: listings, contents, and the three steps of a commit.
import { posix } from "node:path";
import type { Asked, Reply } from "../service.ts";
import {
  commitAt,
  commitOn,
  discussionOf,
  type FakeCommit,
  type FakeFile,
  type FakeRepo,
  fileOf,
  history,
  moveHead,
} from "./state.ts";
import type { Storage } from "./storage.ts";

export interface FilesSetting {
  url: string;
  storage: Storage;
  user: string;
  pageSize: number;
  /** Bytes from which a file goes into the object store. */
  lfsFrom: number;
  /** Bytes of a part; objects that are larger are sent in parts. */
  partBytes: number;
}

export const refusal = (status: number, code: string, error: string): Reply => ({
  status,
  headers: { "x-error-code": code, "x-error-message": error },
  body: { error },
});
const noRevision = (revision: string) => refusal(404, "RevisionNotFound", `Invalid rev id: ${revision}`);

function rowOf(path: string, file: FakeFile): object {
  const lfs = file.lfs === null ? {} : { lfs: { ...file.lfs, pointerSize: 134 } };
  return { type: "file", oid: file.oid, size: file.size, path, ...lfs };
}

function pageOf(asked: Asked, all: object[], setting: FilesSetting): Reply {
  const from = Number(asked.query.get("cursor") ?? 0);
  const to = from + setting.pageSize;
  const query = new URLSearchParams(asked.query);
  query.set("cursor", String(to));
  const link = { link: `<${setting.url}${asked.path}?${query}>; rel="next"` };
  return { headers: to < all.length ? link : {}, body: all.slice(from, to) };
}

export function tree(asked: Asked, repo: FakeRepo, rest: string[], setting: FilesSetting): Reply {
  const [revision = "main", ...folder] = rest;
  const commit = commitAt(repo, revision);
  if (commit === null) return noRevision(revision);
  const below = folder.length === 0 ? "" : `${folder.join("/")}/`;
  const rows = new Map<string, object>();
  for (const [path, file] of [...commit.files].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!path.startsWith(below)) continue;
    const names = path.slice(below.length).split("/");
    for (let depth = 1; depth < names.length; depth += 1) {
      const at = below + names.slice(0, depth).join("/");
      if (depth === 1 || asked.query.get("recursive") === "true") {
        rows.set(at, { type: "directory", oid: "0".repeat(40), size: 0, path: at });
      }
    }
    if (names.length === 1 || asked.query.get("recursive") === "true") rows.set(path, rowOf(path, file));
  }
  if (rows.size === 0 && below !== "") return refusal(404, "EntryNotFound", `${folder.join("/")} does not exist`);
  return pageOf(asked, [...rows.values()], setting);
}

export function pathsInfo(asked: Asked, repo: FakeRepo, [revision = "main"]: string[]): Reply {
  const commit = commitAt(repo, revision);
  if (commit === null) return noRevision(revision);
  const { paths } = asked.json as { paths: string[] };
  const body = paths.flatMap((path) => {
    const file = commit.files.get(path);
    return file === undefined ? [] : [rowOf(path, file)];
  });
  return { body };
}

export function commits(asked: Asked, repo: FakeRepo, [revision = "main"]: string[]): Reply {
  const head = commitAt(repo, revision);
  if (head === null) return noRevision(revision);
  const limit = Number(asked.query.get("limit") ?? 50);
  const from = Number(asked.query.get("p") ?? 0) * limit;
  const all = history(head);
  const body = all.slice(from, from + limit).map((commit) => ({
    id: commit.oid,
    title: commit.title,
    message: commit.message,
    date: commit.date,
    authors: [{ user: commit.author }],
  }));
  return { headers: { "x-total-count": String(all.length) }, body };
}

export function resolve(asked: Asked, repo: FakeRepo, rest: string[], setting: FilesSetting): Reply {
  const [revision = "main", ...path] = rest;
  const commit = commitAt(repo, revision);
  if (commit === null) return noRevision(revision);
  const file = commit.files.get(path.join("/"));
  if (file === undefined) return refusal(404, "EntryNotFound", `${path.join("/")} does not exist`);
  const headers = { etag: `"${file.oid}"`, "x-repo-commit": commit.oid };
  if (file.lfs !== null) {
    if (file.content !== null) setting.storage.objects.set(file.lfs.oid, { size: file.size, content: file.content });
    const location = `${setting.storage.url}/get/${file.lfs.oid}`;
    return { status: 302, headers: { ...headers, location, "x-linked-size": String(file.size) } };
  }
  const content = file.content ?? Buffer.alloc(0);
  const range = /^bytes=(\d+)-(\d*)$/.exec(asked.headers.range ?? "");
  if (range === null) return { headers, body: content };
  const from = Number(range[1]);
  if (from >= content.length) return { status: 416, headers: { "content-range": `bytes */${content.length}` } };
  const to = Math.min(range[2] === "" ? content.length - 1 : Number(range[2]), content.length - 1);
  const of = { ...headers, "content-range": `bytes ${from}-${to}/${content.length}` };
  return { status: 206, headers: of, body: content.subarray(from, to + 1) };
}

export function preupload(asked: Asked, setting: FilesSetting): Reply {
  const { files } = asked.json as { files: { path: string; size: number; sample: string }[] };
  const body = files.map(({ path, size, sample }) => {
    const isBinary = Buffer.from(sample, "base64").includes(0);
    return { path, uploadMode: size >= setting.lfsFrom || isBinary ? "lfs" : "regular", shouldIgnore: false };
  });
  return { body: { files: body } };
}

export function lfsBatch(asked: Asked, { storage, partBytes }: FilesSetting): Reply {
  const { objects } = asked.json as { objects: { oid: string; size: number }[] };
  const answers = objects.map(({ oid, size }) => {
    if (storage.objects.has(oid)) return { oid, size };
    if (size <= partBytes) {
      return { oid, size, actions: { upload: { href: `${storage.url}/basic/${oid}?X-Amz-Signature=1` } } };
    }
    const parts = Array.from({ length: Math.ceil(size / partBytes) }, (_, index) => {
      const number = String(index + 1).padStart(5, "0");
      return [number, `${storage.url}/part/${oid}/${index + 1}?X-Amz-Signature=1`];
    });
    const header = { chunk_size: String(partBytes), ...Object.fromEntries(parts) };
    return { oid, size, actions: { upload: { href: `${storage.url}/complete/${oid}`, header } } };
  });
  const headers = { "content-type": "application/vnd.git-lfs+json" };
  return { headers, body: { transfer: "multipart", objects: answers } };
}

interface Line {
  key: string;
  value: { path: string; content: string; oid: string; size: number };
}

function applied(parent: FakeCommit | null, lines: readonly Line[], storage: Storage): Map<string, FakeFile> | string {
  const files = new Map(parent?.files ?? []);
  for (const { key, value } of lines) {
    const { path } = value;
    if (posix.normalize(path) !== path || path.startsWith("/") || path.startsWith("..")) return `bad path ${path}`;
    if (key === "file") files.set(path, fileOf(Buffer.from(value.content, "base64")));
    else if (key === "lfsFile") {
      const stored = storage.objects.get(value.oid);
      if (stored === undefined || stored.size !== value.size) return `LFS object ${value.oid} was not uploaded`;
      const pointer = fileOf(`version https://git-lfs.github.com/spec/v1\noid sha256:${value.oid}\n`);
      const lfs = { oid: value.oid, size: value.size };
      files.set(path, { content: stored.content, size: value.size, oid: pointer.oid, lfs });
    } else if (key === "deletedFile") {
      if (!files.delete(path)) return `${path} does not exist`;
    } else return `unknown line ${key}`;
  }
  return files;
}

export function commit(asked: Asked, repo: FakeRepo, [revision = "main"]: string[], setting: FilesSetting): Reply {
  const lines = asked.text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as { key: string; value: unknown });
  const header = lines[0]?.value as { summary: string; description?: string; parentCommit?: string };
  const head = commitAt(repo, revision);
  if (head === null) return noRevision(revision);
  const isPull = asked.query.get("create_pr") === "1";
  if (header.parentCommit !== undefined && header.parentCommit !== head.oid && !isPull) {
    return { status: 412, body: { error: "A commit has happened since. Please refresh and try again." } };
  }
  const files = applied(head, lines.slice(1) as Line[], setting.storage);
  if (typeof files === "string") return { status: 400, body: { error: files } };
  const words = { title: header.summary, message: header.description ?? "", author: setting.user };
  const made = commitOn(head, files, words);
  const type = repo.type === "model" ? "" : `${repo.type}s/`;
  const page = `${setting.url}/${type}${repo.id}`;
  const body = { success: true, commitOid: made.oid, commitUrl: `${page}/commit/${made.oid}`, hookOutput: "" };
  if (!isPull) {
    moveHead(repo, revision, made);
    return { body };
  }
  const opened = discussionOf(repo, {
    title: header.summary,
    description: header.description ?? "",
    author: setting.user,
    isPullRequest: true,
    head: made,
  });
  return { body: { ...body, pullRequestUrl: `${page}/discussions/${opened.num}` } };
}
