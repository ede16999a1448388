// UTF-8 in strings that hold one byte in each character (latin1), as the decoder keeps what it has not read yet.

/** How many bytes a character has that begins with this one; 1 where the byte begins none. */
export function sizeOf(lead: number): number {
  if (lead >= 0xc2 && lead <= 0xdf) return 2;
  if (lead >= 0xe0 && lead <= 0xef) return 3;
  return lead >= 0xf0 && lead <= 0xf4 ? 4 : 1;
}

/** How many bytes at the end may be the beginning of a character whose rest has not come yet: 0 to 3. */
export function openEnd(bytes: string): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes.charCodeAt(bytes.length - back);
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < sizeOf(byte) ? back : 0;
  }
  return 0;
}

/** The text that the bytes stand for; U+FFFD where they stand for none. */
export function decode(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** Text without C0 and C1 control characters and DEL. */
export function withoutControls(text: string): string {
  return text.replace(/\p{Cc}+/gu, "");
}

/** The same, but line feeds and tabs stay. */
export function withoutActiveControls(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]+/gu, "");
}
