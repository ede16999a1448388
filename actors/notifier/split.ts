// Cuts a text in Slack's markup into pieces that fit into one post each.

const opening = "```\n";
const closing = "\n```";
/** How far before a piece's end a place to cut is looked for, where a line is too long, in characters. */
const lookBack = 3_000;

/**
 * Pieces of at most `limit` characters, cut at line ends where that is possible. A code block that is cut is closed in
 * one piece and opened again in the next. Put together without what was added so, they are the text.
 */
export function splitText(text: string, limit: number): string[] {
  const room = limit - opening.length - closing.length;
  const parts: string[] = [];
  let part: string[] = [];
  let length = 0;
  let isCode = false;
  let opensWith = "";

  const flush = () => {
    if (part.length === 0) return;
    parts.push(`${opensWith}${part.join("\n")}${isCode ? closing : ""}`);
    opensWith = isCode ? opening : "";
    part = [];
    length = 0;
  };
  for (const line of text.split("\n")) {
    for (const piece of cutLine(line, room)) {
      if (length + piece.length + 1 > room) flush();
      part.push(piece);
      length += piece.length + 1;
      if (piece === "```") isCode = !isCode;
    }
  }
  // The end closes by itself whatever is open.
  isCode = false;
  flush();
  return parts;
}

/** The pieces of one line, none of which ends in the middle of a link, an escaped character or a pair of surrogates. */
function cutLine(line: string, room: number): string[] {
  if (line.length < room) return [line];
  const pieces: string[] = [];
  let rest = line;
  while (rest.length >= room) {
    const at = placeToCut(rest, room - 1);
    pieces.push(rest.slice(0, at));
    rest = rest.slice(at);
  }
  return [...pieces, rest];
}

function placeToCut(line: string, most: number): number {
  const near = line.slice(Math.max(0, most - lookBack), most);
  const space = near.lastIndexOf(" ");
  let at = space > 0 ? most - near.length + space + 1 : most;
  const before = line.slice(Math.max(0, at - lookBack), at);
  const link = before.lastIndexOf("<");
  const entity = before.lastIndexOf("&");
  if (link > before.lastIndexOf(">") && link > 0) at -= before.length - link;
  else if (entity > before.lastIndexOf(";") && before.length - entity < 6) at -= before.length - entity;
  return (line.charCodeAt(at) & 0xfc00) === 0xdc00 ? at - 1 : at;
}
