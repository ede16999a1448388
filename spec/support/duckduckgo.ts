// Pages as DuckDuckGo's html engine shows them.

const wrapped = (url: string) => `//duckduckgo.com/l/?uddg=${encodeURIComponent(url)}&amp;rut=abc`;

/** A hit. */
export function duckResult(url: string, title: string, snippet = `About <b>${title}</b> &amp; more.`): string {
  return `<div class="result results_links results_links_deep web-result"><div class="links_main links_deep result__body">
    <h2 class="result__title"><a rel="nofollow" class="result__a" href="${wrapped(url)}">${title}</a></h2>
    <a class="result__snippet" href="${wrapped(url)}">${snippet}</a></div></div>`;
}

/** A page of hits. */
export function duckPage(results: readonly string[], next = ""): string {
  return `<html><head><title>q at DuckDuckGo</title></head><body><a href="/settings">Settings</a><a href="https://duckduckgo.com/about">About</a>
    <form id="search_form"><input type="hidden" name="nope" value="1"><input type="submit" value="S"></form>
    <div class="serp__results">${results.join("\n")}</div>${next}</body></html>`;
}

/** What stands on a page with a next one. */
export const duckNext =
  '<div class="nav-link"><form action="/html/" method="post"><input type="submit" class="btn" value="Next"><input type="hidden" name="q" value="packing"><input type="hidden" name="s" value="10"><input type="hidden" name="vqd" value="4-77"></form></div>';

/** An advertisement. */
export const duckAd =
  '<div class="result results_links result--ad"><h2><a class="result__a" href="https://duckduckgo.com/y.js?ad_domain=shop.example&u3=x">Buy GPUs</a></h2><a class="result__snippet">Cheap!</a></div>';

/** The page for those who are taken for a bot. */
export const duckRiddle =
  '<html><body><form id="challenge-form" action="//duckduckgo.com/anomaly.js"><div class="anomaly-modal__title">Unfortunately, bots use DuckDuckGo too.</div><a href="https://duckduckgo.com/about">About</a></form></body></html>';
