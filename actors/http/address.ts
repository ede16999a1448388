// Which addresses requests may go to. One that a model or a page has named is text from outside: it may try to reach
// this machine, its network, or a cloud's metadata service.
import { type LookupAddress, lookup as resolve } from "node:dns";
import type { LookupFunction } from "node:net";
import ipaddr from "ipaddr.js";
import { HttpError } from "./errors.ts";
import type { Services } from "./types.ts";

function refused(message: string, hint: string): HttpError {
  return new HttpError("HTTP_ADDRESS", message, { hint });
}

/** The text as an http(s) address without user name and password. Throws `HTTP_ADDRESS`. */
export function webAddress(text: string): URL {
  const shown = JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text);
  if (!URL.canParse(text)) throw refused(`${shown} is no address.`, "Write it whole, beginning with https://");
  const url = new URL(text);
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw refused(`${shown} is no web address.`, "Only http and https are fetched; read local files with read.");
  }
  if (url.username !== "" || url.password !== "") {
    throw refused("The address has a user name or a password in it.", "Leave them out.");
  }
  return url;
}

/** Origins that the user has configured: each may be private. */
export function ownOrigins(services: Services): Set<string> {
  const { openHosts, webSearch, ...addresses } = services;
  const all = [...Object.values(addresses), ...webSearch.map(({ address }) => address)];
  const origins = all.map((address) => new URL(address).origin);
  return new Set([...origins, ...openHosts.flatMap((host) => [`http://${host}`, `https://${host}`])]);
}

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  const range = parsed.range();
  if (parsed.kind() === "ipv4") return range === "unicast";
  const bytes = parsed.toByteArray();
  const inner = bytes.slice(12).join(".");
  // NAT64 (RFC 6052) and the old IPv4-compatible form lead to the IPv4 address in the last four bytes.
  if (range === "rfc6052") return isPublicAddress(inner);
  return range === "unicast" && bytes.slice(0, 12).some((byte) => byte !== 0);
}

/** Throws `HTTP_ADDRESS` for a host that is written as a private address. Names are looked up when connecting. */
export function checkLiteral(url: URL): void {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const isName = !ipaddr.isValid(host);
  const isLocalName = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i.test(host);
  if (isName ? isLocalName : !isPublicAddress(host)) throw notPublic(host);
}

function notPublic(host: string): HttpError {
  const hint = "Only public addresses are fetched. The user can open a host of their own in the config (open_hosts).";
  return refused(`${host} is not on the public internet.`, hint);
}

/** A look-up of names for connections that may lead to public addresses only, whatever the name says a moment later. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, found) => {
    const addresses = found as LookupAddress[];
    if (error !== null) return callback(error, "", 0);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (first === undefined) return callback(notPublic(hostname) as NodeJS.ErrnoException, "", 0);
    if (options.all === true) return callback(null, open);
    return callback(null, first.address, first.family);
  });
};
