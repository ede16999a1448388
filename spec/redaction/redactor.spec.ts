import { expect } from "chai";
import { createRedactor } from "../../actors/redaction/redactor.ts";

/** Letters and digits as a generator of keys would draw them, the same in every run. */
function drawn(length: number, alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"): string {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return alphabet[state % alphabet.length] ?? "";
  }).join("");
}
const hex = (length: number) => drawn(length, "0123456789abcdef");
const redact = (text: string, secrets: string[] = []) => createRedactor({ secrets }).text(text);

describe("redaction of tokens by their form", () => {
  const pem = (kind: string) =>
    `-----BEGIN ${kind}PRIVATE KEY-----\n${drawn(64)}\n${drawn(64)}\n${drawn(20)}==\n-----END ${kind}PRIVATE KEY-----`;
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const jwt = `${part({ alg: "HS256", typ: "JWT" })}.${part({ sub: "1234567890", name: "somebody" })}.${drawn(43)}`;

  for (const [name, secret, placeholder] of [
    ["a Hugging Face token", `hf_${drawn(34)}`, "[redacted HF token]"],
    ["an organisation's token", `api_org_${drawn(34)}`, "[redacted HF token]"],
    ["an Anthropic key", `sk-ant-api03-${drawn(60)}-${drawn(30)}AA`, "[redacted Anthropic key]"],
    ["an OpenAI key", `sk-${drawn(48)}`, "[redacted OpenAI key]"],
    ["an OpenAI project key", `sk-proj-${drawn(40)}_${drawn(40)}-x`, "[redacted OpenAI key]"],
    ["a router's key", `sk-or-v1-${hex(64)}`, "[redacted API key]"],
    ["a Tavily key", `tvly-dev-${drawn(32)}`, "[redacted API key]"],
    ["a GitHub token", `ghp_${drawn(36)}`, "[redacted GitHub token]"],
    ["a fine-grained GitHub token", `github_pat_${drawn(22)}_${drawn(59)}`, "[redacted GitHub token]"],
    ["a Slack bot token", `xoxb-123456789012-1234567890123-${drawn(24)}`, "[redacted Slack token]"],
    ["a Slack app token", `xapp-1-A0123456789-1234567890123-${hex(64)}`, "[redacted Slack token]"],
    ["an AWS key id", "AKIAIOSFODNN7EXAMPLE", "[redacted AWS key id]"],
    ["a Google key", `AIza${drawn(35)}`, "[redacted Google key]"],
    ["a Google client secret", `GOCSPX-${drawn(28)}`, "[redacted Google key]"],
    ["a JSON web token", jwt, "[redacted JWT]"],
    ["a private key", pem("RSA "), "[redacted private key]"],
    ["an OpenSSH key", pem("OPENSSH "), "[redacted private key]"],
    ["a key in a JSON string", JSON.stringify(pem("")).slice(1, -1), "[redacted private key]"],
  ] as const) {
    it(`takes out ${name}, wherever it stands`, () => {
      for (const [before, after] of [
        ["", ""],
        ["see ", " there"],
        ['"', '",'],
        ["(", ")."],
        ["x=", "&y=1"],
        ["\n", "\n"],
      ]) {
        expect(redact(`${before}${secret}${after}`)).to.equal(`${before}${placeholder}${after}`);
      }
    });
  }

  it("takes out what is left of a private key whose end was cut off, and leaves the mere mention of one", () => {
    const half = pem("").slice(0, -40);
    expect(redact(`${half}`))
      .to.match(/^\[redacted private key\]/)
      .and.not.contain(drawn(64));
    const check = 'if "-----BEGIN PRIVATE KEY-----" in text: raise ValueError("no keys")\n-----END PRIVATE KEY-----';
    expect(redact(check)).to.equal(check);
  });

  it("takes the password out of a URL and leaves the rest of it", () => {
    expect(redact("git clone https://me:s3cret@github.com/a/b.git")).to.equal(
      "git clone https://me:[redacted password]@github.com/a/b.git",
    );
    expect(redact("DATABASE_URL=postgresql+asyncpg://app:p4ss!w0rd@db:5432/x")).to.equal(
      "DATABASE_URL=postgresql+asyncpg://app:[redacted password]@db:5432/x",
    );
    for (const plain of [
      "https://huggingface.co:443/api/models",
      'f"https://user:{token}@huggingface.co/x"',
      "https://user:$TOKEN@host/x",
      "ssh://git@github.com/a/b",
      "http://localhost:8080/a@b:c@d",
    ]) {
      expect(redact(plain)).to.equal(plain);
    }
  });

  it("takes out what authorises a request", () => {
    const key = hex(40);
    for (const [text, wanted] of [
      [`curl -H "Authorization: Bearer ${key}" x`, 'curl -H "Authorization: Bearer [redacted token]" x'],
      [
        `headers = {"Authorization": "Basic dXNlcjpwYXNzd29yZA=="}`,
        'headers = {"Authorization": "Basic [redacted token]"}',
      ],
      [`{\\"authorization\\": \\"Bearer ${key}\\"}`, '{\\"authorization\\": \\"Bearer [redacted token]\\"}'],
      [`sent Bearer ${key}.`, "sent Bearer [redacted token]"],
      [`x-api-key: ${key}`, "x-api-key: [redacted secret]"],
    ]) {
      expect(redact(text ?? "")).to.equal(wanted);
    }
  });
});

describe("redaction by name", () => {
  const key = drawn(32);
  for (const [text, wanted] of [
    [`WANDB_API_KEY=${key}`, "WANDB_API_KEY=[redacted secret]"],
    ["export DB_PASSWORD=hunter2", "export DB_PASSWORD=[redacted password]"],
    ["MY_TOKEN=supersecretvalue\nNEXT=1", "MY_TOKEN=[redacted secret]\nNEXT=1"],
    [`HF_TOKEN="${key}" python train.py`, 'HF_TOKEN="[redacted secret]" python train.py'],
    [`docker run -e API_SECRET=${key} image`, "docker run -e API_SECRET=[redacted secret] image"],
    ["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "AWS_SECRET_ACCESS_KEY=[redacted secret]"],
    [
      "aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n",
      "aws_secret_access_key = [redacted secret]\n",
    ],
    ['"SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"', '"SecretAccessKey": "[redacted secret]"'],
    ['{"api_key": "abc12345", "n": 1}', '{"api_key": "[redacted secret]", "n": 1}'],
    ['{"password":"correct-horse"}', '{"password":"[redacted password]"}'],
    ['{\\"client_secret\\":\\"abcdefgh\\"}', '{\\"client_secret\\":\\"[redacted secret]\\"}'],
    [`{"token": "${key}"}`, '{"token": "[redacted secret]"}'],
    ["db_password: hunter2\n", "db_password: [redacted password]\n"],
    ["password: 'p@ss, word'\n".replace(", ", ","), "password: '[redacted password]'\n"],
    [`  slack_bot_token: ${key}`, "  slack_bot_token: [redacted secret]"],
    [`login(token="${key}")`, 'login(token="[redacted secret]")'],
    ["connect(user='me', password='s3cr3t!')", "connect(user='me', password='[redacted password]')"],
    ['api_key: str = "abcd1234efgh"', 'api_key: str = "[redacted secret]"'],
    ['os.environ["MY_API_KEY"] = "abcd1234efgh"', 'os.environ["MY_API_KEY"] = "[redacted secret]"'],
    [`os.environ.setdefault("HF_TOKEN", "${key}")`, 'os.environ.setdefault("HF_TOKEN", "[redacted secret]")'],
    [`- name: SOME_SECRET\n  value: ${key}\n`, "- name: SOME_SECRET\n  value: [redacted secret]\n"],
    [`{"name": "MY_TOKEN", "value": "${key}"}`, '{"name": "MY_TOKEN", "value": "[redacted secret]"}'],
    [`run --api-key ${key} --seed 1`, "run --api-key [redacted secret] --seed 1"],
    [`run --api-key=${key} --seed 1`, "run --api-key=[redacted secret] --seed 1"],
    [`GET /x?access_token=${key}&page=2`, "GET /x?access_token=[redacted secret]&page=2"],
    ["AccountKey=q3pTx8vYkL2mN9rS4wZ7bC1dF6gH0jK5==;Endpoint=x", "AccountKey=[redacted secret];Endpoint=x"],
  ] as const) {
    it(`takes the value out of ${JSON.stringify(text)}`, () => {
      expect(redact(text)).to.equal(wanted);
    });
  }

  const code = `
tokenizer.pad_token = tokenizer.eos_token
pad_token=tokenizer.eos_token
model.generate(pad_token_id=tokenizer.eos_token_id, max_tokens=4096, token=token)
hf_token = os.environ["HF_TOKEN"]
hf_token = os.environ.get("HF_TOKEN", "")
api_key=args.api_key
api_key = api_key or os.getenv("OPENAI_API_KEY")
OPENAI_API_KEY = os.environ["OPENAI_API_KEY"]
API_KEY=args.api_key
HF_TOKEN=$HF_TOKEN
HF_TOKEN=\${HF_TOKEN:-}
HF_TOKEN=$(cat ~/.cache/huggingface/token)
HF_TOKEN: \${{ secrets.HF_TOKEN }}
HF_TOKEN=<your token>
OPENAI_API_KEY=your-api-key-here
tokens: int = 5
password: str
password: string;
password: Optional[str] = None
api_key: str | None = None
token: str = Field(default=None, description="The token")
max_tokens=4096
num_tokens: 128
tokenizer.add_special_tokens({"pad_token": "[PAD]", "bos_token": "<|begin_of_text|>", "mask_token": "<mask_0001>"})
tokenizer = AutoTokenizer.from_pretrained(name, token=hf_token, use_auth_token=True)
{"token": "Washington", "tag": "B-LOC"}
{"token": "covid19", "next_token": "CAESEAoOaGVsbG8wMTIzNDU2Nzg5"}
login(token=get_token())
login(token=tokens[0], password=passwords["db"])
secret = load_secret(path)
self.api_key = config.api_key_v2
if token == "abc" or password != "x": pass
password = getpass.getpass("Password: ")
"password": {"type": "string", "minLength": 8}
"api_key": "OPENAI_API_KEY"
Authorization: Bearer $HF_TOKEN
headers = {"Authorization": f"Bearer {token}"}
headers = {"Authorization": "Bearer " + token}
Basic authentication and Bearer authentication are supported.
interface Login { password: string; token?: string }
const { token, password } = req.body;
tokens.map((token) => token.text)
std::string token = token::next_token();
token: next_token_prediction_layer
api_key=previous_key_version2
secretKeyRef: {name: my-secret, key: token}
resnet50_conv2d_token=block3_layer12_attn4
https://example.com/a/b?tokens=12&page_token=abc
sk-learn is not sklearn, and risk-adjusted-returns-over-many-years-2020-2024-by-region are fine
hf_hub_download(repo_id="a/b", filename="x.bin")
hf_transfer_enabled_for_every_download_of_this_program = 1
PWD=/home/me/project
GRANT_TYPE_REFRESH_TOKEN = "refresh_token"
invalid_api_key: "LLM_UNAUTHORIZED",
def sign(private_key: "_RSAPrivateKey", password: "bytes | None")
SECRET_FILE=/run/secrets/x
`;
  for (const line of code.trim().split("\n")) {
    it(`leaves ${JSON.stringify(line)} as it is`, () => {
      expect(redact(line)).to.equal(line);
    });
  }
  it("leaves all of it as it is, together", () => {
    expect(redact(code)).to.equal(code);
  });
});
