// The simple format of session traces that the Hub shows, as an export.
import { messageLine, sessionLine } from "../../../actors/traces/simple.ts";
import { safeJson } from "../../text/neutralise.ts";
import type { Format } from "./formats.ts";

export function messages(): Format {
  return {
    begin: (head) => `${safeJson(sessionLine(head))}\n`,
    entry(entry) {
      const line = messageLine(entry);
      return line === null ? "" : `${safeJson(line)}\n`;
    },
    end: () => "",
  };
}
