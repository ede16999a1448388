// What the policy says to people: what a call would do, as a clause.
import type { Access, PublishKind } from "../../events.ts";
import { below, canonicalPath } from "./place.ts";

const published: Record<PublishKind, (target: string, host: string) => string> = {
  message: (target, host) => `a message would be sent to ${target} at ${host}`,
  upload: (target, host) => `files would be uploaded to ${target} at ${host}`,
  merge: (target, host) => `${target} at ${host} would be merged`,
  create_repo: (target, host) => `the repository ${target} would be created at ${host}`,
  visibility_public: (target, host) => `${target} at ${host} would be made public`,
  force_push: (target, host) => `the history of ${target} at ${host} would be overwritten`,
  scheduled_job: (target, host) => `${target} would run again and again at ${host}, at a cost that nobody can bound`,
  mcp_call: (target, host) => `${target} (${host}) would be called; what it does there is not known beforehand`,
  other: (target, host) => `${target} at ${host} would be changed`,
};

function dollars(usd: number | null): string {
  if (usd === null || !(usd >= 0)) return "an unknown sum";
  return `up to ${usd >= 0.01 ? usd.toFixed(2) : Number(usd.toPrecision(2))} US dollars`;
}

/** What the access touches, for a rule's own reason to go on from. */
export function objectOf(access: Access): string {
  if ("path" in access) return access.path;
  if ("target" in access) return `${access.target} at ${access.host}`;
  return access.kind === "network" ? access.host : `spending ${dollars(access.usd)}`;
}

/** What the access would do. */
export function clauseOf(access: Access, workspace: string): string {
  switch (access.kind) {
    case "read":
      return `${access.path} would be read`;
    case "write":
      return `${access.path}${outside(access.path, workspace)} would be written`;
    case "run":
      if (access.open === true) {
        return `a command would run in ${access.path}, and nothing keeps it there: ml-intern doctor says why, --isolation off that this is fine`;
      }
      return `a command would run in ${access.path}${outside(access.path, workspace)}`;
    case "network":
      return `${access.host} would be contacted over the network`;
    case "spend":
      return `it would cost ${dollars(access.usd)}${access.payer === undefined ? "" : `, paid by ${access.payer}`}`;
    case "publish":
      return (published[access.what] ?? published.other)(access.target, access.host);
    case "delete":
      return `the ${access.what} ${access.target} would be deleted at ${access.host}`;
  }
}

function outside(path: string, workspace: string): string {
  return below(canonicalPath(path) ?? path, workspace) ? "" : " outside the workspace";
}

/** A clause with the source of the untrusted text that may be behind the wish. */
export function withSource(clause: string, source: string): string {
  return `${clause}; ${source}, which nobody vouches for, was read before and may be where the wish comes from`;
}

const mostClauses = 4;

/** Clauses as one, each said once. */
export function joined(clauses: readonly string[]): string {
  const distinct = [...new Set(clauses)];
  const more = distinct.length - mostClauses;
  return [...distinct.slice(0, mostClauses), ...(more > 0 ? [`and ${more} more like these`] : [])].join("; ");
}
