import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { goodKeys, type KeyServer, startKeyServer } from "../../support/key-server.ts";
import { replies, startOpenAiServer } from "../../support/openai-server.ts";
import { type House, makeHouse, until } from "../../support/program.ts";
import type { ScriptedServer } from "../../support/sse.ts";
import { startWebhookServer, type WebhookServer } from "../../support/webhook-server.ts";
import { entry, hasTerminals, type Seat, sit } from "./seat.ts";

const enter = "\r";
const escapeKey = "\u001b";
const interrupt = "\u0003";
const paste = (text: string) => `\u001b[200~${text}\u001b[201~`;
/** An address at which nobody listens. */
const nobody = "http://127.0.0.1:9";

(hasTerminals ? describe : describe.skip)("the ways into the screen", function () {
  this.timeout(40_000);
  let model: ScriptedServer;
  let services: KeyServer;
  let house: House;
  let seat: Seat;

  beforeEach(async () => {
    model = await startOpenAiServer([], { models: [{ id: "scripted" }] });
    services = await startKeyServer();
    house = makeHouse();
  });
  afterEach(async () => {
    seat.leave();
    await Promise.all([model.close(), services.close()]);
    house.remove();
  });

  const local = { OLLAMA_BASE_URL: nobody, VLLM_BASE_URL: nobody, LMSTUDIO_BASE_URL: nobody };
  function open(args: string[] = [], env: Record<string, string> = {}, width = 100, height = 30): void {
    seat = sit(house, { ...services.env, ...local, LLAMACPP_BASE_URL: nobody, ...env }, args, width, height);
  }
  const withModel = ["-m", "llamacpp/scripted"];
  const reachable = () => ({ LLAMACPP_BASE_URL: model.url });
  const screen = () => seat.rows().join("\n");

  /** Whether any file of the home holds a text. */
  function isWritten(text: string, folder = house.home): string[] {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((found) => found.isFile())
      .map((found) => join(found.parentPath, found.name))
      .filter((path) => readFileSync(path, "utf8").includes(text));
  }

  it("asks for a model where there is no key, and begins with the demo in the same screen", async () => {
    open();
    await seat.shows("A model is needed to begin");
    await seat.shows("not set: HF_TOKEN, ANTHROPIC_API_KEY, OPENAI_API_KEY");
    await seat.shows("none answers");
    expect(house.sessions()).to.have.length(0);
    // What belongs to a session does not take the place of the question.
    seat.type("\u0010\u001bOP\u001b[Z");
    await seat.shows("once there is a session");
    await seat.shows("welcome");
    seat.type("offline");
    await seat.shows("> demo");
    seat.type(enter);
    await seat.clears("welcome");
    await seat.shows("tabular");
    seat.type(`hello${enter}`);
    await seat.shows("I need a table to work on");
    expect(seat.written().split("\u001b[?1049h")).to.have.length(2);
  });

  it("keeps a key when its service takes it, says why it does not, and shows and writes it nowhere else", async () => {
    open();
    await seat.shows("> key      paste HF_TOKEN");
    seat.type(enter);
    await seat.shows("key:");
    seat.type(paste("hf_wrongToken99\n"));
    await seat.shows("•".repeat(15));
    seat.type(enter);
    await seat.shows("does not accept the key (401)");
    await seat.shows("•".repeat(15));
    expect(existsSync(join(house.home, ".cache"))).to.equal(false);
    seat.type(`\u0015${paste(`${goodKeys.hub}\r\n`)}${enter}`);
    await seat.shows("HF_TOKEN is that of ada");
    await seat.shows("Kimi");
    const token = join(house.home, ".cache/huggingface/token");
    expect(readFileSync(token, "utf8")).to.equal(goodKeys.hub);
    expect(statSync(token).mode & 0o777).to.equal(0o600);
    expect(isWritten(goodKeys.hub)).to.deep.equal([token]);
    expect(isWritten("hf_wrongToken99")).to.deep.equal([]);
    expect(seat.written()).to.not.contain(goodKeys.hub).and.not.to.contain("hf_wrong");
    expect(services.asked.map(({ headers }) => headers.authorization)).to.deep.equal([
      "Bearer hf_wrongToken99",
      `Bearer ${goodKeys.hub}`,
    ]);
  });

  it("loses nothing typed when the service cannot be reached, and goes back with Escape", async () => {
    open([], { HF_ENDPOINT: nobody });
    await seat.shows("paste HF_TOKEN");
    seat.type(enter);
    seat.type(`${paste(goodKeys.hub)}${enter}`);
    await seat.shows("Cannot reach Hugging Face");
    await seat.shows("•".repeat(goodKeys.hub.length));
    seat.type(interrupt);
    await seat.shows("welcome");
    expect(isWritten(goodKeys.hub)).to.deep.equal([]);
    seat.type(interrupt);
    expect(await seat.ended).to.equal(0);
    expect(house.sessions()).to.have.length(0);
  });

  it("finds the servers on this machine, and begins with one of their models", async () => {
    model.push(replies({ text: "From this machine." }));
    open([], reachable());
    await seat.shows("llamacpp with 1 model");
    seat.type("scripted");
    await seat.shows("> local    use llamacpp/scripted");
    seat.type(enter);
    await seat.clears("welcome");
    seat.type(`where are you?${enter}`);
    await seat.shows("From this machine.");
  });

  it("says which key a model lacks, and begins with that model once it is there", async () => {
    open(["-m", "anthropic/some-model"]);
    await seat.shows("The model anthropic/some-model needs ANTHROPIC_API_KEY");
    seat.type("anthropic");
    await seat.shows("> key      paste ANTHROPIC_API_KEY");
    seat.type(enter);
    await seat.shows("console.anthropic.com");
    seat.type(`${paste(goodKeys.anthropic)}${enter}`);
    await seat.clears("being checked");
    await seat.shows("some-model");
    const file = join(house.home, ".config/ml-intern/credentials.json");
    expect(statSync(file).mode & 0o777).to.equal(0o600);
    expect(isWritten(goodKeys.anthropic)).to.deep.equal([file]);
    expect((await house.run(["doctor"], { entry })).stdout).to.contain(`ANTHROPIC_API_KEY (${file})`);
  });

  it("keeps the error where there is no screen", async () => {
    seat = sit(house, { ...local, LLAMACPP_BASE_URL: nobody }, ["--plain", "-m", "anthropic/some-model"]);
    expect(await seat.ended).to.equal(2);
    expect(seat.written()).to.contain("[CREDENTIAL_MISSING]");
    const run = await house.run(["-m", "openai/some-model", "x"], { entry });
    expect([run.code, run.stderr.includes("OPENAI_API_KEY")]).to.deep.equal([2, true]);
  });

  it("does what was asked for while the session was still being opened", async () => {
    model.push(replies({ text: "Early bird." }));
    open(withModel, reachable());
    await seat.shows("message (");
    seat.type(`early${enter}`);
    await seat.shows("› early");
    await seat.shows("Early bird.");
    expect(model.requests).to.have.length(1);
  });

  it("takes a key in the middle of a session, which has it at once", async () => {
    model.push(replies({ text: "Noted." }));
    open(withModel, reachable());
    await seat.shows("ready");
    seat.type(`remember me${enter}`);
    await seat.shows("Noted.");
    await seat.shows("ready");
    // Typed ahead of the question, it is no message and stands nowhere either.
    seat.type(`/login openai${enter}${goodKeys.openai}${enter}`);
    await seat.shows("OPENAI_API_KEY is taken by its service");
    expect(seat.written()).to.not.contain(goodKeys.openai);
    expect(model.requests).to.have.length(1);
    await seat.shows("› remember me");
    expect(house.sessions()).to.have.length(1);
    seat.type(`/logout openai${enter}`);
    await seat.shows("is gone from");
    expect(isWritten(goodKeys.openai)).to.deep.equal([]);
  });

  it("ends nothing that runs for the sake of a key", async () => {
    const command = "touch begun; sleep 60";
    model.push(replies({ calls: [{ id: "b1", name: "bash", arguments: { command } }] }));
    open([...withModel, "--approval", "auto"], reachable());
    await seat.shows("ready");
    seat.type(`wait${enter}`);
    await until("the command", () => existsSync(join(house.workspace, "begun")));
    seat.type(`/login openai${enter}${goodKeys.openai}${enter}`);
    await seat.shows("when it is opened next");
    expect(screen()).to.contain("sleep 60");
    expect(house.sessions()).to.have.length(1);
  });

  it("says what is wrong with a theme on the ordinary screen", async () => {
    const file = join(house.home, "config.json");
    writeFileSync(file, JSON.stringify({ theme: "lihgt" }));
    open([...withModel, "--config", file], reachable());
    expect(await seat.ended).to.equal(2);
    expect(screen()).to.contain("Did you mean light?");
  });

  it("keeps no line that may hold a key", async () => {
    open(withModel, reachable());
    await seat.shows("ready");
    seat.type(`/login sk-typed-by-mistake${enter}`);
    await seat.shows("the name of no key");
    seat.type(escapeKey);
    await seat.clears("╭");
    seat.type(`/quit${enter}`);
    await seat.ended;
    expect(isWritten("sk-typed-by-mistake")).to.deep.equal([]);
  });

  it("lets the session be chosen that is taken up, and what is done with others before", async () => {
    for (const text of ["First answer.", "Second answer."]) {
      model.push(replies({ text }));
      const run = await house.run([...withModel, text], { entry, env: reachable() });
      expect(run.code).to.equal(0);
    }
    open(["--resume"], reachable());
    await seat.shows("> Second answer.");
    seat.type("first");
    await seat.clears("Second answer.");
    seat.type("\t");
    await seat.shows("give it another name");
    seat.type(`rename${enter}`);
    await seat.shows("name:");
    seat.type(`\u0015the first one${enter}`);
    await seat.shows("It is called the first one now.");
    seat.type(`the first${enter}`);
    await seat.clears("╭");
    await seat.shows("First answer.");
    expect(house.sessions()).to.have.length(2);
  });

  it("goes back to the list when a session cannot be taken up, and leaves it with Escape", async () => {
    model.push(replies({ text: "One." }));
    await house.run([...withModel, "one"], { entry, env: reachable() });
    open(["--resume"], { LLAMACPP_BASE_URL: model.url });
    await seat.shows("> one");
    // Its workspace goes in the meantime.
    renameSync(house.workspace, `${house.workspace}-moved`);
    seat.type(enter);
    await seat.shows("is gone");
    renameSync(`${house.workspace}-moved`, house.workspace);
    seat.type(enter);
    await seat.shows("One.");
  });

  it("has no list to show where there is no session", async () => {
    open(["--resume"], reachable());
    expect(await seat.ended).to.equal(2);
    expect(screen()).to.contain("There is none yet.");
  });

  it("shows a theme at once while it is looked for, and keeps it when it is taken", async () => {
    open(withModel, { ...reachable(), COLORTERM: "truecolor" });
    await seat.shows("ready");
    const [dark, light] = [accentOf("dark"), accentOf("light")];
    const since = () => seat.written().slice(from);
    let from = seat.written().length;
    seat.type(`/theme${enter}`);
    await seat.shows("> auto");
    seat.type("light");
    await seat.clears("for a dark background");
    expect(since()).to.contain(light);
    from = seat.written().length;
    seat.type(escapeKey);
    await seat.clears("╭");
    expect(since()).to.contain(dark);
    from = seat.written().length;
    seat.type(`/theme light${enter}`);
    await seat.clears("/theme");
    await until("the other colours", () => since().includes(light));
    seat.type(`/theme lihgt${enter}`);
    await seat.shows("Did you mean light?");
  });

  /** How the accent of a theme is written to a terminal. */
  function accentOf(name: string): string {
    const { colours, styles } = JSON.parse(readFileSync(join(process.cwd(), `configs/themes/${name}.json`), "utf8"));
    const hex: string = colours[styles.accent.fg];
    return [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)).join(";");
  }

  it("shows where messages go, and sends a test to one", async () => {
    const hook: WebhookServer = await startWebhookServer();
    const file = join(house.home, "config.json");
    const destinations = { ops: { provider: "webhook", url: hook.hook, allow_auto_events: true } };
    writeFileSync(file, JSON.stringify({ messaging: { enabled: true, destinations } }));
    open([...withModel, "--config", file], reachable());
    await seat.shows("ready");
    seat.type(`/notify${enter}`);
    await seat.shows("> ops");
    expect(screen()).to.not.contain(hook.hook);
    seat.type(enter);
    await seat.shows("was taken by ops");
    expect(hook.requests).to.have.length(1);
    expect(JSON.stringify(hook.requests[0]?.body)).to.contain("Test message");
    await hook.close();
  });
});
