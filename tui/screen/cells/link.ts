// Which addresses a terminal may be asked to open.

const most = 2048;

/**
 * The address in plain ASCII when it is one of http, https or this machine's files, without a user's name in it, and
 * of at most 2,048 characters; null otherwise.
 */
export function checkedLink(address: string): string | null {
  // The platform would pass over blanks and controls; who writes them means no address.
  if (address.length > most || /[\s\p{Cc}]/u.test(address) || !URL.canParse(address)) return null;
  const { protocol, username, password, host, href } = new URL(address);
  if (protocol !== "http:" && protocol !== "https:" && protocol !== "file:") return null;
  if (username !== "" || password !== "") return null;
  if (protocol === "file:" && host !== "") return null;
  return href.length <= most && /^[\x21-\x7e]+$/.test(href) ? href : null;
}
