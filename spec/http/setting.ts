// A door to scripted services, for specs.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createDoor } from "../../actors/http/door.ts";
import { HttpError } from "../../actors/http/errors.ts";
import type { Door, DoorOptions, ServiceKeys, Services } from "../../actors/http/types.ts";
import { keysOf, servicesAt } from "../support/reach.ts";

/** What of a door a spec chooses. */
export interface DoorSetting {
  services?: Partial<Services>;
  keys?: Partial<ServiceKeys>;
  cacheDir?: string | null;
  waits?: DoorOptions["waits"];
  intervals?: DoorOptions["intervals"];
}

/** A door whose pauses are short. */
export function doorFor({ services = {}, keys = {}, ...rest }: DoorSetting): Door {
  return createDoor({
    services: servicesAt(services),
    keys: keysOf(keys),
    cacheDir: null,
    userAgent: "ml-intern/spec",
    waits: { firstMs: 5, mostMs: 2_000 },
    ...rest,
  });
}

/** A folder of its own, and how to take it away. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), "door-spec-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Makes all answers that are kept in a folder older, by milliseconds. */
export function ageKept(folder: string, byMs: number): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name);
    const kept = readFileSync(file, "latin1");
    writeFileSync(
      file,
      kept.replace(/"at":(\d+)/, (_, at: string) => `"at":${Number(at) - byMs}`),
      "latin1",
    );
  }
}

/** The failure that a promise ends in. Throws when it does not end in one of the door's. */
export async function failureOf(promise: Promise<unknown>): Promise<HttpError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof HttpError) return error;
  throw new Error(`expected a failure at the door, got ${String(error)}`);
}
