// The words of an HTML text without building its tree: for pages that are too deep or too tangled to be laid out. Pure,
// and linear in the length of the text.

/** Elements whose content is no text for people. */
const silent = new Set(["script", "style", "noscript", "template", "svg", "iframe", "object"]);
/** Elements that stand in a line of their own. */
const block =
  /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|title|tr|ul)$/;

const named: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  ndash: "–",
  mdash: "—",
  hellip: "…",
  lsquo: "‘",
  rsquo: "’",
  ldquo: "“",
  rdquo: "”",
  bull: "•",
  middot: "·",
  copy: "©",
  times: "×",
};

/** A text with its character references resolved. */
export function unescapeHtml(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]{2,8}));/gi, (whole, decimal, hex, name) => {
    if (name !== undefined) return named[String(name).toLowerCase()] ?? whole;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : " ";
  });
}

/** How a block begins in Markdown. */
function markOf(name: string): string {
  if (/^h[1-6]$/.test(name)) return `${"#".repeat(Number(name.charAt(1)))} `;
  return name === "li" ? "- " : "";
}

/**
 * The text of an HTML page: one line for each block, nothing of scripts and styles. `marks`: headings and items of lists
 * are marked as in Markdown.
 */
export function bareText(html: string, marks = false): string {
  // Letters of ASCII alone: others may change their number with their case.
  const low = html.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
  const endless = new Set<string>();
  const pieces: string[] = [];
  for (let at = 0; at < html.length; ) {
    const open = html.indexOf("<", at);
    if (open === -1) {
      pieces.push(html.slice(at));
      break;
    }
    pieces.push(html.slice(at, open));
    if (!/[a-z/!?]/.test(low.charAt(open + 1))) {
      pieces.push("<");
      at = open + 1;
      continue;
    }
    if (low.startsWith("<!--", open)) {
      const end = low.indexOf("-->", open + 4);
      if (end === -1) break;
      at = end + 3;
      continue;
    }
    const end = html.indexOf(">", open);
    if (end === -1) break;
    const name = /^<\/?([a-z][a-z0-9]{0,15})/.exec(low.slice(open, open + 20))?.[1] ?? "";
    at = end + 1;
    const isOpening = low.charAt(open + 1) !== "/";
    if (silent.has(name) && isOpening && low.charAt(end - 1) !== "/" && !endless.has(name)) {
      const close = low.indexOf(`</${name}`, at);
      if (close === -1) endless.add(name);
      else at = close;
    } else if (block.test(name)) pieces.push(marks && isOpening ? `\n${markOf(name)}` : "\n");
    else if (name === "") pieces.push(" ");
  }
  return unescapeHtml(pieces.join(""))
    .split("\n")
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line !== "")
    .join("\n");
}

/** Elements that may be left open in good HTML, or that have no end: their number says nothing of depth. */
const open =
  /^(?:p|li|td|tr|th|dt|dd|option|optgroup|thead|tbody|tfoot|colgroup|caption|rt|rp|html|head|body|area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)$/;

/** How many elements an HTML text has, and how deep they lie in one another, as its tags say. */
export function measureTags(html: string): { elements: number; depth: number } {
  let depth = 0;
  let deepest = 0;
  let elements = 0;
  for (const [tag, slash, name = ""] of html.matchAll(/<(\/?)([a-z][a-z0-9]{0,15})[^<>]{0,4000}>/gi)) {
    if (slash === "") elements += 1;
    if (open.test(name.toLowerCase()) || tag.endsWith("/>")) continue;
    depth = slash === "/" ? Math.max(0, depth - 1) : depth + 1;
    if (depth > deepest) deepest = depth;
  }
  return { elements, depth: deepest };
}
