// The environment variables that the program knows. Each is a config key as well: its name in lower case.

/** What a variable is for: `credential` is secret, `endpoint` says where requests go, `setting` is neither. */
export interface Variable {
  name: string;
  kind: "credential" | "endpoint" | "setting";
  /** Other names of the variable, tried after it. */
  aliases?: readonly string[];
}

const credential = (name: string, aliases: readonly string[] = []): Variable => ({ name, kind: "credential", aliases });
const endpoint = (name: string, aliases: readonly string[] = []): Variable => ({ name, kind: "endpoint", aliases });
const setting = (name: string, aliases: readonly string[] = []): Variable => ({ name, kind: "setting", aliases });

/** Every variable that is also a config key. */
export const variables: readonly Variable[] = [
  credential("ANTHROPIC_API_KEY"),
  endpoint("ANTHROPIC_BASE_URL"),
  credential("OPENAI_API_KEY"),
  endpoint("OPENAI_BASE_URL"),
  credential("HF_TOKEN", ["HUGGING_FACE_HUB_TOKEN"]),
  endpoint("HF_ENDPOINT"),
  endpoint("HF_ROUTER_URL"),
  endpoint("HF_DATASETS_SERVER_URL"),
  setting("HF_BILL_TO"),
  credential("GITHUB_TOKEN"),
  endpoint("GITHUB_API_URL"),
  credential("SLACK_BOT_TOKEN"),
  setting("SLACK_CHANNEL_ID", ["SLACK_CHANNEL"]),
  endpoint("SLACK_API_URL"),
  endpoint("SEMANTIC_SCHOLAR_API_URL"),
  credential("SEMANTIC_SCHOLAR_API_KEY", ["S2_API_KEY"]),
  endpoint("ARXIV_URL"),
  endpoint("WEB_SEARCH_URL", ["CLAWD_WEB_SEARCH_BASE_URL"]),
  credential("BRAVE_API_KEY", ["BRAVE_SEARCH_API_KEY"]),
  endpoint("BRAVE_API_URL"),
  credential("TAVILY_API_KEY"),
  endpoint("TAVILY_API_URL"),
  credential("MARGINALIA_API_KEY"),
  endpoint("MARGINALIA_API_URL"),
  endpoint("GRADIO_URL"),
  endpoint("LOCAL_LLM_BASE_URL"),
  credential("LOCAL_LLM_API_KEY"),
  endpoint("OLLAMA_BASE_URL"),
  credential("OLLAMA_API_KEY"),
  endpoint("VLLM_BASE_URL"),
  credential("VLLM_API_KEY"),
  endpoint("LMSTUDIO_BASE_URL"),
  credential("LMSTUDIO_API_KEY"),
  endpoint("LLAMACPP_BASE_URL"),
  credential("LLAMACPP_API_KEY"),
];

/** An environment: names to values. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The config key of a variable. */
export function keyOf(variable: Variable): string {
  return variable.name.toLowerCase();
}

/** A value without line breaks and spaces around it, or null when nothing is left: an empty variable is an unset one. */
export function clean(value: string | undefined): string | null {
  const text = value?.replace(/[\r\n]/g, "").trim() ?? "";
  return text === "" ? null : text;
}

/** What an environment says, as config keys. */
export function fromEnvironment(env: Environment): Record<string, string> {
  const values: Record<string, string> = {};
  for (const variable of variables) {
    for (const name of [variable.name, ...(variable.aliases ?? [])]) {
      const value = clean(env[name]);
      if (value === null) continue;
      values[keyOf(variable)] = value;
      break;
    }
  }
  return values;
}

/** Whether a config key holds a secret. */
export function isSecret(key: string): boolean {
  return variables.some((variable) => variable.kind === "credential" && keyOf(variable) === key);
}
