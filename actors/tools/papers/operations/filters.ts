// What narrows a search in Semantic Scholar, read from a call's arguments.
import { ToolError } from "../../errors.ts";
import type { Desk } from "../desk.ts";
import { fieldOf, fieldsOfStudy } from "../sources/fields.ts";
import type { PapersArgs } from "../tool.ts";

/** Filters, as the service takes them and in words. */
export interface Filters {
  parameters: { publicationDateOrYear?: string; fieldsOfStudy?: string; minCitationCount?: number };
  words: string;
}

const dateShape = /^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$/;

function dateOf(name: string, given: string | undefined): string {
  const text = given?.trim() ?? "";
  if (text === "" || dateShape.test(text)) return text;
  throw new ToolError(
    "BAD_ARGUMENTS",
    `${name}: ${JSON.stringify(text)} is no date.`,
    "Write YYYY, YYYY-MM or YYYY-MM-DD.",
  );
}

function fieldsIn(desk: Desk, categories: string | undefined): string[] {
  const given = (categories ?? "").split(",").map((one) => one.trim());
  const found = given
    .filter((one) => one !== "")
    .map((one) => {
      const field = fieldOf(one);
      if (field === null) {
        const hint = `The fields are: ${fieldsOfStudy.join(", ")}.`;
        throw new ToolError("BAD_ARGUMENTS", `categories: there is no field of study ${JSON.stringify(one)}.`, hint);
      }
      if (field.toLowerCase() !== one.toLowerCase()) {
        desk.note(`Semantic Scholar knows no class ${one}; its field ${field}, which is wider, was taken.`);
      }
      return field;
    });
  return [...new Set(found)];
}

/** Reads the filters. Throws `BAD_ARGUMENTS`. */
export function filtersOf(args: PapersArgs, desk: Desk): Filters {
  const from = dateOf("date_from", args.date_from);
  const to = dateOf("date_to", args.date_to);
  if (from !== "" && to !== "" && from.slice(0, to.length) > to) {
    throw new ToolError("BAD_ARGUMENTS", `date_from (${from}) is after date_to (${to}).`);
  }
  const fields = fieldsIn(desk, args.categories);
  const least = Math.max(args.min_citations ?? 0, 0);
  const words = [
    from === "" ? "" : `from ${from}`,
    to === "" ? "" : `until ${to}`,
    fields.length === 0 ? "" : fields.join(" or "),
    least === 0 ? "" : `at least ${least} citations`,
  ];
  return {
    parameters: {
      ...(from === "" && to === "" ? {} : { publicationDateOrYear: `${from}:${to}` }),
      ...(fields.length === 0 ? {} : { fieldsOfStudy: fields.join(",") }),
      ...(least === 0 ? {} : { minCitationCount: least }),
    },
    words: words.filter((word) => word !== "").join(", "),
  };
}

/** Whether a date (YYYY, or longer) lies between two others, each as exact as it is. */
export function isBetween(date: string, from: string, to: string): boolean {
  const isAfter = from === "" || date >= from.slice(0, date.length);
  return isAfter && (to === "" || date.slice(0, to.length) <= to);
}
