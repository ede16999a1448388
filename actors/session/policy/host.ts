// Host names as the policy compares them: read the way that requests read them, so that no spelling slips through.

/** A host in its one spelling. */
export interface Host {
  name: string;
  /** Empty for the port of https. */
  port: string;
}

/** Characters that end a host in a URL, or put something before it. */
const foreign = /[\s/\\?#@]/;

/** Reads a host with or without a port; null when it is none, or more than one (user names, paths, null bytes). */
export function canonicalHost(text: string): Host | null {
  if (text === "" || foreign.test(text) || text.includes("\0")) return null;
  if (!URL.canParse(`https://${text}`)) return null;
  const { hostname, port } = new URL(`https://${text}`);
  const name = hostname.endsWith(".") ? hostname.slice(0, -1) : hostname;
  return name === "" || name.endsWith(".") ? null : { name, port };
}

/** Whether a rule's host stands for every host there is. */
export function isAnyHost(pattern: string): boolean {
  return pattern === "*";
}

/**
 * Whether a rule's host means a host: the same name, any below `*.name`, or all for `*`. A port counts when the rule
 * names one. Null when the rule's host is none.
 */
export function hostFits(pattern: string, host: Host): boolean | null {
  if (isAnyHost(pattern)) return true;
  const wide = pattern.startsWith("*.");
  const wanted = canonicalHost(wide ? pattern.slice(2) : pattern);
  if (wanted === null || wanted.name.includes("*")) return null;
  if (wanted.port !== "" && wanted.port !== host.port) return false;
  return wide ? host.name.endsWith(`.${wanted.name}`) : host.name === wanted.name;
}
