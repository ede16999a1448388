// Whether the user has agreed that sessions are shared, and where to. Kept beside the sessions; gone when withdrawn.
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { asObject, parseJson } from "../shape.ts";

/** Where sessions would go. An agreement holds for this place alone. */
export interface Sharing {
  /** The Hub's address. */
  hub: string;
  /** The dataset; `{user}` stands for the token's owner. */
  dataset: string;
}

/** Whether there is an agreement for this place. What cannot be read is none. */
export function hasConsent(file: string, { hub, dataset }: Sharing): boolean {
  try {
    const kept = asObject(parseJson(readFileSync(file, "utf8")));
    return kept?.hub === hub && kept.dataset === dataset;
  } catch {
    return false;
  }
}

/** Keeps it. Throws the platform's error. */
export function keepConsent(file: string, sharing: Sharing): void {
  writeFileSync(file, `${JSON.stringify({ ...sharing, at: new Date().toISOString() })}\n`, { mode: 0o600 });
}

/** Takes it back. */
export function withdrawConsent(file: string): void {
  rmSync(file, { force: true });
}
