// Addresses that lead to a page about a file, and the one that leads to the file. Pure.

/** GitHub's page of a file at a revision. */
const githubBlob = /^\/([^/]+)\/([^/]+)\/(?:blob|raw)\/(.+)$/;
/** The Hub's page of a file, of a model or (with a type before it) of a dataset or space. */
const hubBlob = /^\/((?:(?:datasets|spaces)\/)?[^/]+\/[^/]+)\/blob\/(.+)$/;

/**
 * The address at which a file's own text is, for the addresses of its page on GitHub, in a gist, and on the Hub; any
 * other address as it is, without its fragment. `hub`: where the Hub is. Throws a `TypeError` for what is no address.
 */
export function rawAddress(address: string, hub: string): URL {
  const url = new URL(address);
  url.hash = "";
  const host = url.host.toLowerCase();
  const blob = githubBlob.exec(url.pathname);
  if (/^(?:www\.)?github\.com$/.test(host) && blob !== null) {
    const [, owner, repo, rest] = blob;
    return new URL(`https://raw.githubusercontent.com/${owner}/${repo}/${rest}`);
  }
  if (host === "gist.github.com" && /^\/[^/]+\/[0-9a-f]{20,}\/?$/.test(url.pathname)) {
    return new URL(`https://gist.githubusercontent.com${url.pathname.replace(/\/$/, "")}/raw`);
  }
  const file = hubBlob.exec(url.pathname);
  if ([new URL(hub).host, "huggingface.co", "hf.co"].includes(host) && file !== null) {
    return new URL(`${url.origin}/${file[1]}/resolve/${file[2]}`);
  }
  return url;
}
