import { expect } from "chai";
import type { Door } from "../../actors/http/types.ts";
import { type Script, type Service, startService } from "../support/service.ts";
import { type DoorSetting, doorFor, failureOf, temporaryFolder } from "./setting.ts";

const signal = new AbortController().signal;

describe("the door", () => {
  const open: Service[] = [];
  const service = async (script: Script): Promise<Service> => {
    const started = await startService(script);
    open.push(started);
    return started;
  };
  const doorTo = (hub: Service, more: DoorSetting = {}): Door =>
    doorFor({ keys: { hub: "hf_secret" }, ...more, services: { hub: hub.url, ...more.services } });

  afterEach(async () => {
    await Promise.all(open.splice(0).map((started) => started.close()));
  });

  describe("keys", () => {
    it("go to their own service and say who asks", async () => {
      const hub = await service(() => ({ body: { ok: true } }));
      const answer = await doorTo(hub).expect(`${hub.url}/api/whoami-v2`, { signal });
      expect(await answer.json()).to.deep.equal({ ok: true });
      expect(hub.asked[0]?.headers.authorization).to.equal("Bearer hf_secret");
      expect(hub.asked[0]?.headers["user-agent"]).to.equal("ml-intern/spec");
    });

    it("do not go along to another host, and are not there after a redirect to one", async () => {
      const other = await service(() => ({ body: "there" }));
      const hub = await service(() => ({ status: 302, headers: { location: `${other.url}/file` } }));
      const door = doorTo(hub, { services: { openHosts: [new URL(other.url).host] } });
      const answer = await door.expect(`${hub.url}/resolve`, { signal, headers: { authorization: "Bearer given" } });
      expect(await answer.text()).to.equal("there");
      expect(hub.asked[0]?.headers.authorization).to.equal("Bearer given");
      expect(other.asked[0]?.headers.authorization).to.equal(undefined);
      await (await door.send(`${other.url}/direct`, { signal })).text();
      expect(other.asked[1]?.headers.authorization).to.equal(undefined);
    });

    it("stay at home for an address that a model has named, even one of the service", async () => {
      const hub = await service(() => ({ body: "page" }));
      await (await doorTo(hub).send(`${hub.url}/docs`, { signal, foreign: true })).text();
      expect(hub.asked[0]?.headers.authorization).to.equal(undefined);
    });

    it("are not sent to a host of the same name at another port", async () => {
      const hub = await service(() => ({ body: "" }));
      const other = await service(() => ({ body: "" }));
      await (await doorTo(hub).send(`${other.url}/`, { signal })).text();
      expect(other.asked[0]?.headers.authorization).to.equal(undefined);
    });
  });

  describe("addresses", () => {
    for (const address of [
      "http://127.0.0.1/x",
      "http://localhost:3000/x",
      "http://[::1]/x",
      "http://169.254.169.254/latest/meta-data",
      "http://10.0.0.8/",
      "http://192.168.1.1/",
      "http://[fd00::1]/",
      "http://[::ffff:127.0.0.1]/",
      "http://0x7f.1/",
      "http://2130706433/",
      "http://100.64.0.1/",
      "http://0.0.0.0/",
      "http://printer.local/",
      "http://[64:ff9b::7f00:1]/",
    ]) {
      it(`of a model do not lead to ${address}`, async () => {
        const error = await failureOf(doorFor({}).send(address, { signal, foreign: true }));
        expect(error.code).to.equal("HTTP_ADDRESS");
        expect(error.hint).to.match(/open_hosts/);
      });
    }

    it("whose name leads to a private address are not connected to", async () => {
      const error = await failureOf(doorFor({}).send("http://localhost.localdomain./x", { signal, foreign: true }));
      expect(error.code).to.be.oneOf(["HTTP_ADDRESS", "HTTP_UNREACHABLE"]);
    });

    for (const [address, words] of [
      ["file:///etc/passwd", /web address/],
      ["ftp://example.org/x", /web address/],
      ["https://user:pass@example.org/", /password/],
      ["no address", /no address/],
    ] as const) {
      it(`such as ${address} are refused in words`, async () => {
        const error = await failureOf(doorFor({}).send(address, { signal, foreign: true }));
        expect(error.code).to.equal("HTTP_ADDRESS");
        expect(error.message).to.match(words);
      });
    }

    it("that the user has opened may be private", async () => {
      const own = await service(() => ({ body: "mine" }));
      const door = doorFor({ services: { openHosts: [new URL(own.url).host] } });
      expect(await (await door.send(own.url, { signal, foreign: true })).text()).to.equal("mine");
    });

    it("to which a service redirects may not be private", async () => {
      const hub = await service(() => ({ status: 302, headers: { location: "http://127.0.0.1:9/x" } }));
      expect((await failureOf(doorTo(hub).send(`${hub.url}/a`, { signal }))).code).to.equal("HTTP_ADDRESS");
    });

    it("are followed through redirects for a while, not for ever", async () => {
      const hub = await service(({ path }) => ({ status: 307, headers: { location: `${path}x` } }));
      expect((await failureOf(doorTo(hub).send(`${hub.url}/a`, { signal }))).code).to.equal("HTTP_REDIRECT");
      expect(hub.asked.length).to.be.lessThan(12);
    });
  });

  it("says how long a body is, whatever the method", async () => {
    const hub = await service(() => ({ status: 204 }));
    const door = doorTo(hub);
    for (const method of ["DELETE", "PUT", "POST", "PATCH"] as const) {
      (await door.expect(`${hub.url}/x`, { method, json: { name: "ü" }, signal })).close();
    }
    await door.fetchFor(signal)(`${hub.url}/blob`, { method: "PUT", body: new Blob(["0123456789"]) });
    const lengths = hub.asked.map(({ headers, bytes }) => [headers["content-length"], bytes.length]);
    expect(lengths).to.deep.equal([...Array.from({ length: 4 }, () => ["13", 13]), ["10", 10]]);
  });

  it("does not carry a POST over to another host", async () => {
    const other = await service(() => ({ body: "" }));
    const hub = await service(() => ({ status: 307, headers: { location: `${other.url}/` } }));
    const door = doorTo(hub, { services: { openHosts: [new URL(other.url).host] } });
    const error = await failureOf(door.send(`${hub.url}/a`, { method: "POST", json: { secret: 1 }, signal }));
    expect(error.code).to.equal("HTTP_REDIRECT");
    expect(other.asked).to.have.length(0);
  });

  describe("retries", () => {
    it("what may pass, and says that it waits", async () => {
      const hub = await service((_, index) => (index < 2 ? { status: 503, body: "busy" } : { body: "here" }));
      const waits: string[] = [];
      const answer = await doorTo(hub).expect(`${hub.url}/a`, { signal, onWait: (words) => waits.push(words) });
      expect(await answer.text()).to.equal("here");
      expect(waits).to.have.length(2);
      expect(waits[0]).to.match(/answered 503; attempt 2 of 5 in/);
    });

    it("neither a POST that may have been done, nor what will stay as it is", async () => {
      const hub = await service(({ path }) => (path === "/gone" ? { status: 404, body: {} } : { status: 502 }));
      const door = doorTo(hub);
      expect((await failureOf(door.expect(`${hub.url}/gone`, { signal }))).status).to.equal(404);
      expect((await failureOf(door.expect(`${hub.url}/do`, { method: "POST", json: {}, signal }))).status).to.equal(
        502,
      );
      expect(hub.asked).to.have.length(2);
    });

    it("a POST that was turned away before it began", async () => {
      const hub = await service((_, index) => (index === 0 ? { status: 429 } : { body: "done" }));
      const answer = await doorTo(hub).expect(`${hub.url}/do`, { method: "POST", json: { a: 1 }, signal });
      expect(await answer.text()).to.equal("done");
      expect(hub.asked[1]?.json).to.deep.equal({ a: 1 });
    });

    it("after the time that the service names", async () => {
      const headers = { ratelimit: '"api";r=0;t=0' };
      const hub = await service((_, index) => (index === 0 ? { status: 429, headers } : { body: "ok" }));
      await doorTo(hub).expect(`${hub.url}/a`, { signal });
      const [first, second] = hub.asked;
      expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.at.least(990);
    });

    it("not at all when that is too long, and says when to come back", async () => {
      const hub = await service(() => ({
        status: 429,
        headers: { "retry-after": "600" },
        body: { error: "slow down" },
      }));
      const error = await failureOf(doorTo(hub).send(`${hub.url}/a`, { signal }));
      expect(error.code).to.equal("HTTP_RATE_LIMITED");
      expect(error.retryAfterMs).to.equal(600_000);
      expect(error.message).to.contain("slow down");
      expect(error.hint).to.contain("10 min");
      expect(hub.asked).to.have.length(1);
    });

    it("no longer than the request has patience, counted from its beginning", async () => {
      const hub = await service(() => ({ status: 429, headers: { "retry-after": "1" }, body: {} }));
      const begun = Date.now();
      const error = await failureOf(doorTo(hub).expect(`${hub.url}/a`, { signal, patienceMs: 1_500 }));
      expect(Date.now() - begun).to.be.within(950, 1_450);
      expect(error.code).to.equal("HTTP_RATE_LIMITED");
      expect(error.hint).to.contain("come back in 1 s");
      expect(hub.asked).to.have.length(2);
    });

    it("not after a silence that has used the patience up", async () => {
      const hub = await service(() => "hang");
      const error = await failureOf(doorTo(hub).send(`${hub.url}/a`, { signal, timeoutMs: 60, patienceMs: 50 }));
      expect(error.code).to.equal("HTTP_TIMEOUT");
      expect(hub.asked).to.have.length(1);
    });

    it("when no connection comes about, and names what failed", async () => {
      const error = await failureOf(doorFor({}).send("http://127.0.0.1:1/a", { signal, attempts: 2 }));
      expect(error.code).to.equal("HTTP_UNREACHABLE");
      expect(error.message).to.match(/ECONNREFUSED/);
    });

    it("until it is called off", async () => {
      const hub = await service(() => ({ status: 503 }));
      const control = new AbortController();
      const door = doorTo(hub, { waits: { firstMs: 60_000, mostMs: 60_000 } });
      const waiting = door.send(`${hub.url}/a`, {
        signal: control.signal,
        onWait: () => control.abort(new Error("stop")),
      });
      await waiting.then(
        () => expect.fail("it did not stop"),
        (error: Error) => expect(error.message).to.equal("stop"),
      );
    });
  });

  describe("limits", () => {
    it("the wait for an answer", async () => {
      const hub = await service(() => "hang");
      const error = await failureOf(doorTo(hub).send(`${hub.url}/a`, { signal, timeoutMs: 50, attempts: 1 }));
      expect(error.code).to.equal("HTTP_TIMEOUT");
    });

    it("the wait for more of a body", async () => {
      const hub = await service(() => ({
        body: (async function* () {
          yield "a";
          await new Promise(() => undefined);
        })(),
      }));
      const answer = await doorTo(hub).send(`${hub.url}/a`, { signal, idleMs: 50 });
      expect((await failureOf(answer.text())).code).to.equal("HTTP_STALLED");
    });

    it("the size of a body, without reading it all", async () => {
      let sent = 0;
      const hub = await service(() => ({
        body: (async function* () {
          const piece = Buffer.alloc(1 << 20);
          for (; sent < 400; sent += 1) yield piece;
        })(),
      }));
      const answer = await doorTo(hub).send(`${hub.url}/a`, { signal });
      expect((await failureOf(answer.text(1 << 20))).code).to.equal("HTTP_TOO_LARGE");
      expect(sent).to.be.lessThan(100);
    });

    it("nothing of a body that ends too early: it says so", async () => {
      const hub = await service(() => ({ headers: { "content-length": "100" }, body: "short", cut: true }));
      const answer = await doorTo(hub).send(`${hub.url}/a`, { signal });
      expect((await failureOf(answer.text())).code).to.equal("HTTP_CUT");
    });

    it("a login page that stands where JSON should", async () => {
      const hub = await service(() => ({ headers: { "content-type": "text/html" }, body: "<html>Log in</html>" }));
      const answer = await doorTo(hub).send(`${hub.url}/a`, { signal });
      expect((await failureOf(answer.json())).code).to.equal("HTTP_NO_JSON");
    });
  });

  describe("keeps answers", () => {
    const folder = temporaryFolder();
    after(() => folder.remove());

    it("and asks for them again only when they are old, with what confirms them", async () => {
      const hub = await service(({ headers }) =>
        headers["if-none-match"] === '"v1"' ? { status: 304 } : { headers: { etag: '"v1"' }, body: "page" },
      );
      const door = doorTo(hub, { cacheDir: folder.path });
      const ask = async (freshMs: number) =>
        (await door.expect(`${hub.url}/docs`, { signal, keep: { freshMs } })).text();
      expect(await ask(60_000)).to.equal("page");
      expect(await ask(60_000)).to.equal("page");
      expect(hub.asked).to.have.length(1);
      expect(await ask(0)).to.equal("page");
      expect(hub.asked).to.have.length(2);
    });

    it("and shows an old one, with its date, when the service is down", async () => {
      let up = true;
      const hub = await service(() => (up ? { body: "old page" } : { status: 500 }));
      const door = doorTo(hub, { cacheDir: folder.path });
      const ask = () => door.expect(`${hub.url}/stale`, { signal, keep: { freshMs: 0 }, attempts: 1 });
      expect((await ask()).staleSince).to.equal(null);
      up = false;
      const stale = await ask();
      expect(await stale.text()).to.equal("old page");
      expect(stale.staleSince).to.be.closeTo(Date.now(), 5_000);
    });

    it("and shows an old one when the service limits requests", async () => {
      let isOpen = true;
      const hub = await service(() => (isOpen ? { body: "old page" } : { status: 429 }));
      const door = doorTo(hub, { cacheDir: folder.path });
      const ask = () => door.expect(`${hub.url}/limited`, { signal, keep: { freshMs: 0 }, attempts: 1 });
      await ask();
      isOpen = false;
      expect((await ask()).staleSince).to.be.a("number");
    });

    it("to questions with a body too, each question its own, and never those of a POST that does something", async () => {
      const hub = await service(({ json }) => ({ body: { got: json } }));
      const door = doorTo(hub, { cacheDir: folder.path });
      const ask = async (json: object, repeatable = true) => {
        const request = { method: "POST", json, repeatable, keep: { freshMs: 60_000 }, signal } as const;
        return (await door.expect(`${hub.url}/question`, request)).json();
      };
      expect(await ask({ q: 1 })).to.deep.equal({ got: { q: 1 } });
      expect(await ask({ q: 2 })).to.deep.equal({ got: { q: 2 } });
      expect(await ask({ q: 1 })).to.deep.equal({ got: { q: 1 } });
      expect(hub.asked).to.have.length(2);
      await ask({ q: 1 }, false);
      await ask({ q: 1 }, false);
      expect(hub.asked).to.have.length(4);
    });

    it("apart for each user", async () => {
      const hub = await service(({ headers }) => ({ body: headers.authorization ?? "nobody" }));
      const keep = { freshMs: 60_000 };
      const ask = async (key: string | null) => {
        const door = doorTo(hub, { cacheDir: folder.path, keys: { hub: key } });
        return (await door.expect(`${hub.url}/private`, { signal, keep })).text();
      };
      expect(await ask("one")).to.equal("Bearer one");
      expect(await ask(null)).to.equal("nobody");
      expect(await ask("one")).to.equal("Bearer one");
      expect(hub.asked).to.have.length(2);
    });
  });

  it("keeps a polite interval between requests to a service that asks for one", async () => {
    const hub = await service(() => ({ body: "" }));
    const door = doorTo(hub, { intervals: { [hub.url]: 60 } });
    await Promise.all([1, 2, 3].map((page) => door.expect(`${hub.url}/${page}`, { signal })));
    const times = hub.asked.map(({ at }) => at);
    expect((times[2] ?? 0) - (times[0] ?? 0)).to.be.at.least(100);
  });

  it("turns away at once who would wait longer for a turn than they may", async () => {
    const hub = await service(() => ({ body: "" }));
    const door = doorTo(hub, { intervals: { [hub.url]: 400 } });
    const waits: string[] = [];
    const ask = (page: number) =>
      door.send(`${hub.url}/${page}`, { signal, patienceMs: 500, onWait: (words) => waits.push(words) });
    const begun = Date.now();
    const [, , third] = await Promise.allSettled([
      ask(1),
      ask(2),
      failureOf(ask(3)).then((error) => ({ error, at: Date.now() })),
    ]);
    if (third?.status !== "fulfilled") throw new Error("the third was not turned away");
    expect(third.value.error.code).to.equal("HTTP_RATE_LIMITED");
    expect(third.value.error.retryAfterMs).to.be.within(700, 800);
    expect(third.value.at - begun).to.be.lessThan(300);
    expect(hub.asked).to.have.length(2);
  });

  it("tells people of a long wait for a turn", async () => {
    const hub = await service(() => ({ body: "" }));
    const door = doorTo(hub, { waits: { firstMs: 5, mostMs: 60_000 }, intervals: { [hub.url]: 5_000 } });
    const control = new AbortController();
    await door.send(`${hub.url}/1`, { signal });
    const waits: string[] = [];
    const onWait = (words: string): void => {
      waits.push(words);
      control.abort(new Error("stop"));
    };
    const end = await Promise.allSettled([door.send(`${hub.url}/2`, { signal: control.signal, onWait })]);
    expect(end[0]?.status).to.equal("rejected");
    expect(waits).to.deep.equal([`waiting 5 s for a turn at ${new URL(hub.url).host}`]);
  });

  it("gives the turn of one who is called off to the next", async () => {
    const hub = await service(() => ({ body: "" }));
    const door = doorTo(hub, { intervals: { [hub.url]: 300 } });
    const control = new AbortController();
    await door.send(`${hub.url}/1`, { signal });
    const ghosts = [2, 3, 4].map((page) => door.send(`${hub.url}/${page}`, { signal: control.signal }));
    const last = door.send(`${hub.url}/5`, { signal });
    control.abort(new Error("stop"));
    const ends = await Promise.allSettled(ghosts);
    expect(ends.map(({ status }) => status)).to.deep.equal(["rejected", "rejected", "rejected"]);
    await last;
    const [first, second] = hub.asked;
    expect(hub.asked).to.have.length(2);
    expect((second?.at ?? 0) - (first?.at ?? 0)).to.be.within(290, 550);
  });

  it("ends the waits that became too long when a service says how long it limits requests", async () => {
    const hub = await service(({ path }) =>
      path === "/1" ? { status: 429, headers: { "retry-after": "600" } } : { body: "" },
    );
    const door = doorTo(hub, { intervals: { [hub.url]: 200 } });
    const errors = await Promise.all([1, 2, 3].map((page) => failureOf(door.send(`${hub.url}/${page}`, { signal }))));
    expect(errors.map(({ code }) => code)).to.deep.equal(Array(3).fill("HTTP_RATE_LIMITED"));
    expect(hub.asked).to.have.length(1);
    const later = await failureOf(door.send(`${hub.url}/4`, { signal }));
    expect(later.hint).to.match(/come back in 10 min/);
    expect(hub.asked).to.have.length(1);
  });

  it("is a fetch for SDKs", async () => {
    const hub = await service(({ text }) => ({ status: 201, headers: { "x-one": "1" }, body: { got: text } }));
    const fetch = doorTo(hub).fetchFor(signal);
    const response = await fetch(`${hub.url}/a`, { method: "POST", body: new Blob(["a", "b"]) });
    expect(response.status).to.equal(201);
    expect(response.headers.get("x-one")).to.equal("1");
    expect(await response.json()).to.deep.equal({ got: "ab" });
    expect(hub.asked[0]?.headers.authorization).to.equal("Bearer hf_secret");
  });
});
