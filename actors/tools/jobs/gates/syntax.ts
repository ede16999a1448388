import type { Gate } from "./gate.ts";

/** A script that does not parse fails after minutes of waiting and installing. */
export const syntax: Gate = ({ facts }) =>
  facts?.error
    ? {
        message: `The script does not parse: line ${facts.error.line}: ${facts.error.text}`,
        hint: "Mend that line.",
      }
    : null;
