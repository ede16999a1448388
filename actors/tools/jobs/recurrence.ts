// How often a schedule runs. Pure.
import { type CronExpression, CronExpressionParser } from "cron-parser";
import { ToolError } from "../errors.ts";
import type { Recurrence } from "./recurring-cost.ts";

/** In so many years each date meets each day of the week; the first of them is as good as any other. */
const cycle = { from: 2000, years: 28 };
const dayMs = 86_400_000;

/** Reads a schedule. Throws a `ToolError` for what is none. */
export function recurrenceOf(schedule: string): Recurrence {
  const { hour, minute } = parse(schedule).fields;
  const days = daysOf(parse(schedule));
  const aDay = hour.values.length * minute.values.length;
  const isDaily = days.every(({ matching, all }) => matching === all);
  return { aDay, aMonth: aDay * Math.max(...days.map(({ matching }) => matching)), isDaily };
}

function parse(schedule: string): CronExpression {
  const text = schedule.trim();
  try {
    const isNamed = /^@(?:hourly|daily|weekly|monthly|yearly|annually)$/.test(text);
    if (!isNamed && text.split(/\s+/).length !== 5) throw new Error("it has not five fields");
    return CronExpressionParser.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ToolError(
      "BAD_ARGUMENTS",
      `${JSON.stringify(schedule)} is no schedule: ${why}.`,
      'For example "0 9 * * 1", or @daily.',
    );
  }
}

/** For each month of the cycle, how many of its days match. */
function daysOf({ fields: { month, dayOfMonth, dayOfWeek } }: CronExpression): { matching: number; all: number }[] {
  const months = new Set<number>(month.values);
  const dates = new Set<unknown>(dayOfMonth.values);
  const weekdays = new Set<number>(dayOfWeek.values.map((day) => Number(day) % 7));
  // Where both are given, either suffices (crontab(5)).
  const isEither = !dayOfMonth.isWildcard && !dayOfWeek.isWildcard;
  const found: { matching: number; all: number }[] = [];
  for (let index = 0; index < cycle.years * 12; index += 1) {
    const first = Date.UTC(cycle.from, index, 1);
    const all = (Date.UTC(cycle.from, index + 1, 1) - first) / dayMs;
    let matching = 0;
    for (let date = 1; date <= all && months.has((index % 12) + 1); date += 1) {
      const isDate = dates.has(date) || (date === all && dates.has("L"));
      const isWeekday = weekdays.has(new Date(first + (date - 1) * dayMs).getUTCDay());
      if (isEither ? isDate || isWeekday : isDate && isWeekday) matching += 1;
    }
    found.push({ matching, all });
  }
  return found;
}

/** The same for a schedule of the Hub's; null for one that we cannot read. */
export function knownRecurrence(schedule: string): Recurrence | null {
  try {
    return recurrenceOf(schedule);
  } catch {
    return null;
  }
}
