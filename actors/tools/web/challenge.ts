// Pages that stand in the way of the one that was asked for, because the asker is taken for a bot. Pure.

/** What such pages have in them: DuckDuckGo, Cloudflare, Google, hCaptcha and their like. */
const signs = [
  /anomaly[-_.](?:modal|js)/i,
  /id="challenge-form"/i,
  /bots use DuckDuckGo/i,
  /cf-(?:challenge|turnstile|chl)|__cf_chl_|challenge-platform\//i,
  /<title>\s*(?:just a moment|attention required|access denied|are you (?:a )?(?:human|robot))/i,
  /(?:g-recaptcha|h-captcha)["'\s]/i,
  /unusual traffic from your computer network/i,
];

/** Characters of a page that are looked at. */
const looked = 200_000;

/** Whether a page asks for proof that a person reads it. A long page that merely has such a sign somewhere does not. */
export function isChallenge(html: string, status: number): boolean {
  const text = html.slice(0, looked);
  const hits = signs.filter((sign) => sign.test(text)).length;
  return hits > 0 && (status !== 200 || hits > 1 || text.length < 60_000);
}
