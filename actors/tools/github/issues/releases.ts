// `releases`: a repository's releases and tags, or one with its notes.
import { asCount, asObject, asObjects, asText } from "../../../shape.ts";
import type { Desk } from "../desk.ts";
import { isRefused } from "../failure.ts";
import { fullName, type Repo, requireRef } from "../names.ts";
import { at, pageIn, type Read, repoIn } from "./action.ts";
import { asShown, counted, dayOf, facts, goOn, lineOf, loginOf, nextPage } from "./words.ts";

const pageSize = 20;

function releaseOf(row: Record<string, unknown>) {
  return {
    tag: lineOf(row.tag_name, 120),
    name: lineOf(row.name, 120),
    author: loginOf(row.author),
    published_at: asText(row.published_at) || asText(row.created_at),
    draft: row.draft === true,
    prerelease: row.prerelease === true,
    url: asText(row.html_url),
  };
}

function headOf(release: ReturnType<typeof releaseOf>): string {
  return facts(
    release.tag,
    release.name === release.tag ? "" : release.name,
    dayOf(release.published_at),
    release.prerelease ? "prerelease" : "",
    release.draft ? "draft" : "",
  );
}

async function one(desk: Desk, repo: Repo, ref: string): ReturnType<Read> {
  const isLatest = ref.toLowerCase() === "latest";
  const subject = isLatest
    ? `the latest release of ${fullName(repo)}`
    : `the release or tag ${ref} of ${fullName(repo)}`;
  const { repos, git } = desk.github.rest;
  const found = await desk.about(subject, async () => {
    try {
      const { data } = isLatest
        ? await repos.getLatestRelease(at(repo))
        : await repos.getReleaseByTag({ ...at(repo), tag: ref });
      return asObject(data);
    } catch (error) {
      // A tag need not have a release.
      if (isLatest || !isRefused(error, 404)) throw error;
      const { data } = await git.getRef({ ...at(repo), ref: `tags/${ref}` });
      desk.note(`${ref} is a tag at ${lineOf(data.object?.sha, 64)}, without a release: there are no notes.`);
      return null;
    }
  });
  if (found === null) return { ok: true, text: `${ref} of ${fullName(repo)}`, data: { tag: ref, release: false } };
  const release = releaseOf(found);
  const assets = asObjects(found.assets).map(
    (asset) => `${lineOf(asset.name, 120)} (${asCount(asset.download_count) ?? 0} downloads)`,
  );
  const text = [
    `Release of ${fullName(repo)}: ${headOf(release)}, by ${release.author}`,
    asShown(found.body) || "(without notes)",
    ...(assets.length === 0 ? [] : [`Files: ${assets.slice(0, 40).join(", ")}`]),
  ];
  return { ok: true, text: text.join("\n"), data: { ...release, release: true } };
}

async function list(desk: Desk, repo: Repo, page: number): ReturnType<Read> {
  const wish = { ...at(repo), per_page: pageSize, page };
  const [releases, tags] = await desk.about(`the releases of ${fullName(repo)}`, () =>
    Promise.all([desk.github.rest.repos.listReleases(wish), desk.github.rest.repos.listTags(wish)]),
  );
  const found = asObjects(releases.data).map(releaseOf);
  const names = asObjects(tags.data).map((tag) => ({
    name: lineOf(tag.name, 120),
    sha: lineOf(asObject(tag.commit)?.sha, 64),
  }));
  const next = nextPage(releases.headers, page) ?? nextPage(tags.headers, page);
  const text = [
    `${counted(found.length, "release")} of ${fullName(repo)}${page === 1 ? "" : `, page ${page}`}${found.length === 0 ? "" : "; ref shows one with its notes"}`,
    ...found.map(headOf),
    `Tags: ${names.map(({ name, sha }) => `${name} (${sha.slice(0, 10)})`).join(", ") || "none"}`,
    ...goOn(next),
  ];
  return { ok: true, text: text.join("\n"), data: { releases: found, tags: names, page, next_page: next } };
}

export const releases: Read = async (args, desk) => {
  const repo = repoIn(args);
  return args.ref === undefined ? list(desk, repo, pageIn(args)) : one(desk, repo, requireRef(args.ref));
};
