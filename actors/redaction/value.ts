// Whether a value that stands behind a secret's name is a secret, or code, a type, a reference, a placeholder.
import { type SecretKind, secretKindOf } from "./names.ts";
import { looksRandom } from "./random.ts";

/** How a value was written. */
export interface Setting {
  /** The name that it was given to. */
  name: string;
  kind: SecretKind;
  /**
   * `quoted`: a string. `line`: without quotes behind a name in capitals, as shells and `.env` files have it. `word`:
   * `entry`: without quotes behind a colon and alone on its line, as YAML has it. `word`: without quotes anywhere else,
   * where it may well be code. `list`: a string behind another with a comma between.
   */
  form: "quoted" | "line" | "entry" | "word" | "list";
}

/** Characters of a value that are looked at: they show what it is. */
const judged = 160;
const shortest = { password: 4, key: 8, token: 8 };

const filler =
  /^(?:none|null|nil|true|false|undefined|string|str|text|number|int|bytes|bool|any|required|optional|hidden|invalid|missing|password|passwd|secret|token|authorization|credentials?|changeme|empty|\*+|x+|\.+|-+|_+)$/i;
const standIn =
  /your|example|placeholder|change[-_]?me|replace|insert|dummy|fake|sample|not[-_ ]?(?:needed|required|used|set)|no[-_]?(?:key|token|password)|redacted|xxxx|\*{4}|todo|\.\.\.|<|>/i;
const reference =
  /^(?:\$\{?\{?[\w.() -]*\}{0,2}|\{[^}]*\}|\{\{.*\}\}|<.*>|\[.*\]|%[sdr]|%\(\w+\)s|%\w+%|secrets?\.\w+|env\.\w+|process\.env\.\w+|os\.environ.*|vault:.*|ref\+.*|op:\/\/.*)$/i;
/** The name of a variable that holds the secret, or a constant of some program. */
const constant = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:TOKEN|KEY|SECRET|PASSWORD|PASSWD|PAT)$|^[A-Z]+(?:_[A-Z]+)+$/;
/** The secret key of an AWS account: 40 characters of Base64, whatever they look like. */
const awsName = /secret_?access_?key$/i;
const awsValue = /^[A-Za-z0-9/+]{40}$/;
const chain = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+$/;
const path = /^(?:[a-z][a-z0-9+.-]*:\/\/|~?\/|\.{1,2}\/|[A-Za-z]:\\)/i;

/** Whether such a value is to be taken out. */
export function isSecretValue(whole: string, setting: Setting): boolean {
  const { kind, form, name } = setting;
  const value = whole.slice(0, judged);
  if (value.length < shortest[kind] || value.includes("[redacted") || value.includes("[REDACTED")) return false;
  if (/\s/.test(value) && !(form === "quoted" && /passphrase$/i.test(name))) return false;
  if (reference.test(value) || constant.test(value) || filler.test(value)) return false;
  const random = looksRandom(value) || (awsName.test(name) && awsValue.test(value));
  if (random && !path.test(value)) return true;
  // The name of a parameter, a type or a field, as it stands in strings.
  if (/^[A-Za-z]*[_A-Z][A-Za-z_]*$/.test(value) && secretKindOf(value) !== null) return false;
  if (standIn.test(value) || value.toLowerCase() === name.toLowerCase()) return false;
  if (path.test(value) && kind !== "password") return false;
  switch (form) {
    case "list":
      return false;
    case "quoted":
      return kind === "key" || kind === "password";
    case "line":
      return !chain.test(value);
    case "entry":
      if (kind === "password") return !chain.test(value) && !typeName.test(value);
      return kind === "key" && isPlainSecret(value, kind);
    case "word":
      return kind !== "token" && isPlainSecret(value, kind);
  }
}

const typeName = /^[A-Z][A-Za-z]*$|^(?:u?int|float)\d+$|^-?[\d._]+$/;
/** Types, and what code gives a variable: words, or words with a number behind them. */
const codeLike = /^[A-Za-z_]+\d{0,2}$|^[A-Za-z]+(?:_[A-Za-z0-9]+)+$|^-?[\d._]+[a-z]?$/;

/** A word without quotes is code unless it cannot be: it mixes letters and digits, or holds what no name does. */
function isPlainSecret(value: string, kind: "key" | "password"): boolean {
  if (chain.test(value) || codeLike.test(value)) return false;
  const mixed = /\d/.test(value) && /[A-Za-z]/.test(value);
  return mixed && value.length >= (kind === "password" ? 6 : 8);
}
