import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { entry, hasTerminals, type Seat, sit } from "../screen/app/seat.ts";
import { goodKeys, type KeyServer, startKeyServer } from "../support/key-server.ts";
import { replies, startOpenAiServer } from "../support/openai-server.ts";
import { type House, makeHouse } from "../support/program.ts";
import { fails, type ScriptedServer } from "../support/sse.ts";
import { startWebhookServer } from "../support/webhook-server.ts";
import { talk } from "./talk.ts";

const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;

describe("keys, messages and sessions in lines", function () {
  this.timeout(40_000);
  let model: ScriptedServer;
  let services: KeyServer;
  let house: House;
  let seat: Seat | null = null;

  beforeEach(async () => {
    model = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    services = await startKeyServer();
    house = makeHouse({ LLAMACPP_BASE_URL: model.url });
    seat = null;
  });
  afterEach(async () => {
    seat?.leave();
    await Promise.all([model.close(), services.close()]);
    house.remove();
  });

  const env = () => ({ LLAMACPP_BASE_URL: model.url, ...services.env });
  function atTerminal(...args: string[]): Seat {
    seat = sit(house, env(), ["--plain", ...args], 120, 40);
    return seat;
  }
  const isWritten = (text: string) =>
    readdirSync(house.home, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name))
      .filter((path) => readFileSync(path, "utf8").includes(text));

  (hasTerminals ? it : it.skip)("asks for a key where nobody sees it, and goes on with it", async () => {
    const person = atTerminal("-m", "llamacpp/scripted");
    model.push(replies({ text: "Still here." }));
    await person.shows("›");
    person.type("/login hf\r");
    await person.shows("HF_TOKEN, made at");
    // A newline that was pasted along does not send it; what is typed can be taken back.
    person.type(`${paste("hf_wrong\n")}`);
    await person.shows("••••••••");
    person.type("\u0015");
    await person.clears("•");
    person.type(`${goodKeys.hub}x\u007f\r`);
    await person.shows("HF_TOKEN is that of ada");
    expect(services.asked.map(({ headers }) => headers.authorization)).to.deep.equal([`Bearer ${goodKeys.hub}`]);
    expect(isWritten(goodKeys.hub)).to.deep.equal([join(house.home, ".cache/huggingface/token")]);
    expect(person.written()).to.not.contain(goodKeys.hub);
    person.type("hello\r");
    await person.shows("Still here.");
    person.type("/login anthropic\r");
    await person.shows("ANTHROPIC_API_KEY, made at");
    person.type("sk-ant-begun\u0003");
    await person.shows("nothing was changed");
    person.type("/login anthropic\r");
    person.type("sk-ant-refused\r");
    await person.shows("invalid x-api-key");
    person.type("/login sk-ant-by-mistake\r");
    await person.shows("the name of no key");
    person.type("/quit\r");
    expect(await person.ended).to.equal(0);
    for (const secret of ["sk-ant-begun", "sk-ant-refused", "sk-ant-by-mistake"]) {
      expect(isWritten(secret), secret).to.deep.equal([]);
    }
  });

  (hasTerminals ? it : it.skip)("lists the sessions to be taken up, and asks until one is named", async () => {
    for (const text of ["First answer.", "Second answer."]) {
      model.push(replies({ text }));
      expect((await house.run(["-m", "llamacpp/scripted", text], { entry })).code).to.equal(0);
    }
    const person = atTerminal("--resume");
    await person.shows("1  Second answer.");
    await person.shows("2  First answer.");
    person.type("nonsense\r");
    await person.shows('No session\'s id begins with "nonsense"');
    person.type("2\r");
    await person.shows("1 turn so far");
    model.push(replies({ text: "Yes." }));
    person.type("still there?\r");
    await person.shows("Yes.");
    expect(JSON.stringify(model.requests.at(-1)?.body.messages)).to.contain("First answer.");
  });

  (hasTerminals ? it : it.skip)("takes no answer for an end", async () => {
    model.push(replies({ text: "One." }));
    await house.run(["-m", "llamacpp/scripted", "one"], { entry });
    const person = atTerminal("--resume");
    await person.shows("which session");
    person.type("\u0003");
    expect(await person.ended).to.equal(2);
    expect(person.written()).to.contain("SESSION_UNNAMED");
  });

  it("gives up a key, tells which there are, and asks for none through a pipe", async () => {
    const file = join(house.home, ".cache/huggingface");
    const line = talk(house.home, house.workspace, { ...env(), HF_TOKEN_PATH: join(house.home, "token") });
    writeFileSync(join(house.home, "token"), "hf_oldToken123\n", { mode: 0o600 });
    await line.ask("/login", `hf         HF_TOKEN: from ${join(house.home, "token")}`);
    await line.ask("/login openai", "A key is asked for at a terminal only");
    await line.ask("/logout hf", "HF_TOKEN is gone from");
    await line.ask("/logout hf", "no HF_TOKEN was kept here");
    await line.ask("/theme", "themes of the screen: auto, dark, light, contrast");
    await line.ask("/login hf_looksLikeAToken", "the name of no key");
    expect(await line.end()).to.equal(0);
    expect(line.heard).to.not.contain("hf_looksLikeAToken").and.not.to.contain("hf_oldToken123");
    expect([existsSync(join(house.home, "token")), existsSync(file)]).to.deep.equal([false, false]);
  });

  it("tells where messages go, and what becomes of a test", async () => {
    const hook = await startWebhookServer([{ status: 204, body: "" }, fails(404, "gone")]);
    const config = join(house.home, "config.json");
    const ops = { provider: "webhook", url: hook.hook, allow_agent_tool: true };
    writeFileSync(config, JSON.stringify({ messaging: { enabled: true, destinations: { ops } } }));
    const line = talk(house.home, house.workspace, env(), ["--config", config]);
    await line.ask("/notify", "ops  webhook: what the agent sends");
    await line.ask("/notify opss", "Did you mean ops?");
    await line.ask("/notify ops", "a test message was taken by ops");
    expect(JSON.stringify(hook.requests[0]?.body)).to.contain("Test message");
    await line.ask("/notify ops", "✗");
    expect(await line.end()).to.equal(0);
    expect(line.heard).to.not.contain("s3cret-path");
    await hook.close();
  });

  it("has nowhere to send where nothing is configured", async () => {
    const line = talk(house.home, house.workspace, env());
    await line.ask("/notify", "messages go nowhere");
    await line.ask("/notify ops", "There is none yet");
    expect(await line.end()).to.equal(0);
  });
});
