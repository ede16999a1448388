// The machine's time zone, asked once per session: a prompt that named another zone after a resume on another machine
// would no longer be the same.
import { existsSync, readlinkSync } from "node:fs";

/** A time zone as a session keeps it. */
export interface Zone {
  /** The name in the IANA database, for example `Europe/Paris`; where the machine has none, `UTC` and the offset. */
  time_zone: string;
  /** Minutes that its clocks were ahead of UTC when the session began. */
  utc_offset_minutes: number;
}

/** The zone of sessions that did not keep one. */
export const utc: Zone = { time_zone: "UTC", utc_offset_minutes: 0 };

const database = "/usr/share/zoneinfo";
const zoneName = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;

/** The zone of this machine at a time (milliseconds since 1970). */
export function localZone(at: number, env: Readonly<Record<string, string | undefined>> = process.env): Zone {
  const minutes = -new Date(at).getTimezoneOffset() || 0;
  return { time_zone: named(env.TZ) ?? asked() ?? offsetName(minutes), utc_offset_minutes: minutes };
}

/**
 * The name where the system keeps it. Asking `Intl` costs more than ten milliseconds when it is the first to be asked
 * anything, so it comes last.
 */
function named(variable: string | undefined): string | null {
  const name = variable === undefined ? linked() : variable.replace(/^:/, "");
  return name !== null && zoneName.test(name) && existsSync(`${database}/${name}`) ? name : null;
}

function linked(): string | null {
  try {
    return /zoneinfo\/(.+)$/.exec(readlinkSync("/etc/localtime"))?.[1] ?? null;
  } catch {
    return null;
  }
}

function asked(): string | null {
  // Undefined, or `Etc/Unknown`, for what the database does not know.
  const name: string | undefined = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return name === undefined || name === "Etc/Unknown" ? null : name;
}

function offsetName(minutes: number): string {
  return minutes === 0 ? "UTC" : utcOffset(minutes);
}

/** An offset as people write it: `UTC+02:00`. */
export function utcOffset(minutes: number): string {
  const two = (value: number) => String(Math.trunc(value)).padStart(2, "0");
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? "-" : "+"}${two(size / 60)}:${two(size % 60)}`;
}
