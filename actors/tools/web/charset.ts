// Bytes of the web as text, in the encoding that their header, their mark or their own beginning names. Pure.

/** The encoding that is stated in an HTML or XML text's first bytes. */
function statedIn(bytes: Uint8Array): string | null {
  const head = Buffer.from(bytes.subarray(0, 2048)).toString("latin1");
  const found =
    /<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head) ??
    /^\s*<\?xml[^>]{0,200}encoding\s*=\s*["']([\w:.-]+)/i.exec(head);
  return found?.[1] ?? null;
}

function markOf(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return "utf-8";
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : null;
}

/** A decoder for a label of the WHATWG's list, or null. */
function decoderFor(label: string | null | undefined): TextDecoder | null {
  if (label == null) return null;
  try {
    return new TextDecoder(label);
  } catch {
    return null;
  }
}

/** The text, and what it was decoded from. A mark goes before the header, and that before what the text states. */
export function decodeWeb(bytes: Uint8Array, contentType: string): { text: string; encoding: string } {
  const header = /charset\s*=\s*"?([\w:.-]+)/i.exec(contentType)?.[1];
  const decoder =
    decoderFor(markOf(bytes)) ?? decoderFor(header) ?? decoderFor(statedIn(bytes)) ?? new TextDecoder("utf-8");
  return { text: decoder.decode(bytes), encoding: decoder.encoding };
}
