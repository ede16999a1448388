import { expect } from "chai";
import { createRedactor } from "../../actors/redaction/redactor.ts";
import { secretsFrom } from "../../actors/redaction/secrets.ts";

describe("redaction of secrets whose value is known", () => {
  const secret = 'gl!tter & "dust" Ü/7';
  const redactor = () => createRedactor({ secrets: [secret, "shorter", "", "gl!tter "] });

  it("finds them as they are, in JSON, in a URL, and in Base64 at every alignment", () => {
    const forms = [
      secret,
      JSON.stringify(secret),
      `https://x/?q=${encodeURIComponent(secret)}`,
      ...["", "u:", "me:", "user:"].flatMap((before) => {
        const bytes = Buffer.from(`${before}${secret}${before}`);
        return [bytes.toString("base64"), bytes.toString("base64url")];
      }),
    ];
    for (const form of forms) {
      const left = redactor().text(`<${form}>`);
      expect(left, form).to.contain("[redacted secret]");
      expect(left).to.not.contain("tter").and.not.contain(Buffer.from("!tter &").toString("base64").slice(1, 8));
    }
  });

  it("takes the longest first, and looks for none of less than 8 characters", () => {
    expect(redactor().text(`${secret}; gl!tter x; shorter`)).to.equal("[redacted secret]; [redacted secret]x; shorter");
  });

  it("counts the places", () => {
    const one = redactor();
    one.text(`${secret}${secret} and hf_${"a1B2".repeat(9)}`);
    one.json({ password: "hunter22", list: ["nothing", `my ${secret}`] });
    expect(one.places).to.equal(5);
  });

  it("redacts values, keys and members by their name, and leaves the rest the same", () => {
    const value = {
      hf_token: "abcdefgh",
      nested: { API_KEY: "abc12345", pad_token: "<pad>", password: null, token: 7 },
      list: [true, 1.5, `x ${secret}`],
      [secret]: "key",
      __proto: { max_tokens: 4096 },
    };
    expect(redactor().json(value)).to.deep.equal({
      hf_token: "[redacted secret]",
      nested: { API_KEY: "[redacted secret]", pad_token: "<pad>", password: null, token: 7 },
      list: [true, 1.5, "x [redacted secret]"],
      "[redacted secret]": "key",
      __proto: { max_tokens: 4096 },
    });
  });
});

describe("which values are secrets", () => {
  it("takes what the names of an environment announce, and neither paths nor fillers", () => {
    const env = {
      HF_TOKEN: "hf-value-1",
      OPENAI_API_KEY: " sk-value-2 ",
      LOCAL_LLM_API_KEY: "not-needed",
      HF_TOKEN_PATH: "/home/me/token",
      GOOGLE_APPLICATION_CREDENTIALS: "/home/me/key.json",
      SSH_AUTH_SOCK: "/run/agent-socket",
      TOKENIZERS_PARALLELISM: "false-or-true",
      DATABASE_URL: "postgres://me:pass-word-3@db/x",
      SHORT_TOKEN: "abc",
      PATH: "/usr/bin:/bin",
      UNSET_TOKEN: undefined,
      DB_PASSWORD: "value-four",
      AWS_SECRET_ACCESS_KEY: "value-five",
    };
    expect(secretsFrom(env, {}).sort()).to.deep.equal(
      ["hf-value-1", "sk-value-2", "pass-word-3", "value-four", "value-five"].sort(),
    );
  });

  it("takes those of a configuration, at any depth", () => {
    const config = {
      hf_token: "token-one-1",
      model_name: "org/model-name",
      limits: { max_tokens: 4096 },
      mcpServers: {
        a: { env: { SOME_API_KEY: "token-two-2" }, headers: { Authorization: "Bearer token-three-3" } },
        b: { url: "https://user:token-four-4@host/mcp", args: ["--quiet-please"] },
      },
      messaging: { slack: { botToken: "token-five-5" } },
    };
    expect(secretsFrom({}, config).sort()).to.deep.equal(
      ["token-one-1", "token-two-2", "token-three-3", "token-four-4", "token-five-5"].sort(),
    );
  });
});
