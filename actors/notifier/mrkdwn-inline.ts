// The marks inside a line: code, links, emphasis.

/** Escapes the three characters that Slack gives a meaning; text that is escaped already stays as it is. */
export function escaped(text: string): string {
  const plain = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
  return plain.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// Two characters that no text has a use for, around the number of a piece that is put aside.
const open = "\ue000";
const close = "\ue001";
/** Stands for the mark of bold until the marks of italics are done: before, the two look alike. */
const boldMark = "\ue002";
const reserved = /[\ue000-\ue002]/g;

const code = /(`+)(?!`)(.{1,2000}?)(?<!`)\1(?!`)/g;
const link =
  /!?\[((?:[^[\]]|\[[^\]]{0,200}\]){0,500})\]\(\s*<?((?:[^()\s<>]|\([^()\s]{0,500}\))+)>?(?:\s+["'][^"']{0,500}["'])?\s*\)/g;
const autolink = /<((?:https?:\/\/|mailto:|tel:)[^\s<>|]+)>/g;
const address = /https?:\/\/[^\s<>"'`]+/g;

/** Whether Slack makes a link of it. */
const linkable = /^(?:https?:\/\/|mailto:|tel:)/i;

function slackLink(label: string, url: string): string {
  const target = escaped(url).replaceAll("|", "%7C");
  const text = label.replace(/[*~`|]+|__+/g, "").trim();
  return text === "" ? `<${target}>` : `<${target}|${escaped(text)}>`;
}

/** A line's marks in Slack's form, with everything else escaped. */
export function inlined(line: string): string {
  const pieces: string[] = [];
  const aside = (piece: string) => `${open}${pieces.push(piece) - 1}${close}`;
  const back = (text: string) => text.replace(/\ue000(\d+)\ue001/g, (_, index) => pieces[Number(index)] ?? "");

  const kept = line
    .replace(reserved, "")
    .replace(code, (_, _marks, text: string) => {
      const inner = /^ .*\S.* $/.test(text) ? text.slice(1, -1) : text;
      return aside(`\`${escaped(inner.replaceAll("`", "ˋ"))}\``);
    })
    .replace(link, (_, label: string, url: string) => {
      const text = back(label);
      if (linkable.test(url)) return aside(slackLink(text, url));
      // A path in the workspace: nothing that a reader elsewhere could open.
      return `${label} (${aside(escaped(url))})`;
    })
    .replace(autolink, (_, url: string) => aside(`<${escaped(url)}>`))
    .replace(address, (url) => aside(escaped(url)));
  return unstashed(emphasised(escaped(kept)), back);
}

/** A link's label may hold code, so pieces may hold pieces. */
function unstashed(text: string, back: (text: string) => string): string {
  return back(back(text)).replaceAll(boldMark, "*");
}

function emphasised(text: string): string {
  return text
    .replace(/(?<!\*)\*{3}(?=[^\s*])([^\n]{1,2000}?)(?<=[^\s*])\*{3}(?!\*)/g, `${boldMark}_$1_${boldMark}`)
    .replace(/(?<!\*)\*\*(?=[^\s*])([^\n]{1,2000}?)(?<=\S)\*\*(?!\*)/g, `${boldMark}$1${boldMark}`)
    .replace(/(?<!\w)__(?=\S)([^_\n]{1,2000})(?<=\S)__(?!\w)/g, (whole, inner: string) =>
      // A name such as __init__ is no emphasis, though Markdown would have it so.
      /^[a-z0-9]+$/.test(inner) ? whole : `${boldMark}${inner}${boldMark}`,
    )
    .replace(/(?<![\w*])\*(?=[^\s*])([^*\n]{1,2000})(?<=\S)\*(?![\w*])/g, "_$1_")
    .replace(/~~(?=\S)([^~\n]{1,2000})(?<=\S)~~/g, "~$1~");
}
