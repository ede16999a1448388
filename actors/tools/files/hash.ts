import { createHash } from "node:crypto";

/** The content hash by which a file is known: SHA-256, hexadecimal. */
export function hashOf(bytes: Uint8Array | string): string {
  return createHash("sha256").update(bytes).digest("hex");
}
