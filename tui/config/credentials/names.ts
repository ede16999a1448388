// The keys that a person can give to the program itself.

/** A key that can be checked and kept. */
export interface Credential {
  /** The name of its variable. */
  readonly name: "HF_TOKEN" | "ANTHROPIC_API_KEY" | "OPENAI_API_KEY";
  /** What people call it. */
  readonly word: string;
  /** What it is good for, in a line. */
  readonly what: string;
  /** Where it is made. */
  readonly page: string;
}

/** Every key that can be given, the one that opens most first. */
export const credentials: readonly Credential[] = [
  {
    name: "HF_TOKEN",
    word: "hf",
    what: "Hugging Face: models of the router, the Hub, jobs",
    page: "https://huggingface.co/settings/tokens",
  },
  {
    name: "ANTHROPIC_API_KEY",
    word: "anthropic",
    what: "Anthropic: anthropic/<model>",
    page: "https://console.anthropic.com/settings/keys",
  },
  {
    name: "OPENAI_API_KEY",
    word: "openai",
    what: "OpenAI: openai/<model>",
    page: "https://platform.openai.com/api-keys",
  },
];

/** The key that a person means; null: none. */
export function credentialOf(word: string): Credential | null {
  const wanted = word.toLowerCase();
  return credentials.find(({ name, word: own }) => own === wanted || name.toLowerCase() === wanted) ?? null;
}
