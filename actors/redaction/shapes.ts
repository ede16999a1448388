// Tokens that show by their form whose they are. Every pattern begins with fixed text at the edge of a word, and what may
// fail after a repetition is bounded, so that no text takes more than linear time.

/** A form of token. `part`: which group of the pattern is the secret; the whole match by default. */
export interface Shape {
  label: string;
  pattern: RegExp;
  part?: number;
}

const edge = "(?<![A-Za-z0-9])";
const shape = (label: string, source: string): Shape => ({ label, pattern: new RegExp(`${edge}(?:${source})`, "g") });

/** The forms that are known, the more special before the more general. */
export const shapes: readonly Shape[] = [
  shape("HF token", "hf_[A-Za-z0-9]{30,200}|api_org_[A-Za-z0-9]{30,200}|hf_oauth_[\\w.-]{30,2000}"),
  shape("Anthropic key", "sk-ant-[\\w-]{20,300}"),
  shape("OpenAI key", "sk-(?:proj|svcacct|admin|None)-[\\w-]{20,300}|sk-[A-Za-z0-9]{32,200}|sess-[A-Za-z0-9]{40,200}"),
  shape("API key", "sk-(?=[\\w-]{0,60}\\d)[\\w-]{40,300}|[rs]k_(?:live|test)_[A-Za-z0-9]{20,200}"),
  shape(
    "API key",
    "tvly-[\\w-]{24,100}|gsk_[A-Za-z0-9]{40,100}|xai-[A-Za-z0-9]{60,200}|r8_[A-Za-z0-9]{37,60}|fw_[A-Za-z0-9]{22,60}(?![\\w])",
  ),
  shape("GitHub token", "gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_\\w{36,255}"),
  shape("GitLab token", "gl(?:pat|ptt|dt|rt|cbt|ft)-[\\w-]{20,100}"),
  shape("package registry token", "npm_[A-Za-z0-9]{36,60}|pypi-AgE[\\w-]{50,300}"),
  shape("Slack token", "xox[abeoprs]-[A-Za-z0-9-]{10,255}|xapp-\\d-[A-Za-z0-9-]{20,255}|xoxe\\.xox[bp]-[\\w-]{20,255}"),
  { label: "Slack webhook", pattern: /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{20,200}/g },
  shape("AWS key id", "(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])"),
  shape("Google key", "AIza[\\w-]{35}(?![\\w-])|ya29\\.[\\w-]{20,1000}|GOCSPX-[\\w-]{20,60}"),
  { label: "JWT", pattern: /(?<![\w.-])(?:hf_jwt_)?eyJ[\w-]{8,8000}\.eyJ[\w-]{8,16000}\.[\w-]{10,2000}/g },
  // The password of a URL with a user in it; a variable in its place is none.
  {
    label: "password",
    pattern: /(?<=[A-Za-z0-9+.-]:\/\/[^\s/?#@:"'`<>{}$[\]()]{0,128}:)[^\s/?#@"'`<>{}$[\]%()]{1,256}(?=@)/g,
  },
  {
    label: "token",
    pattern:
      /(?<=authorization\\{0,4}["']?\]?[ \t]{0,4}[:=,][ \t]{0,4}[fbru]?\\{0,4}["']?(?:bearer|basic|token|digest|apikey)[ \t]{1,4})(?=[\w.~+/-]{0,40}[\d=A-Z])(?![A-Z_]+\b(?![\w.~+/=-]))[\w.~+/-]{8,4000}={0,2}/gi,
  },
  { label: "token", pattern: /(?<=\bbearer[ \t]{1,4})(?=[A-Za-z_.~+/-]{0,60}\d)[\w.~+/-]{16,4000}={0,2}/gi },
];
