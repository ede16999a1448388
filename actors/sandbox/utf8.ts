// Cuts in UTF-8 that do not split a character. Bytes that are no UTF-8 are left alone.

/** How many bytes at the start of a piece belong to a character that began before it. */
export function headFragment(bytes: Uint8Array): number {
  let count = 0;
  while (count < 3 && count < bytes.length && isContinuation(bytes[count])) count += 1;
  // Four and more in a row are not a fragment of one character.
  return isContinuation(bytes[count]) ? 0 : count;
}

/** How many bytes at the end of a piece begin a character that goes on after it. */
export function tailFragment(bytes: Uint8Array): number {
  for (let count = 1; count <= 3 && count <= bytes.length; count += 1) {
    const byte = bytes[bytes.length - count] ?? 0;
    if (isContinuation(byte)) continue;
    return lengthFrom(byte) > count ? count : 0;
  }
  return 0;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}

function lengthFrom(first: number): number {
  if (first >= 0b1111_0000 && first < 0b1111_1000) return 4;
  if (first >= 0b1110_0000 && first < 0b1111_0000) return 3;
  if (first >= 0b1100_0000 && first < 0b1110_0000) return 2;
  return 1;
}
