// Reads what the Hub answers about Spaces. Nothing is taken for granted.
import { asCount, asObject, asObjects, asText } from "../../shape.ts";
import type { SpaceEntry, SpaceRuntime } from "./types.ts";

/** A stage goes into sentences of ours, so it must be one of the words that stages are. */
function stageIn(value: unknown): string {
  const stage = asText(value);
  return /^[A-Z_]{1,40}$/.test(stage) ? stage : "UNKNOWN";
}

/** The name of a machine, or null. It stands in sentences of ours as well. */
function machineIn(value: unknown): string | null {
  const name = asText(value);
  return /^[A-Za-z0-9._-]{1,60}$/.test(name) ? name : null;
}

/** How a Space is doing. */
export function readRuntime(value: unknown): SpaceRuntime {
  const raw = asObject(value);
  const hardware = asObject(raw?.hardware);
  const sleep = asCount(raw?.gcTimeout);
  return {
    stage: stageIn(raw?.stage),
    hardware: machineIn(hardware?.current),
    requested: machineIn(hardware?.requested),
    sleepSeconds: sleep === null || sleep < 0 ? null : sleep,
    errorMessage: asText(raw?.errorMessage),
    volumes: asObjects(raw?.volumes).map((volume) => ({
      type: asText(volume.type),
      source: asText(volume.source),
      mountPath: asText(volume.mountPath),
      readOnly: volume.readOnly === true,
    })),
  };
}

/** Variables or secrets, by name. */
export function readEntries(value: unknown): Map<string, SpaceEntry> {
  const entries = Object.entries(asObject(value) ?? {});
  return new Map(
    entries.map(([name, raw]) => {
      const entry = asObject(raw);
      return [name, { value: asText(entry?.value), updatedAt: asText(entry?.updatedAt) }];
    }),
  );
}

/** Where the app of a Space answers, by what the Hub says of the repository; null: nowhere yet. */
export function readAppUrl(value: unknown): string | null {
  const raw = asObject(value);
  const host = asText(raw?.host);
  const isWeb = /^https?:\/\/[^\s/]+\/?$/.test(host) && URL.canParse(host);
  if (isWeb) return new URL(host).origin;
  const subdomain = asText(raw?.subdomain);
  return /^[a-z0-9-]{1,120}$/.test(subdomain) ? `https://${subdomain}.hf.space` : null;
}
