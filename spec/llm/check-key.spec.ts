import { expect } from "chai";
import { checkKey, type KeyPlaces } from "../../actors/root/check-key.ts";
import { goodKeys, type KeyServer, startKeyServer } from "../support/key-server.ts";

describe("the check of a key", () => {
  let server: KeyServer;
  let places: KeyPlaces;
  const never = new AbortController().signal;

  beforeEach(async () => {
    server = await startKeyServer();
    places = placesAt(server.url);
  });
  afterEach(() => server.close());

  function placesAt(url: string): KeyPlaces {
    return {
      anthropic: { apiKey: null, baseUrl: url },
      openai: { apiKey: null, baseUrl: `${url}/v1` },
      huggingface: { token: null, routerUrl: `${url}/v1`, billTo: null },
      hubUrl: `${url}/`,
    };
  }

  async function refusal(work: Promise<unknown>): Promise<Error & { code?: string }> {
    return work.then(
      () => {
        throw new Error("it was taken");
      },
      (error: Error) => error,
    );
  }

  it("asks the Hub whose a token is, without what was pasted around it", async () => {
    const taken = await checkKey("HF_TOKEN", ` "${goodKeys.hub}"\n`, places, never);
    expect(taken).to.deep.equal({ key: goodKeys.hub, owner: "ada" });
    expect(server.asked.map(({ path, headers }) => [path, headers.authorization])).to.deep.equal([
      ["/api/whoami-v2", `Bearer ${goodKeys.hub}`],
    ]);
  });

  it("asks Anthropic and OpenAI for their models, each in its own way", async () => {
    expect((await checkKey("ANTHROPIC_API_KEY", goodKeys.anthropic, places, never)).owner).to.equal(null);
    expect((await checkKey("OPENAI_API_KEY", goodKeys.openai, places, never)).key).to.equal(goodKeys.openai);
    const [anthropic, openai] = server.asked;
    expect(anthropic?.headers).to.include({ "x-api-key": goodKeys.anthropic, "anthropic-version": "2023-06-01" });
    expect(anthropic?.headers.authorization).to.equal(undefined);
    expect(openai?.headers.authorization).to.equal(`Bearer ${goodKeys.openai}`);
  });

  it("says that a key is refused in the service's words, and never the key", async () => {
    const hub = await refusal(checkKey("HF_TOKEN", "hf_wrongToken123", places, never));
    expect(hub).to.include({ code: "LLM_UNAUTHORIZED" });
    expect(hub.message).to.equal("Hugging Face does not accept the key (401): Invalid username or password.");
    const anthropic = await refusal(checkKey("ANTHROPIC_API_KEY", "sk-ant-wrong", places, never));
    expect(anthropic.message).to.contain("invalid x-api-key").and.not.to.contain("sk-ant-wrong");
  });

  it("tells what cannot be a key before anything is sent", async () => {
    expect(await refusal(checkKey("HF_TOKEN", "hf_one two", places, never))).to.include({ code: "LLM_KEY_MALFORMED" });
    expect(await refusal(checkKey("HF_TOKEN", ' "" ', places, never))).to.include({ code: "LLM_KEY_MISSING" });
    expect(server.asked).to.have.length(0);
  });

  it("takes no page, no empty list and no redirect for a yes", async () => {
    const wrong = [
      { status: 200, body: "<!doctype html><title>Log in</title>", headers: { "content-type": "text/html" } },
      { status: 200, body: { data: [] } },
      { status: 404, body: { error: "Not found" } },
      { status: 302, body: "", headers: { location: `${server.url}/elsewhere` } },
    ];
    for (const answer of wrong) {
      server.answerWith(answer);
      for (const name of ["HF_TOKEN", "OPENAI_API_KEY"] as const) {
        const error = await refusal(checkKey(name, "sk-any", places, never));
        expect(error).to.include({ code: "LLM_BAD_RESPONSE" });
      }
    }
    expect(server.asked.filter(({ path }) => path === "/elsewhere")).to.have.length(0);
  });

  it("says where nobody answers", async () => {
    await server.close();
    const error = await refusal(checkKey("OPENAI_API_KEY", goodKeys.openai, places, never));
    expect(error).to.include({ code: "LLM_UNREACHABLE" });
    expect(error.message).to.contain(server.url).and.to.contain("ECONNREFUSED");
  });
});
