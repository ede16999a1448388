// How we name ourselves to services.

/**
 * How we name ourselves to services: `createdBy` is the program and its version. The Hub counts which agents call it by
 * the part `agent/<name>`.
 */
export function userAgentOf(createdBy: string): string {
  return `${createdBy.replace(" ", "/")} agent/ml-intern`;
}
