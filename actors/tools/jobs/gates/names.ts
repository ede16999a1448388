/** The checks before a launch, in the order in which they are made. */
export const gateNames = [
  "syntax",
  "header",
  "dependencies",
  "columns",
  "results",
  "token",
  "timeout",
  "hardware",
  "hardcoded_secret",
] as const;

export type GateName = (typeof gateNames)[number];
