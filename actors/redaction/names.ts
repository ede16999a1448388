// What the name of a variable, a member or an option says about its value.

/**
 * `password`: chosen by a person, so any text may be one. `key`: drawn by a machine. `token`: a key, or a piece of text
 * of a language model; only a value that looks random is taken for a key.
 */
export type SecretKind = "password" | "key" | "token";

/** How names of secrets end: the source of a pattern, to be searched for without regard to case. */
export const secretEnd =
  "token|api[_-]?key|(?:secret|access|account|private|auth|signing|encryption|master|shared)[_-]?(?:access[_-]?)?key|secret|password|passwd|passphrase|pwd";

const passwordEnd = /(?:password|passwd|passphrase|(?:^|_)\w*_pwd)$/;
const keyEnd =
  /(?:api_?key|(?:secret|access|account|private|auth|signing|encryption|master|shared)_?(?:access_?)?key|(?:^|_)\w+_secret|clientsecret|apisecret)$/;
const tokenEnd = /(?:^|_)token$/;
const secretAlone = /^secret$/;

/** Words before `token` that name what somebody may do with it. */
const authWords =
  /(?:^|_)(?:hf|hub|huggingface|access|auth|oauth2?|api|bearer|refresh|id|bot|app|user|session|security|secret|github|gh|gitlab|slack|npm|pypi|wandb|openai|anthropic|personal|deploy|service|login|admin|write|read|client|private|jwt|upload|registry|telegram|discord|replicate|kaggle|vault|ci|job)_token$|(?:hf|auth|access|api|bot|oauth)token$/;

/** Words before `token` that name a piece of text, or a place in a list. */
const textWords =
  /(?:^|_)(?:pad|padding|eos|bos|sos|unk|oov|sep|separator|cls|mask|start|begin|end|stop|special|image|audio|video|vision|speech|text|word|char|sub|next|prev|previous|new|num|per|first|last|current|cur|max|min|total|input|output|generated|prompt|completion|placeholder|trigger|instance|class|response|instruction|delimiter|page|continuation|boi|eoi|boa|eoa|boc|eoc|fim|prefix|suffix|middle|ignore|blank|think|thinking|reasoning|target|source|label|draft|sampled|best|extra|additional|added|vocab|query|value|cursor|system|assistant|tool|fake|dummy|eot|eom|bom|turn|object|latent|patch|summary|sync|sentinel|modality)_token$/;

/** The parts of a name in lower case with `_` between them: `--hf-token`, `hfToken` and `HF_TOKEN` are `hf_token`. */
function plain(name: string): string {
  const last = name.slice(name.lastIndexOf(".") + 1).replace(/^-+/, "");
  return last
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replaceAll("-", "_")
    .toLowerCase();
}

/** What kind of secret a name announces, or null for none. */
export function secretKindOf(name: string): SecretKind | null {
  const words = plain(name);
  if (passwordEnd.test(words)) return "password";
  if (keyEnd.test(words) || authWords.test(words)) return "key";
  if (secretAlone.test(words)) return "token";
  return tokenEnd.test(words) && !textWords.test(words) ? "token" : null;
}

/** Whether a name is written as those of environment variables are. */
export function isLoud(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}
