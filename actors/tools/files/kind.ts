// What a file is, from its first bytes.

/** Bytes that the look at a file's beginning takes. */
export const sampleBytes = 8_192;

/** What the beginning of a file says. */
export type FileKind =
  | { kind: "text"; encoding: TextEncoding; bomBytes: number }
  | { kind: "image"; mediaType: string }
  | { kind: "binary"; type: string };

/** Encodings that text is read from and written back to. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "latin1";

/** Magic numbers, each as its registered type names it (offset 0 unless given). */
const magic: { type: string; bytes: number[]; at?: number }[] = [
  { type: "PDF document", bytes: [0x25, 0x50, 0x44, 0x46, 0x2d] },
  { type: "zip archive (also docx, xlsx, npz, pt, jar)", bytes: [0x50, 0x4b, 0x03, 0x04] },
  { type: "gzip archive", bytes: [0x1f, 0x8b] },
  { type: "zstd archive", bytes: [0x28, 0xb5, 0x2f, 0xfd] },
  { type: "xz archive", bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { type: "bzip2 archive", bytes: [0x42, 0x5a, 0x68] },
  { type: "tar archive", bytes: [0x75, 0x73, 0x74, 0x61, 0x72], at: 257 },
  { type: "ELF program or library", bytes: [0x7f, 0x45, 0x4c, 0x46] },
  { type: "Mach-O program or library", bytes: [0xcf, 0xfa, 0xed, 0xfe] },
  { type: "Parquet table", bytes: [0x50, 0x41, 0x52, 0x31] },
  { type: "Arrow file", bytes: [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31] },
  { type: "NumPy array", bytes: [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59] },
  { type: "HDF5 file", bytes: [0x89, 0x48, 0x44, 0x46] },
  { type: "GGUF model", bytes: [0x47, 0x47, 0x55, 0x46] },
  { type: "SQLite database", bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66] },
  { type: "Python pickle", bytes: [0x80, 0x04, 0x95] },
  { type: "Python pickle", bytes: [0x80, 0x05, 0x95] },
  { type: "TIFF image", bytes: [0x49, 0x49, 0x2a, 0x00] },
  { type: "Ogg media", bytes: [0x4f, 0x67, 0x67, 0x53] },
  { type: "FLAC audio", bytes: [0x66, 0x4c, 0x61, 0x43] },
  { type: "MP4 media", bytes: [0x66, 0x74, 0x79, 0x70], at: 4 },
];

function has(sample: Uint8Array, bytes: readonly number[], at = 0): boolean {
  return bytes.every((byte, index) => sample[at + index] === byte);
}

function imageType(sample: Uint8Array): string | null {
  if (has(sample, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return "image/png";
  if (has(sample, [0xff, 0xd8, 0xff])) return "image/jpeg";
  if (has(sample, [0x47, 0x49, 0x46, 0x38])) return "image/gif";
  if (has(sample, [0x52, 0x49, 0x46, 0x46]) && has(sample, [0x57, 0x45, 0x42, 0x50], 8)) return "image/webp";
  return null;
}

/** The share of bytes that no text holds: control characters other than tab, line ends, form feed, escape, backspace. */
function controlShare(sample: Uint8Array): number {
  let controls = 0;
  for (const byte of sample) {
    if (byte < 0x20 && !(byte >= 0x08 && byte <= 0x0d) && byte !== 0x1b) controls += 1;
  }
  return sample.length === 0 ? 0 : controls / sample.length;
}

/** UTF-16 without a mark: ASCII text in it has a zero in every second byte, always on the same side. */
function bareUtf16(sample: Uint8Array): TextEncoding | null {
  if (sample.length < 4) return null;
  let even = 0;
  let odd = 0;
  for (let index = 0; index + 1 < sample.length; index += 2) {
    if (sample[index] === 0) even += 1;
    if (sample[index + 1] === 0) odd += 1;
  }
  const pairs = Math.floor(sample.length / 2);
  if (odd > pairs * 0.7 && even === 0) return "utf-16le";
  if (even > pairs * 0.7 && odd === 0) return "utf-16be";
  return null;
}

/** Says what a file is from its first bytes (`sampleBytes` of them, fewer when it is shorter). */
export function kindOfBytes(sample: Uint8Array): FileKind {
  if (has(sample, [0xef, 0xbb, 0xbf])) return { kind: "text", encoding: "utf-8", bomBytes: 3 };
  if (has(sample, [0xff, 0xfe]) && !has(sample, [0xff, 0xfe, 0, 0]))
    return { kind: "text", encoding: "utf-16le", bomBytes: 2 };
  if (has(sample, [0xfe, 0xff])) return { kind: "text", encoding: "utf-16be", bomBytes: 2 };
  const image = imageType(sample);
  if (image !== null) return { kind: "image", mediaType: image };
  if (sample.includes(0) || controlShare(sample) > 0.1) {
    const known = magic.find(({ bytes, at }) => has(sample, bytes, at));
    if (known !== undefined) return { kind: "binary", type: known.type };
    const utf16 = bareUtf16(sample);
    if (utf16 !== null) return { kind: "text", encoding: utf16, bomBytes: 0 };
    return { kind: "binary", type: "unknown binary data" };
  }
  const known = magic.find(({ type, bytes }) => bytes.length > 3 && type.startsWith("PDF") && has(sample, bytes));
  if (known !== undefined) return { kind: "binary", type: known.type };
  return { kind: "text", encoding: "utf-8", bomBytes: 0 };
}
