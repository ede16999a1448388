// What a text for a repository says beside it: an address on GitHub may name an issue, a commit, a comparison, a release.
import { readPlace, requirePlace } from "../names.ts";
import type { Input } from "./input.ts";

type Named = Pick<Input, "repo" | "number" | "sha" | "ref" | "base" | "head">;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** What the pages below a repository's name stand for. */
function pageOf(kind: string, rest: string): Omit<Named, "repo"> {
  const plain = decoded(rest);
  switch (kind) {
    case "issues":
    case "pull":
    case "pulls": {
      const number = /^\d{1,9}/.exec(plain)?.[0];
      return number === undefined ? {} : { number: Number(number) };
    }
    case "commit": {
      const sha = /^[0-9a-f]{7,64}/i.exec(plain)?.[0];
      return sha === undefined ? {} : { sha };
    }
    case "commits":
      return plain === "" ? {} : { ref: plain };
    case "compare": {
      const [, base, head] = /^(.+?)\.{2,3}(.+?)(?:\.diff|\.patch)?$/.exec(plain) ?? [];
      return base === undefined || head === undefined ? {} : { base, head };
    }
    case "releases": {
      const tag = /^tag\/(.+)$/.exec(plain)?.[1] ?? /^(latest)$/.exec(plain)?.[1];
      return tag === undefined ? {} : { ref: tag };
    }
    default:
      return {};
  }
}

/**
 * Reads the repository of a call: `owner/name`, `owner/name#12`, or an address; what an address says beside the
 * repository stands in for parameters that are not given. Throws `BAD_ARGUMENTS` for what is no repository.
 */
export function readAddress(text: string): Named & { repo: string } {
  const given = text.trim();
  const [, short, number] = /^([^\s/]+\/[^\s/#]+)#(\d{1,9})$/.exec(given) ?? [];
  if (short !== undefined && number !== undefined && readPlace(short) !== null) {
    return { ...readAddress(short), number: Number(number) };
  }
  const { owner, name } = requirePlace(given);
  const bare = given.replace(/^https?:\/\/(?:www\.)?/i, "").replace(/[?#].*$/s, "");
  const [, kind = "", rest = ""] = /^github\.com\/[^/]+\/[^/]+\/([a-z]+)\/?(.*?)\/?$/is.exec(bare) ?? [];
  return { ...pageOf(kind.toLowerCase(), rest), repo: `${owner}/${name}` };
}
