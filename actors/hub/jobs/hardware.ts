// The machines that jobs can have, and what they cost. Prices come from the Hub; where it cannot be asked, a table that
// the program brings along stands in, and says of when it is.
import table from "../../../configs/job-hardware.json" with { type: "json" };
import { asCount, asObject, asObjects, asText } from "../../shape.ts";
import type { JobsReach } from "./client.ts";
import type { Flavor } from "./types.ts";

/** The catalogue changes rarely; milliseconds for which it is not asked for again. */
const freshMs = 6 * 3_600_000;

/** The machines, and how far they can be relied on. */
export interface Hardware {
  flavors: Flavor[];
  /** `live`: the Hub says so now. `kept`: it said so earlier. `shipped`: the program's own table. */
  source: "live" | "kept" | "shipped";
  /** Of when it is, where it is not the Hub's word of now. */
  asOf: string | null;
}

/** Seconds of the units that prices are given for. */
const unitSeconds: Record<string, number> = { second: 1, minute: 60, hour: 3_600, day: 86_400 };

function hourly(raw: Record<string, unknown>): number | null {
  const micro = asCount(raw.unitCostMicroUSD);
  const cost = asCount(raw.unitCostUSD) ?? (micro === null ? null : micro / 1e6);
  const seconds = unitSeconds[asText(raw.unitLabel).toLowerCase()];
  if (cost === null || cost < 0 || seconds === undefined) return null;
  // What only the binary fraction adds is not money.
  return Number(((cost * 3_600) / seconds).toFixed(6));
}

/** A number, also where it is written as text with a unit: `24 GB`, `24GB`, `2`. */
function numberIn(value: unknown): number | null {
  const found = typeof value === "string" ? /^\s*(\d+(?:\.\d+)?)/.exec(value)?.[1] : null;
  return asCount(value) ?? (found === null || found === undefined ? null : Number(found));
}

/** The flavors in an answer of the Hub; entries without a name are passed over. */
export function readHardware(value: unknown): Flavor[] {
  return asObjects(value).flatMap((raw) => {
    const name = asText(raw.name);
    if (name === "") return [];
    const accelerator = asObject(raw.accelerator);
    const count = numberIn(accelerator?.quantity) ?? 1;
    const vramGb = numberIn(accelerator?.vram);
    return {
      name,
      title: asText(raw.prettyName) || name,
      cpu: asText(raw.cpu),
      ram: asText(raw.ram),
      gpu: accelerator === null ? null : { model: asText(accelerator.model) || "GPU", count, vramGb },
      usdPerHour: hourly(raw),
    };
  });
}

type Row = { usd: number; cpu: string; ram: string; gpu?: string; count?: number; vram_gb?: number };

function shipped(): Hardware {
  const flavors = Object.entries<Row>(table.flavors).map(
    ([name, { usd, cpu, ram, gpu, count = 1, vram_gb }]): Flavor => ({
      name,
      title: name,
      cpu,
      ram,
      gpu: gpu === undefined ? null : { model: gpu, count, vramGb: vram_gb ?? null },
      usdPerHour: usd,
    }),
  );
  return { flavors, source: "shipped", asOf: table.as_of };
}

/** The machines of now. It does not fail, but for an abort: without the Hub, the shipped table stands in. */
export async function jobHardware({ door, signal }: JobsReach): Promise<Hardware> {
  try {
    const request = { signal, anonymous: true, timeoutMs: 10_000, attempts: 2, keep: { freshMs } };
    const answer = await door.expect(`${door.services.hub}/api/jobs/hardware`, request);
    const flavors = readHardware(await answer.json());
    if (flavors.length === 0) return shipped();
    if (answer.staleSince === null) return { flavors, source: "live", asOf: null };
    return { flavors, source: "kept", asOf: new Date(answer.staleSince).toISOString().slice(0, 10) };
  } catch {
    signal.throwIfAborted();
    return shipped();
  }
}

/** The flavor of a name, whatever its case, or undefined. */
export function flavorNamed(hardware: Hardware, name: string): Flavor | undefined {
  const wanted = name.trim().toLowerCase();
  return hardware.flavors.find((flavor) => flavor.name.toLowerCase() === wanted);
}
