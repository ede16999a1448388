import { expect } from "chai";
import { secretsFrom } from "../../actors/redaction/secrets.ts";
import { commandEnvironment } from "../../tui/config/command-env.ts";
import { shippedConfig } from "../../tui/config/load.ts";
import { serviceKeysOf, servicesOf } from "../../tui/config/services.ts";
import { fromEnvironment, isSecret } from "../../tui/config/variables.ts";
import { searchEngines } from "../../tui/config/web-search.ts";
import type { FrontError } from "../../tui/errors.ts";

const shipped = shippedConfig().values;
const named = (values: Record<string, string | string[] | boolean>) =>
  searchEngines({ ...shipped, ...values }).map(({ name }) => name);

describe("search engines in force", () => {
  it("are those that anybody may ask, where nothing is set", () => {
    expect(searchEngines(shipped)).to.deep.equal([
      { kind: "duckduckgo", name: "DuckDuckGo", address: "https://html.duckduckgo.com/html" },
      { kind: "marginalia", name: "Marginalia", address: "https://api2.marginalia-search.com" },
    ]);
  });

  it("begin with those that there is a key for, then those that are named", () => {
    const values = { brave_api_key: "b", tavily_api_key: "t", web_search_url: "https://searx.example/search" };
    expect(named(values)).to.deep.equal(["Brave Search", "Tavily", "searx.example"]);
    expect(named({ brave_api_key: "b" })).to.deep.equal(["Brave Search", "DuckDuckGo", "Marginalia"]);
  });

  it("are never asked for money without a key", () => {
    expect(named({ brave_api_url: "https://b.example", tavily_api_key: "" })).to.deep.equal([
      "DuckDuckGo",
      "Marginalia",
    ]);
  });

  for (const [how, value] of [
    ["a list", ["https://one.example/search", "https://two.example/html/"]],
    ["a text with commas", "https://one.example/search, https://two.example/html"],
    ["a text with spaces", " https://one.example/search https://two.example/html/ "],
  ] as const) {
    it(`may be named by ${how}`, () => {
      const engines = searchEngines({ ...shipped, web_search_url: typeof value === "string" ? value : [...value] });
      expect(engines.slice(0, 2)).to.deep.equal([
        { kind: "searxng", name: "one.example", address: "https://one.example/search" },
        { kind: "duckduckgo", name: "two.example", address: "https://two.example/html" },
      ]);
    });
  }

  it("are only the user's own where they have one, unless the others are to stand in", () => {
    const own = { web_search_url: "https://searx.example" };
    expect(named(own)).to.deep.equal(["searx.example"]);
    expect(named({ ...own, web_search_fallback: true })).to.deep.equal(["searx.example", "DuckDuckGo", "Marginalia"]);
    expect(named({ brave_api_key: "b", web_search_fallback: false })).to.deep.equal(["Brave Search"]);
    expect(named({ web_search_fallback: false }), "nothing is chosen").to.deep.equal(["DuckDuckGo", "Marginalia"]);
  });

  it("are each there once", () => {
    const own = { web_search_url: "https://html.duckduckgo.com/html/", web_search_fallback: true };
    expect(named(own)).to.deep.equal(["html.duckduckgo.com", "Marginalia"]);
  });

  it("have addresses", () => {
    for (const value of [
      "searx.example",
      "ftp://searx.example",
      "https://one.example nonsense",
      "https://me:pw@one.example",
    ]) {
      expect(() => named({ web_search_url: value }), value)
        .to.throw()
        .and.satisfy(
          (error: FrontError) =>
            error.code === "ENDPOINT_INVALID" && /WEB_SEARCH_URL/.test(error.message) && !/pw/.test(error.message),
        );
    }
  });

  it("can be moved, with their keys", () => {
    const config = {
      ...shipped,
      ...fromEnvironment({ BRAVE_SEARCH_API_KEY: "brave-key-12345", BRAVE_API_URL: "http://127.0.0.1:9/" }),
    };
    expect(servicesOf(config).webSearch[0]).to.deep.equal({
      kind: "brave",
      name: "Brave Search",
      address: "http://127.0.0.1:9",
    });
    expect(serviceKeysOf(config)).to.deep.include({ brave: "brave-key-12345", tavily: null });
  });

  it("have keys that are secrets, and that no command sees", () => {
    const env = {
      BRAVE_API_KEY: "brave-key-12345",
      BRAVE_SEARCH_API_KEY: "brave-key-67890",
      TAVILY_API_KEY: "tavily-key-12345",
      MARGINALIA_API_KEY: "marginalia-12345",
    };
    expect(secretsFrom(env, {})).to.have.members(Object.values(env));
    expect(commandEnvironment(env)).to.deep.equal({});
    for (const key of ["brave_api_key", "tavily_api_key", "marginalia_api_key"]) expect(isSecret(key)).to.equal(true);
  });
});
