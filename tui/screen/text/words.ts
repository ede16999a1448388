// Quantities as people read them at a glance: few characters, a unit on each, and never a figure that looks more exact
// than it is. What is not a number is shown as "?", so that a gap in what is known does not read as nought.

/** What stands for a quantity that nobody knows. */
const unknown = "?";

/** How long something took or will take, in milliseconds: `0.4 s`, `6.0 s`, `3:12`, `1:02:05`, `2 d 3 h`. */
export function duration(ms: number): string {
  if (!Number.isFinite(ms)) return unknown;
  const tenths = Math.round(Math.max(0, ms) / 100);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`;
  const seconds = Math.round(Math.max(0, ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)} d ${hours % 24} h`;
  const clock = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${clock}` : clock.replace(/^0/, "");
}

/** An amount of memory or data in bytes, in steps of 1000: `512 B`, `1.2 kB`, `254 kB`, `19 GB`. */
export function bytes(count: number): string {
  return Number.isFinite(count) ? scaled(Math.max(0, count), byteUnits, " ") : unknown;
}

/** A sum in US dollars: `$0.0042`, `$1.82`, `$1,204.50`; a minus sign in front of what is less than nothing. */
export function money(usd: number): string {
  if (!Number.isFinite(usd)) return unknown;
  const size = Math.abs(usd);
  // A sum that would be rounded to nothing still is something.
  if (size > 0 && size < 0.00005) return usd < 0 ? ">-$0.0001" : "<$0.0001";
  return `${usd < 0 ? "-" : ""}$${grouped(size.toFixed(size > 0 && size < 0.1 ? 4 : 2))}`;
}

/** A count of tokens: `812`, `3.4k`, `128k`, `1.2M`. */
export function tokens(count: number): string {
  return Number.isFinite(count) ? scaled(Math.max(0, Math.round(count)), tokenUnits, "") : unknown;
}

/** So many of something: `1 line`, `18,204 lines`. */
export function counted(value: number, what: string): string {
  return `${count(value)} ${what}${value === 1 ? "" : "s"}`;
}

/** A whole number with its thousands set apart: `18,204`. */
export function count(value: number): string {
  if (!Number.isFinite(value)) return unknown;
  const rounded = Math.round(value);
  return `${rounded < 0 ? "-" : ""}${grouped(String(Math.abs(rounded)))}`;
}

/** A share from 0 to 1 in whole per cent. Only what is whole reads as 100 %, and only nothing as 0 %. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return unknown;
  const whole = Math.round(share * 100);
  if (whole >= 100 && share < 1) return "99%";
  return whole <= 0 && share > 0 ? "<1%" : `${whole}%`;
}

/** Something per second: `2.1 it/s`; what takes longer than a second is turned round: `3.4 s/it`. */
export function rate(perSecond: number, what = "it"): string {
  if (!Number.isFinite(perSecond) || perSecond <= 0) return unknown;
  return perSecond >= 1 ? `${figure(perSecond, 3)} ${what}/s` : `${figure(1 / perSecond, 3)} s/${what}`;
}

/** A measured value in a few significant digits: `1.284`, `18204`, `1.6e-4`, `0`, `NaN`, `-inf`. */
export function figure(value: number, digits = 4): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6) {
    const [mantissa = "", exponent = ""] = value.toExponential(Math.max(0, Math.min(digits, 4) - 2)).split("e");
    return `${trimmed(mantissa)}e${exponent.replace("+", "")}`;
  }
  return trimmed(value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))));
}

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"];
const tokenUnits = ["", "k", "M", "G"];

/** A number in the unit that leaves one to three digits before the point, and one after it below ten. */
function scaled(value: number, units: readonly string[], space: string): string {
  let size = value;
  let step = 0;
  // 999.6 of a unit would be printed as 1000 of it.
  while (step < units.length - 1 && size >= (step === 0 ? 1000 : 999.5)) {
    size /= 1000;
    step += 1;
  }
  const text = step === 0 || size >= 99.95 ? String(Math.round(size)) : trimmed(size.toFixed(size < 9.95 ? 1 : 0));
  return `${text}${space}${units[step] ?? ""}`;
}

function grouped(digits: string): string {
  return digits.replace(/\B(?<!\.\d*)(?=(\d{3})+(?!\d))/g, ",");
}

function trimmed(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}
