// Pages that stand in the way of the one that was asked for, because the asker is taken for a bot. Pure.

/** What stands in such pages and hardly in others: DuckDuckGo's, Cloudflare's, Google's. */
const own = [
  /anomaly[-_.](?:modal|js)/i,
  /id="challenge-form"/i,
  /bots use DuckDuckGo/i,
  /__cf_chl_/i,
  /<title>\s*(?:just a moment|attention required|access denied|are you (?:a )?(?:human|robot))/i,
  /unusual traffic from your computer network/i,
];
/** What stands in other pages as well, in a form for comments for example. */
const shared = [/cf-(?:challenge|turnstile)|challenge-platform\//i, /(?:g-recaptcha|h-captcha)["'\s]/i];

/** Characters of a page that are looked at, and above which it is too long to be a riddle. */
const looked = 200_000;
const longPage = 60_000;

/** Whether a page asks for proof that a person reads it. One that only has such a sign somewhere does not. */
export function isChallenge(html: string, status: number): boolean {
  const text = html.slice(0, looked);
  const hits = (signs: readonly RegExp[]) => signs.filter((sign) => sign.test(text)).length;
  if (status !== 200) return hits(own) + hits(shared) > 0;
  return hits(own) > (text.length < longPage ? 0 : 1);
}
