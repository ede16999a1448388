import { mkdirSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { openApi } from "../support/docs-service.ts";
import { type DocsSetting, docsSetting } from "./setting.ts";

const spec = "/.well-known/openapi.json";

describe("find_hf_api", () => {
  const open: DocsSetting[] = [];
  const setting = async (...args: Parameters<typeof docsSetting>): Promise<DocsSetting> => {
    const made = await docsSetting(...args);
    open.push(made);
    return made;
  };
  afterEach(async () => {
    for (const made of open.splice(0)) {
      expect(made.hub.unexpected).to.deep.equal([]);
      await made.close();
    }
  });

  it("shows method, path, parameters, body, answer, paging and an example, with references resolved", async () => {
    const { api, hub } = await setting({}, "hf_secret");
    const create = await api({ query: "create a repository" });
    expect(create.text).to.contain(
      "POST /api/repos/create: Create a repository\nCreate a new repository.\nTag: repos\n",
    );
    expect(create.text).to.contain(
      'Body: {name: string, type?: "model" | "dataset" | "space", private?: boolean}\nAnswer: {url: string}\nNeeds a token.',
    );
    expect(create.text).to.contain(
      `Example: curl -s -X POST '${hub.url}/api/repos/create' -H 'Content-Type: application/json' -d '{"name":"my-model"}'`,
    );
    expect(create.text).to.not.match(/Authorization|HF_TOKEN|hf_secret/);
    const tree = await api({ query: "folder content", tag: "models" });
    expect(tree.text)
      .to.contain("namespace (path, required): string\n")
      .and.contain("recursive (query): boolean. Go into folders");
    expect(tree.text).to.contain('Pages: the Link header (rel="next") names the next page; cursor');
    expect(tree.text).to.contain(`curl -s '${hub.url}/api/models/<namespace>/<repo>/tree/main/<path>?kind=all'`);
    expect(tree.text, "a schema that contains itself").to.contain("Answer: {path?: string, children?: {");
  });

  it("asks the API what changes nothing, as the user and at the Hub alone", async () => {
    const models = { path: "/api/models", more: '</api/models?author=ada&cursor=2>; rel="next"' };
    const { api, hub } = await setting(
      {
        before: ({ path }) =>
          path === models.path ? { headers: { link: models.more }, body: [{ id: "ada/m" }] } : undefined,
      },
      "hf_secret",
    );
    const { ok, text } = await api({ get: "/api/models?author=ada" });
    expect(ok, text).to.equal(true);
    expect(text).to.contain('GET /api/models?author=ada\n[\n {\n  "id": "ada/m"\n }\n]');
    expect(text).to.contain("[More: get /api/models?author=ada&cursor=2]");
    const [asked] = hub.to("/api/models");
    expect([asked?.method, asked?.headers.authorization]).to.deep.equal(["GET", "Bearer hf_secret"]);
    const before = hub.asked.length;
    const elsewhere = ["https://example.org/api/models", "//example.org/api/x", "/ada/m/resolve/main/x", "/api/../x"];
    const closed = ["/api/settings/webhooks", "/api/%73ettings/tokens", "/api/spaces/ada/s/secrets"];
    for (const get of [...elsewhere, ...closed]) expect((await api({ get })).ok, get).to.equal(false);
    expect(hub.asked.length).to.equal(before);
  });

  it("finds a call by its path, however its parameters are named", async () => {
    const { api } = await setting();
    const { data } = await api({ query: "GET /api/models/{ns}/{name}/tree/{revision}/{file}" });
    expect((data as { operations: object[] }).operations[0]).to.deep.include({
      method: "GET",
      path: "/api/models/{namespace}/{repo}/tree/{rev}/{path}",
    });
  });

  it("lists the calls of a tag in lines, in parts", async () => {
    const { api } = await setting({ before: ({ path }) => (path === spec ? { body: openApi(200) } : undefined) });
    const { text } = await api({ tag: "Fillers" });
    expect(text).to.contain("Calls for tag fillers (1 to 60 of 200):\nGET /api/filler/0: Filler number 0\n");
    expect(text).to.contain("140 more with offset 60");
    expect((await api({ tag: "fillers", offset: 180 })).text)
      .to.contain("/api/filler/199")
      .and.not.contain("more with offset");
    expect((await api({ query: "filler", offset: 6 })).text).to.match(/7 to 12 of 200/);
  });

  it("says which tags there are for one that there is not", async () => {
    const { api } = await setting();
    expect((await api({ tag: "rockets" })).text).to.match(/no part "rockets".*There are: models, repos/);
  });

  it("refuses a call that says nothing, without loading anything", async () => {
    const { api, hub } = await setting();
    for (const args of [{}, { query: null, tag: null }, { query: " ", tag: "" }]) {
      const { ok, text } = await api(args);
      expect(ok).to.equal(false);
      expect(text).to.match(/Neither query nor tag.*create a repository/);
    }
    expect(hub.asked).to.have.length(0);
  });

  it("loads the description once, confirms it after a day, and serves the old one when the Hub is away", async () => {
    let up = true;
    const made = await setting({ before: () => (up ? undefined : { status: 500, headers: { "retry-after": "0" } }) });
    await Promise.all([made.api({ query: "create" }), made.api({ query: "list" }), made.api({ tag: "repos" })]);
    await made.again().api({ query: "delete" });
    expect(made.hub.to(spec)).to.have.length(1);
    const realNow = Date.now;
    try {
      Date.now = () => realNow() + 30 * 3_600_000;
      await made.api({ query: "create" });
      expect(made.hub.to(spec)[1]?.headers["if-none-match"]).to.equal('"api1"');
      up = false;
      Date.now = () => realNow() + 60 * 3_600_000;
      const { ok, text } = await made.api({ query: "create repository" });
      expect(ok).to.equal(true);
      expect(text).to.match(/as of \d{4}-\d\d-\d\d; it could not be brought up to date/);
    } finally {
      Date.now = realNow;
    }
  });

  it("takes away what a killed process left half written", async () => {
    const made = await setting();
    const folder = join(made.cacheDir, "prepared");
    mkdirSync(folder, { recursive: true });
    for (const name of ["old.json.1.tmp", "new.json.2.tmp"]) writeFileSync(join(folder, name), "half");
    const longAgo = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(join(folder, "old.json.1.tmp"), longAgo, longAgo);
    await made.api({ tag: "repos" });
    expect(readdirSync(folder).sort()).to.deep.equal(["hub-api.json", "hub-api.json.note", "new.json.2.tmp"]);
  });

  it("says what is wrong when there is no description", async () => {
    const { api } = await setting({
      before: ({ path }) => (path === spec ? { body: "<html>Log in</html>" } : undefined),
    });
    const { ok, text } = await api({ query: "create" });
    expect(ok).to.equal(false);
    expect(text).to.match(/no description of an API/);
    const gone = await setting({ before: ({ path }) => (path === spec ? { status: 404 } : undefined) });
    expect((await gone.api({ query: "create" })).text).to.match(/nothing at .*openapi\.json/);
  });

  it("reads a description of megabytes", async () => {
    const { api } = await setting({ before: ({ path }) => (path === spec ? { body: openApi(6_000) } : undefined) });
    expect((await api({ query: "create a repository" })).text).to.contain("POST /api/repos/create");
  }).timeout(60_000);
});
