// What a server sent: what its header says, unless the first bytes say otherwise. Pure.
import { kindOfBytes } from "../files/kind.ts";

/** How it is read. */
export type WebKind = { kind: "html" | "feed" | "pdf" | "markdown" | "text" } | { kind: "binary"; type: string };

/** Types that are text although their names do not begin with it. */
const textual =
  /^text\/|[/+](?:json|xml|yaml|toml|javascript|ecmascript|typescript|x-ndjson|x-sh|sql|graphql|x-tex|x-yaml|csv)\b/;

/** Says how to read what was sent. `sample`: its first bytes. */
export function webKind(contentType: string, sample: Uint8Array, path: string): WebKind {
  const [type = ""] = contentType.toLowerCase().split(";");
  const media = type.trim();
  const found = kindOfBytes(sample);
  const head = Buffer.from(sample).toString("latin1").trimStart().slice(0, 400);
  if (head.startsWith("%PDF-")) return { kind: "pdf" };
  if (found.kind === "image") return { kind: "binary", type: found.mediaType };
  if (found.kind === "binary")
    return { kind: "binary", type: textual.test(media) || media === "" ? found.type : media };
  if (/^(?:audio|video|image)\//.test(media) && media !== "image/svg+xml") return { kind: "binary", type: media };
  if (
    /[/+](?:rss|atom|rdf)\b/.test(media) ||
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:rss|feed|rdf:RDF)[\s>]/i.test(head)
  ) {
    return { kind: "feed" };
  }
  if (/html/.test(media)) return { kind: "html" };
  if (media === "text/markdown" || /\.(?:md|mdx|markdown)$/i.test(path)) return { kind: "markdown" };
  const isUndeclared = media === "" || media === "application/octet-stream";
  if (isUndeclared && /^(?:<!doctype html|<html[\s>])/i.test(head)) return { kind: "html" };
  return { kind: "text" };
}
